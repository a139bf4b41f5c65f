"""Where Krita keeps its plugins and its configuration, on every platform and packaging."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import kritarc

PLUGIN = "krita_AIhorde"


@dataclass(frozen=True)
class Places:
    """One Krita's folder of plugins and its configuration file."""

    pykrita: Path
    kritarc: Path

    @property
    def data(self) -> Path:
        """Krita's own data folder."""
        return self.pykrita.parent

    @property
    def actions(self) -> Path:
        """Where Krita learns of plugins' actions: without that it forgets an artist's shortcuts for them."""
        return self.data / "actions"


def places(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Places:
    """Those of the Krita that this person uses: the installed one, else a Flatpak or Snap once started."""
    found = next(_candidates(environ, platform))
    content = found.kritarc.read_bytes() if found.kritarc.is_file() else b""
    moved = kritarc.resource_directory(content)
    return Places(Path(moved) / "pykrita", found.kritarc) if moved else found


def _candidates(environ: Mapping[str, str], platform: str) -> Iterator[Places]:
    home = Path(environ.get("HOME") or Path.home())
    if platform == "win32":
        roaming = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
        local = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        yield Places(roaming / "krita" / "pykrita", local / "kritarc")
        return
    if platform == "darwin":
        library = home / "Library"
        yield Places(
            library / "Application Support" / "krita" / "pykrita", library / "Preferences" / "kritarc"
        )
        return
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    native = Places(data / "krita" / "pykrita", config / "kritarc")
    flatpak = home / ".var" / "app" / "org.kde.krita"
    snap = home / "snap" / "krita" / "current"
    if native.data.is_dir() or shutil.which("krita", path=environ.get("PATH")):
        yield native
    if flatpak.is_dir():
        yield Places(flatpak / "data" / "krita" / "pykrita", flatpak / "config" / "kritarc")
    if snap.is_dir():
        yield Places(snap / ".local" / "share" / "krita" / "pykrita", snap / ".config" / "kritarc")
    yield native
