"""Version and address of the project: from ``pyproject.toml``, beside the package or copied into it."""

from __future__ import annotations

import functools
import re
from pathlib import Path


@functools.cache
def _project() -> str:
    here = Path(__file__).resolve().parent
    for candidate in (here / "pyproject.toml", here.parent / "pyproject.toml"):
        if candidate.is_file():
            return candidate.read_text(encoding="utf-8")
    return ""


def _value(key: str, default: str) -> str:
    # Python 3.10 has no tomllib, and these two keys are plain strings on lines of their own.
    found = re.search(rf'^{key}\s*=\s*"([^"]*)"', _project(), re.MULTILINE)
    return found.group(1) if found else default


def version() -> str:
    return _value("version", "0")


def project_url() -> str:
    return _value("Homepage", "")


def update_address() -> str:
    """A file that names the newest version; "" = there is none to look at."""
    return _value("Updates", "")


def client_agent() -> str:
    """``name:version:contact`` as the Horde asks of every client (a wrong shape is refused with 403)."""
    return f"krita_AIhorde:{version()}:{project_url()}"
