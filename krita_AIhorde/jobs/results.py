"""Results on disk: each image a file of its own, whole or not there, for its owner's eyes alone.

Everything here blocks on the disk, so it is for worker threads. Two Kritas may share the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from krita_AIhorde import paths
from krita_AIhorde.imaging import sniff

SUFFIXES = {"WEBP": ".webp", "PNG": ".png", "JPEG": ".jpg", None: ".bin"}
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_STEM = r"[a-z0-9][a-z0-9_-]{0,99}"
_IMAGE = re.compile(rf"{_STEM}\.(?:webp|png|jpg|bin)")
_PATH = re.compile(rf"{_MONTH.pattern}/{_IMAGE.pattern}")
_UNFINISHED = re.compile(r"\.[0-9a-f]{16}\.part")
# Windows takes the names of its devices for them, in any folder and with any suffix.
_SAFE_STEM = re.compile(rf"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$){_STEM}")
_STALE = 3600.0  # seconds; no write takes so long
_JUST_MADE = 60.0  # seconds; its writer may not have come to lock it yet


class Results:
    """The files of images in ``folder``, which is made when the first is saved.

    A file's name is its path relative to ``folder``, always with ``/``: a month and a file in it. A path of
    another shape, or one that a link leads elsewhere, is none of ours, whoever wrote it into a journal.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock

    def save(self, name: str, data: bytes) -> str:
        """Write the image called ``name`` (a generation's id, or any text) and return its relative path.

        It is on the disk, not merely in the system's memory, when this returns. An older file of that name
        and month is replaced. Raises OSError, e.g. of a full disk: then the new file is not there, or it is
        whole and merely not certain to outlive a power cut.
        """
        month = time.strftime("%Y-%m", time.localtime(self._clock()))
        folder = self._folder / month
        is_new = not folder.exists()
        paths.make_private(self._folder)
        paths.make_private(folder)
        file = folder / (file_stem(name) + SUFFIXES[sniff.format_of(data)])
        _write_whole(file, data)
        _sync_folder(folder)
        if is_new:
            _sync_folder(self._folder)
        return f"{month}/{file.name}"

    def read(self, relative: str) -> bytes:
        """Raises FileNotFoundError where there is no such file, or the path is none of ours; OSError."""
        file = self._file(relative)
        if file is None:
            raise FileNotFoundError(f"no result of ours: {relative!r}")
        return file.read_bytes()

    def has(self, relative: str) -> bool:
        return self._file(relative) is not None

    def remove(self, relative: str) -> bool:
        """Whether there was such a file of ours; now there is none. Raises OSError."""
        file = self._file(relative)
        if file is None:
            return False
        file.unlink(missing_ok=True)
        return True

    def total(self) -> int:
        """Bytes of all images. Raises OSError."""
        return sum(size for _, size in self._files(_IMAGE))

    def sweep(self) -> int:
        """Remove what interrupted writes left behind, and say how much it was. Raises OSError."""
        left = [file for file, _ in self._files(_UNFINISHED) if _is_abandoned(file, self._clock())]
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)

    def _file(self, relative: str) -> Path | None:
        if not _PATH.fullmatch(relative):
            return None
        file = self._folder / relative
        astray = file.parent.is_symlink() or file.is_symlink()
        return file if not astray and file.is_file() else None

    def _files(self, shape: re.Pattern[str]) -> Iterator[tuple[Path, int]]:
        """The months' files with a name of this shape, and their sizes; what a link leads to is left out."""
        if not self._folder.exists():
            return
        months = [m for m in self._folder.iterdir() if _MONTH.fullmatch(m.name) and not m.is_symlink()]
        for file in (file for month in months if month.is_dir() for file in month.iterdir()):
            if shape.fullmatch(file.name):
                with contextlib.suppress(FileNotFoundError):  # the other Krita was faster
                    known = file.lstat()
                    if stat.S_ISREG(known.st_mode):
                        yield file, known.st_size


def file_stem(name: str) -> str:
    """A file's name without suffix that every system takes, another one for every other ``name``.

    Ids as the Horde and we make them stay as they are. Of anything else the harmless part is kept, and told
    apart by a digest: some systems do not know capitals from small letters.
    """
    if _SAFE_STEM.fullmatch(name):
        return name
    harmless = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{harmless or 'image'}-{digest}"


def _write_whole(file: Path, data: bytes) -> None:
    temporary = file.with_name(f".{secrets.token_hex(8)}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o600)
    try:
        try:
            _lock(handle)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
            if os.name == "posix":
                os.replace(temporary, file)  # still locked: nobody sweeps it away just before
        finally:
            os.close(handle)
        if os.name != "posix":
            os.replace(temporary, file)  # Windows renames no open file
    except BaseException:  # an interpreter that is leaving, too
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """A file's name is in its folder, which has to reach the disk as well."""
    if os.name != "posix":
        return  # Windows opens no folder for that
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Whether the file is ours now; the system lets go of it when its last owner closes it or dies."""
    try:
        import fcntl
    except ImportError:  # Windows
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody's, or a file system without locks
        return False
    return True


def _is_abandoned(file: Path, now: float) -> bool:
    try:
        age = now - file.stat().st_mtime
        if age < _JUST_MADE:
            return False
        if age > _STALE:
            return True
        handle = os.open(file, os.O_RDWR)
    except OSError:  # gone, or not to be had
        return False
    try:
        return _lock(handle)
    finally:
        os.close(handle)


@frozen
class Kept:
    """A result on disk. ``size`` in bytes, ``saved_at`` in seconds since the epoch."""

    path: str
    size: int
    saved_at: float
    landed: bool = False  # a layer holds it too
    favourite: bool = False


def overflow(entries: Iterable[Kept], limit_bytes: int) -> list[Kept]:
    """What to remove so that the rest is within ``limit_bytes``, oldest first and no more than needed.

    Never a favourite, and never what has not landed: those may hold more than the limit by themselves.
    """
    entries = list(entries)
    excess = sum(entry.size for entry in entries) - limit_bytes
    removed: list[Kept] = []
    for entry in sorted(entries, key=lambda entry: (entry.saved_at, entry.path)):
        if excess <= 0:
            break
        if entry.landed and not entry.favourite:
            removed.append(entry)
            excess -= entry.size
    return removed
