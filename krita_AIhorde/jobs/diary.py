"""The journal on disk: one thread writes it, and what cannot be written now is written later."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from attrs import define

from krita_AIhorde.horde.messages import Submitted
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.records import JobRecord
from krita_AIhorde.jobs.spec import Encoded, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.store import Folders, Store
from krita_AIhorde.jobs.trouble import Reason

T = TypeVar("T")
log = logging.getLogger(__name__)
FAILURES = (OSError, sqlite3.Error)
_PASSING = (OSError, sqlite3.OperationalError)  # a full disk, a file that is read-only or locked
UNSAFE = "Jobs go on, but would be lost if Krita crashed. Make room on the disk, or check the data folder."
RETRY = 5.0  # seconds between two tries to write what could not be written
GOODBYE = 0.3  # seconds that Krita's end may wait for the last step


@define
class _Step:
    """One that is still to be written."""

    job_id: str
    write: Callable[[Store], None]


class Diary:
    """Fulfils ``journal.Journal``. Made without I/O; the file is opened at the first step.

    Steps are written in order. When one cannot be (disk full, read-only, locked), it and all after it wait
    in memory, the pictures too, and ``say`` is told once why; every later step, and `keep_trying`, tries
    again.
    """

    def __init__(self, folders: Folders, server: str, say: Callable[[str], None]) -> None:
        self._folders, self._server, self._say = folders, server, say
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="aihorde-journal")
        self._store: Store | None = None
        self._backlog: deque[_Step] = deque()
        self._pictures: dict[str, bytes] = {}  # of the backlog, by generation id
        self._remarks: deque[str] = deque()  # from the thread, for the artist
        self._told = ""  # why the last step could not be written, "" = it could
        self._was_told = ""
        self.moved = Observers()

    # Steps

    async def created(self, spec: JobSpec) -> None:
        await self._write(spec.id, lambda store: store.created(spec))

    async def sending(self, job_id: str, account: str) -> None:
        await self._write(job_id, lambda store: store.sending(job_id, account))

    async def refused(self, job_id: str) -> None:
        await self._write(job_id, lambda store: store.refused(job_id))

    async def submitted(self, job_id: str, submitted: Submitted) -> None:
        await self._write(job_id, lambda store: store.submitted(job_id, submitted))

    async def found(self, job_id: str, horde_id: str) -> None:
        await self._write(job_id, lambda store: store.found(job_id, horde_id))

    async def stopping(self, job_id: str, reason: JobState) -> None:
        await self._write(job_id, lambda store: store.stopping(job_id, reason))

    async def announced(self, job_id: str, image: Image) -> None:
        await self._write(job_id, lambda store: store.announced(job_id, image))

    async def saved(self, job_id: str, generation_id: str, data: bytes, recipe: Mapping[str, Any]) -> None:
        self._pictures[generation_id] = data
        await self._write(job_id, lambda store: self._saved(store, job_id, generation_id, data, recipe))

    def _saved(
        self, store: Store, job_id: str, generation_id: str, data: bytes, recipe: Mapping[str, Any]
    ) -> None:
        store.saved(job_id, generation_id, data, recipe)
        self._pictures.pop(generation_id, None)

    async def landing(self, job_id: str, generation_id: str, layer: str, group: str) -> None:
        await self._write(job_id, lambda store: store.landing(job_id, generation_id, layer, group))

    async def settled(self, job_id: str, generation_id: str, fate: Fate) -> None:
        await self._write(job_id, lambda store: store.settled(job_id, generation_id, fate))

    async def ended(self, job_id: str, state: JobState, reason: Reason) -> None:
        await self._write(job_id, lambda store: store.ended(job_id, state, reason))

    async def spent(self, job_id: str) -> None:
        await self._write(job_id, lambda store: store.spent(job_id))

    async def forgotten(self, *job_ids: str) -> None:
        await self._write(job_ids[0], lambda store: store.forgotten(*job_ids))

    async def favoured(self, job_id: str, favourite: bool) -> None:
        await self._write(job_id, lambda store: store.favoured(job_id, favourite))

    # Questions

    async def image(self, job_id: str, generation_id: str) -> bytes:
        if (data := self._pictures.get(generation_id)) is not None:
            return data
        try:
            return await self._ask(lambda store: store.image(job_id, generation_id))
        except FAILURES as error:
            raise KeyError(generation_id) from error

    async def held(self, job_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        try:
            return await self._ask(lambda store: {job_id: store.held(job_id) for job_id in job_ids})
        except FAILURES:
            return {}

    async def mask(self, job_id: str) -> Coverage | None:
        try:
            return await self._ask(lambda store: store.mask(job_id))
        except FAILURES as error:
            raise KeyError(job_id) from error

    async def pixels(self, job_id: str) -> tuple[Encoded | None, Coverage | None]:
        try:
            return await self._ask(lambda store: store.pixels(job_id))
        except FAILURES as error:
            raise KeyError(job_id) from error

    async def adopt(self, most: int) -> list[JobRecord]:
        try:
            return await self._ask(lambda store: store.adopt(most))
        except FAILURES as error:
            self._complain(error)
            return []

    async def known_requests(self) -> Collection[str]:
        try:
            return await self._ask(Store.known_requests)
        except FAILURES:
            return set()

    def is_safe(self, job_id: str) -> bool:
        return not self._told or all(step.job_id != job_id for step in list(self._backlog))

    async def prune(self, limit: int) -> None:
        """Keep the pictures' files within ``limit`` bytes, as far as they have landed."""
        try:
            await self._ask(lambda store: store.prune(limit))
        except FAILURES as error:
            log.warning("old pictures could not be removed: %s", error)

    # How it is done

    async def keep_trying(self) -> None:
        """For as long as Krita runs: what could not be written is tried again."""
        while True:
            await asyncio.sleep(RETRY)
            await self.flush()

    async def flush(self) -> None:
        if self._backlog:
            await self._run(self._flush)

    def close(self) -> None:
        """Write what is on its way, within ``GOODBYE`` seconds; steps that are not written are not done."""
        done = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        try:
            done.result(GOODBYE)
        except Exception as error:  # noqa: BLE001 - Krita is quitting; the next start finds what there is
            log.warning("the journal was left open: %s", type(error).__name__)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    async def _write(self, job_id: str, write: Callable[[Store], None]) -> None:
        self._backlog.append(_Step(job_id, write))
        await self._run(self._flush)

    def _flush(self) -> None:
        """On the journal's thread: write what waits, up to the first step that cannot be written."""
        try:
            while self._backlog:
                self._write_step(self._opened(), self._backlog[0])
                self._backlog.popleft()
        except FAILURES as error:
            self._complain(error)
        else:
            self._told = ""

    def _write_step(self, store: Store, step: _Step) -> None:
        """Raises what may pass. A step that could never be written is left out, so that the others can."""
        try:
            step.write(store)
        except _PASSING:
            raise
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError):
            log.exception("job %s: a step could not be written", step.job_id)
        except sqlite3.DatabaseError:
            self._close()  # opening it again keeps the damaged file aside
            raise

    async def _ask(self, question: Callable[[Store], T]) -> T:
        return await self._run(lambda: question(self._opened()))

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, call)
        finally:
            while self._remarks:
                self._say(self._remarks.popleft())
            if bool(self._told) != bool(self._was_told):
                self.moved.notify()
            self._was_told = self._told

    def _opened(self) -> Store:
        if self._store is None:
            self._store = Store(self._folders, self._server)
            if self._store.remark:
                self._remarks.append(self._store.remark)
        return self._store

    def _complain(self, error: BaseException) -> None:
        words = str(getattr(error, "strerror", None) or error)
        if words != self._told:
            self._told = words
            log.warning("the journal cannot be written: %s", words)
            self._remarks.append(f"The list of jobs cannot be saved ({words}). {UNSAFE}")
