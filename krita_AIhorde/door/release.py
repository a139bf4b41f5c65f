"""The version (pyproject.toml has it) and the notes of a release (HISTORY.md has them); nothing else has."""

from __future__ import annotations

import re
from pathlib import Path

from .system import DoorError

HISTORY = "HISTORY.md"


def version(checkout: Path) -> str:
    """The version that pyproject.toml gives. Raises DoorError if it is none of the form 1.2.3."""
    text = (checkout / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(\d+\.\d+\.\d+)"$', text, re.MULTILINE)
    if found is None:
        raise DoorError("pyproject.toml gives no version of the form 1.2.3.")
    return found.group(1)


def notes(checkout: Path) -> str:
    """What HISTORY.md says of this version, with its heading. Raises DoorError if it says nothing.

    Its topmost section has to be this version's: else the notes or the version were forgotten.
    """
    wanted = version(checkout)
    text = (checkout / HISTORY).read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    title, _, body = (sections[0] if sections else "").partition("\n")
    if title.strip() != wanted:
        raise DoorError(
            f"{HISTORY} begins with “{title.strip()}”, and the version in pyproject.toml is {wanted}. Say "
            f"under “## {wanted}” what has changed for artists."
        )
    if not body.strip():
        raise DoorError(f"{HISTORY} says nothing of {wanted} yet.")
    return f"# Krita AI Horde {wanted}\n\n{body.strip()}\n"
