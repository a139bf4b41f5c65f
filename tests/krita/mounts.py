"""Folders that cannot be written, or are full, for one Krita alone: mounts in a namespace of its own.

Permissions would not do: root, whom tests in a container run as, may write anywhere.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

_READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
_FULL = 'mount -t tmpfs -o size=400k none "$1" && shift && exec "$@"'


def read_only(folder: Path) -> tuple[str, ...]:
    """What to start a command through so that it cannot write in ``folder``; skips the test if that fails."""
    return _usable(_READ_ONLY, folder)


def nearly_full(folder: Path) -> tuple[str, ...]:
    """The same, but ``folder`` is on a disk of its own with a few hundred kilobytes left."""
    return _usable(_FULL, folder)


def _usable(script: str, folder: Path) -> tuple[str, ...]:
    own = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--mount", "--map-root-user")
    through = (*own, "sh", "-c", script, "sh", str(folder))
    try:
        tried = subprocess.run([*through, "true"], check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("no unshare to mount folders with (Debian: util-linux)")
    if tried.returncode != 0:
        pytest.skip(f"folders cannot be mounted here: {tried.stderr.strip()}")
    return through
