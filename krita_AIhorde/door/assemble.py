"""The plugin as it lies in Krita's folders: what ``install`` puts there, and ``bundle`` into a zip."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from . import manifest
from .places import PLUGIN
from .system import DoorError

DESKTOP = f"{PLUGIN}.desktop"
ACTION = f"{PLUGIN}.action"
"""Tells Krita of our actions; its importer puts it into ``actions``, beside ``pykrita``."""

_NOT_INSTALLED = ("door", "vendor", "vendor-pillow", "__pycache__", "*.pyc", manifest.NAME)
_ALONGSIDE = ("pyproject.toml", "README.md", "LICENSE")

Build = Callable[[Path, Sequence[str]], None]


def assemble(checkout: Path, staging: Path, pythons: Sequence[str], build: Build) -> Path:
    """The package, its .desktop and its .action in ``staging``, with all that travels along; the package.

    ``build(package, pythons)`` adds the vendored packages. Raises DoorError when something did not arrive
    whole, and what ``build`` raises.
    """
    package = staging / PLUGIN
    shutil.copytree(checkout / PLUGIN, package, ignore=shutil.ignore_patterns(*_NOT_INSTALLED))
    for name in _ALONGSIDE:
        if (checkout / name).is_file():
            shutil.copyfile(checkout / name, package / name)
    build(package, pythons)
    manifest.write(package)
    for name in (DESKTOP, ACTION):
        shutil.copyfile(checkout / name, staging / name)
    _check_bytes(checkout, package)
    return package


def _check_bytes(checkout: Path, package: Path) -> None:
    """Read back what was written: a full or failing disk shows only then."""
    wrong = manifest.problems(package)
    for file in (checkout / PLUGIN).rglob("*.py"):
        copied = package / file.relative_to(checkout / PLUGIN)
        if copied.is_file() and copied.read_bytes() != file.read_bytes():
            wrong.append(f"{copied.name} differs from the original")
    if wrong:
        raise DoorError(f"The new plugin did not arrive whole: {wrong[0]}")
