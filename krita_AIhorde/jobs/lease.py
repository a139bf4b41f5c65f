"""Which Krita runs which jobs: a lock that the system takes back when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from krita_AIhorde.paths import make_private


class Lease:
    """This process's own, held from `take` to `give_back`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.owner = uuid.uuid4().hex
        self._lock: FileLock | None = None

    def take(self) -> None:
        """Raises OSError, and so does everything else here."""
        make_private(self._folder)
        self._lock = self._lock_of(self.owner)
        try:
            self._lock.acquire(timeout=0)
        except NotImplementedError as error:  # a file system without locks
            raise OSError(str(error)) from error

    def give_back(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._path(self.owner).unlink(missing_ok=True)
            self._lock = None

    @contextlib.contextmanager
    def inherit(self, owner: str) -> Iterator[bool]:
        """Whether the owner's process has ended. Inside, nobody else finds that it has."""
        lock = self._lock_of(owner)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            # Removed while it is held: whoever waits for it then holds a file that nobody will look at, and
            # finds no job that is still the owner's.
            with contextlib.suppress(OSError):
                self._path(owner).unlink(missing_ok=True)
            lock.release()

    def _lock_of(self, owner: str) -> FileLock:
        # A singleton of threads' own would let a second journal of this process take its own lock again.
        return FileLock(self._path(owner), mode=0o600, thread_local=False, is_singleton=False)

    def _path(self, owner: str) -> Path:
        return self._folder / f"{os.path.basename(owner)}.lock"
