"""What belongs into an installed plugin, byte for byte: a list of SHA-256 digests that lies beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "MANIFEST.sha256"


def write(folder: Path) -> None:
    """List every file of ``folder`` in its manifest, in the form that ``sha256sum --check`` reads."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(_digests(folder).items())]
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    """What is wrong with ``folder``, file by file; empty if it is whole. Python's caches are no fault."""
    listing = folder / NAME
    if not listing.is_file():
        return [f"{NAME} is missing"]
    found = _digests(folder)
    wrong = []
    for line in listing.read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if name not in found:
            wrong.append(f"{name} is missing")
        elif found[name] != digest:
            wrong.append(f"{name} has been changed")
    return wrong


def _digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.name != NAME
    }
