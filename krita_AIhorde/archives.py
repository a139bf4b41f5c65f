"""Pillow, the one compiled package: unpacked from the plugin's archives into our data folder.

``vendor-pillow/`` in the package holds archives named ``pillow-<Python tag>-<platform>-<first 12 digits of
the archive's SHA-256>.zip``. The fitting one is unpacked under its content's name, so that the package's
folder never holds a compiled file: Krita's importer deletes that folder at every update, and Windows deletes
no library that is loaded. Standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import stat
import sys
import sysconfig
import tempfile
import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from . import paths

if sys.platform != "win32":  # which renames no folder that has an open file in it, and so needs no lock
    import fcntl

FOLDER = "vendor-pillow"
DIGEST_LENGTH = 12
IN_USE = ".in-use"
"""A file of each build, held open by every Krita that has the build loaded, and locked on POSIX."""
_SPOKEN = {
    "windows-amd64": "Windows",
    "macos-arm64": "macOS (Apple)",
    "macos-x86_64": "macOS (Intel)",
    "linux-x86_64": "Linux",
    "linux-aarch64": "Linux on ARM",
}
_STALE = 24 * 3600.0  # seconds; what lies aside for longer was left by a Krita that was killed
_TRIES = 100


class VendorMissing(ImportError):
    """A package that the plugin needs is absent or damaged; the text says which, for the artist."""


@dataclass(frozen=True)
class Hold:
    """A build that this process uses: as long as ``mark`` is open, nobody's clean-up takes it away.

    The system closes it when the process ends, however that ends.
    """

    folder: Path
    mark: IO[bytes] | None

    def release(self) -> None:
        if self.mark is not None:
            self.mark.close()


def python_tag() -> str:
    """``cp311`` on Python 3.11."""
    return f"cp{sys.version_info[0]}{sys.version_info[1]}"


def platform_name() -> str:
    """``linux-x86_64``, ``macos-arm64``, ``windows-amd64``: what this process runs as."""
    if sys.platform == "win32":
        # Not platform.machine(): that names the processor, and an ARM machine runs Krita for amd64 as well.
        return sysconfig.get_platform().replace("win-", "windows-")
    system = "macos" if sys.platform == "darwin" else sys.platform
    return f"{system}-{platform.machine()}"


def find_archive(package: Path) -> Path | None:
    """The Pillow that travels with the plugin for this Python and platform, if there is one."""
    builds = sorted((package / FOLDER).glob(f"pillow-{python_tag()}-{platform_name()}-*.zip"))
    return builds[-1] if builds else None


def made_for(package: Path) -> str:
    """Whom the Pillows serve that travel along: ``"Windows with Python 3.10, 3.13"``."""
    builds = [build.stem.split("-") for build in (package / FOLDER).glob("pillow-cp3*-*-*-*.zip")]
    platforms = sorted({spoken(f"{system}-{machine}") for _, _, system, machine, _ in builds})
    minors = sorted({int(tag.removeprefix("cp3")) for _, tag, *_ in builds})
    return f"{' and '.join(platforms)} with Python {', '.join(f'3.{minor}' for minor in minors)}"


def spoken(name: str) -> str:
    """A platform's name as an artist knows it."""
    return _SPOKEN.get(name, name)


def take(archive: Path, data_dir: Path) -> Hold:
    """The archive's content, unpacked and held. Raises VendorMissing when it is damaged, and OSError."""
    for _ in range(_TRIES):
        folder = unpack(archive, data_dir)
        # A Krita that cleans up has just taken it for unused, and moves it away: unpack it anew.
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            return Hold(folder, _mark(folder / IN_USE))
        time.sleep(0.02)
    raise OSError(f"{folder} is taken away again and again")


def _mark(file: Path) -> IO[bytes] | None:
    """Open ``file`` and share its lock. None where nobody may write, and so nobody can clean up."""
    try:
        mark = file.open("ab")
    except PermissionError:
        if not file.parent.is_dir():  # Windows says so, too, of what is just being moved away
            raise FileNotFoundError(file) from None
        return None
    try:
        _lock(mark, exclusive=False)
        # Between the opening and the lock the folder may have been moved away, and another have come.
        if not os.path.samestat(os.fstat(mark.fileno()), file.stat()):
            raise FileNotFoundError(file)
    except BaseException:
        mark.close()
        raise
    return mark


def _lock(mark: IO[bytes], *, exclusive: bool) -> bool:
    """Whether this disk has locks. Raises BlockingIOError when somebody else's is in the way."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(mark, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # some network disks have none
        return False
    return True


def clean(data_dir: Path) -> list[str]:
    """Delete the builds that no Krita uses any more, and what a killed one left aside; their names.

    Where it cannot be told whether a build is in use (a disk without locks), it stays. Never raises.
    """
    gone = []
    with contextlib.suppress(OSError):
        for folder in sorted((data_dir / "lib").iterdir()):
            if folder.name.startswith("."):
                unwanted = folder if _age(folder) > _STALE else None
            else:
                unwanted = _move_aside(folder)
            if unwanted is not None:
                shutil.rmtree(unwanted, ignore_errors=True)
                gone.append(folder.name)
    return gone


def _age(folder: Path) -> float:
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime
    return 0.0


def _move_aside(folder: Path) -> Path | None:
    """Where ``folder`` lies now, out of every Krita's reach; None if one of them uses it."""
    aside = folder.with_name(f".{folder.name}-{uuid.uuid4().hex}")
    with contextlib.suppress(OSError), (folder / IN_USE).open("rb+") as mark:
        if sys.platform == "win32":
            mark.close()  # ours would be in the way; anybody else's is, as it should
        elif not _lock(mark, exclusive=True):
            return None
        folder.rename(aside)  # under the lock, so that whoever wants it sees that it goes
        return aside
    return None


def unpack(archive: Path, data_dir: Path) -> Path:
    """The folder ``<data_dir>/lib/<digest>`` with the archive's content, unpacked now unless it is whole.

    Two Kritas may do this at once: each unpacks aside, and one rename decides. Older builds stay, since
    another Krita may have them loaded. Raises VendorMissing when the archive is damaged, and OSError.
    """
    lib = paths.make_private(paths.make_private(data_dir) / "lib")
    digest = archive.stem.rsplit("-", 1)[-1]
    target = lib / digest
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _safe_entries(opened)
            if _is_whole(target, entries):
                return target
            if hashlib.sha256(archive.read_bytes()).hexdigest()[:DIGEST_LENGTH] != digest:
                raise VendorMissing(f"{archive.name} is damaged. Install the plugin again.")
            fresh = Path(tempfile.mkdtemp(prefix=f".{digest}-", dir=lib))
            try:
                opened.extractall(fresh)
            except BaseException:  # the disk is full, say, and half a library would keep it so
                shutil.rmtree(fresh, ignore_errors=True)
                raise
    except zipfile.BadZipFile as error:
        raise VendorMissing(f"{archive.name} is damaged ({error}). Install the plugin again.") from error
    _put(fresh, target, entries)
    return target


def _put(fresh: Path, target: Path, entries: list[zipfile.ZipInfo]) -> None:
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, fresh, ignore_errors=True)
        if target.exists() and not _is_whole(target, entries):
            # Moved aside before it is deleted: a rename is all or nothing.
            broken = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
            with contextlib.suppress(FileNotFoundError):
                target.rename(broken)
            stack.callback(shutil.rmtree, broken, ignore_errors=True)
        try:
            fresh.rename(target)
        except OSError:
            if not _is_whole(target, entries):  # else another Krita was quicker: the same content lies there
                raise


def _safe_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's files; VendorMissing if one of them would land outside the folder or is a link."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in entries:
        # orig_filename: zipfile itself already turns backslashes into slashes on Windows.
        name = PurePosixPath(entry.orig_filename)
        outside = name.is_absolute() or ".." in name.parts or "\\" in str(name) or ":" in str(name)
        if outside or stat.S_ISLNK(entry.external_attr >> 16):
            raise VendorMissing(f"the archive holds a file that belongs elsewhere: {entry.filename}")
    return entries


def _is_whole(folder: Path, entries: list[zipfile.ZipInfo]) -> bool:
    try:
        return all((folder / entry.filename).stat().st_size == entry.file_size for entry in entries)
    except OSError:
        return False
