"""A Krita profile of its own: a folder that is HOME and everything else to that Krita."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import kritarc, system
from .places import Places

CACHE = system.CHECKOUT / ".cache"
_OWN = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
_LEFT_OUT = ("PYTHON", "VIRTUAL_ENV", "QT_", "AIHORDE_", "WAYLAND_")


@dataclass(frozen=True)
class Profile:
    """The folders of one isolated Krita."""

    home: Path

    @property
    def kritarc(self) -> Path:
        return self.home / ".config" / "kritarc"

    @property
    def pykrita(self) -> Path:
        return self.home / ".local" / "share" / "krita" / "pykrita"

    @property
    def places(self) -> Places:
        return Places(self.pykrita, self.kritarc)

    @property
    def data_dir(self) -> Path:
        """For AIHORDE_DATA_DIR."""
        return self.home / "aihorde"

    def environment(self, krita: Path) -> dict[str, str]:
        """The whole environment of a Krita in this profile, but for DISPLAY."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_LEFT_OUT)}
        folders = (".local/share", ".config", ".cache", ".local/state", ".run")
        own = {name: str(self.home / folder) for name, folder in zip(_OWN, folders, strict=True)}
        return {
            **inherited,
            **own,
            "HOME": str(self.home),
            # The embedded Python looks for its library from the first python3 on the PATH: let it be Krita's.
            "PATH": os.pathsep.join([str(krita.parent), inherited.get("PATH", os.defpath)]),
            "LC_ALL": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "AIHORDE_DATA_DIR": str(self.data_dir),
        }

    def enable(self, *plugins: str) -> None:
        """Switch plugins on for the next start."""
        before = self.kritarc.read_bytes() if self.kritarc.exists() else b""
        for plugin in plugins:
            before = kritarc.enable(before, plugin)
        self.kritarc.write_bytes(before)

    def add_plugin(self, folder: Path) -> None:
        """Copy every plugin (``NAME.desktop`` beside ``NAME/``) of ``folder`` into the profile; enable it."""
        for desktop in sorted(folder.glob("*.desktop")):
            shutil.copy(desktop, self.pykrita)
            shutil.copytree(
                folder / desktop.stem,
                self.pykrita / desktop.stem,
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
            self.enable(desktop.stem)


def new(home: Path) -> Profile:
    """An empty profile in ``home``, which must be empty or absent. Krita's first start in it takes long."""
    profile = Profile(home)
    for folder in (profile.pykrita, profile.kritarc.parent):
        folder.mkdir(parents=True)
    runtime = home / ".run"
    runtime.mkdir(mode=0o700)
    profile.kritarc.touch()
    return profile


def warmed(home: Path, krita: Path, warm: Callable[[Profile], None], cache: Path = CACHE) -> Profile:
    """A profile in ``home`` whose resource database Krita has built already.

    Building takes Krita 15 to 30 s, so it is done once for each Krita: ``warm`` starts and ends it in the
    profile it is given, and copies of that serve from then on.
    """
    about = krita.resolve().stat()
    version = hashlib.sha256(f"{krita.resolve()} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()[
        :12
    ]
    template = cache / f"krita-profile-{version}"
    if not template.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".krita-profile-", dir=cache) as folder:
            fresh = new(Path(folder) / "home")
            warm(fresh)
            _forget_plugins(fresh)
            # Who comes second, beside another run of the door, takes the other's.
            if not template.is_dir():
                fresh.home.rename(template)
    return copy(Profile(template), home)


def copy(template: Profile, home: Path) -> Profile:
    """A profile in ``home`` like ``template``."""
    shutil.copytree(template.home, home, symlinks=True, dirs_exist_ok=True)
    return Profile(home)


def _forget_plugins(profile: Profile) -> None:
    shutil.rmtree(profile.pykrita)
    profile.pykrita.mkdir()
    # What Krita wrote at its end (window sizes, recent files) is not for the next.
    profile.kritarc.write_bytes(b"")
