"""Where files of ours live: outside the plugin's folder, which Krita's importer deletes at every update."""

from __future__ import annotations

import os
from pathlib import Path

DATA_DIR_VARIABLE = "AIHORDE_DATA_DIR"
# Krita puts its whole data folder on sys.path, so this name must not be that of a package.
FOLDER = "krita_AIhorde_data"


def data_dir(app_data: str | os.PathLike[str]) -> Path:
    """Our data folder (not created): ``AIHORDE_DATA_DIR``, else a folder beside Krita's ``pykrita``.

    ``app_data`` is ``Krita.getAppDataLocation()``.
    """
    chosen = os.environ.get(DATA_DIR_VARIABLE, "").strip()
    return Path(chosen).expanduser() if chosen else Path(app_data) / FOLDER


def make_private(folder: Path) -> Path:
    """Make ``folder`` (with its parents) if need be, readable by its owner alone, and return it.

    Raises OSError when that cannot be done.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix":
        folder.chmod(0o700)
    return folder
