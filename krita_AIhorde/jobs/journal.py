"""The journal: every step of a job is written down before the next begins.

Behind this interface stands a file in the data folder (``diary``), or memory alone, for tests.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from attrs import define, field

from krita_AIhorde.horde.messages import Submitted
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.records import JobRecord
from krita_AIhorde.jobs.spec import Encoded, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import Reason


class Journal(Protocol):
    """Every method returns once its step is written down, or once it is known that it cannot be. It raises
    nothing: a disk that is full must not stop a job. ``is_safe`` says whether all of a job is on disk.
    """

    async def created(self, spec: JobSpec) -> None: ...
    async def sending(self, job_id: str, account: str) -> None: ...  # from now on the request may exist
    async def refused(self, job_id: str) -> None: ...  # it certainly does not, and may be sent once more
    async def submitted(self, job_id: str, submitted: Submitted) -> None: ...
    async def found(self, job_id: str, horde_id: str) -> None: ...  # of a submit that was not answered
    async def stopping(self, job_id: str, reason: JobState) -> None: ...
    async def announced(self, job_id: str, image: Image) -> None: ...  # before its download starts
    async def saved(
        self, job_id: str, generation_id: str, data: bytes, recipe: Mapping[str, Any]
    ) -> None: ...  # the image is safe
    async def landing(self, job_id: str, generation_id: str, layer: str, group: str) -> None: ...
    async def settled(self, job_id: str, generation_id: str, fate: Fate) -> None: ...
    async def ended(self, job_id: str, state: JobState, reason: Reason) -> None: ...
    async def spent(self, job_id: str) -> None: ...  # its source serves no more
    async def forgotten(self, *job_ids: str) -> None: ...  # the artist dismissed their rows
    async def favoured(self, job_id: str, favourite: bool) -> None: ...  # its files are kept for good, or not
    async def prune(self, limit: int) -> None: ...  # remove the oldest files beyond ``limit`` bytes

    async def image(self, job_id: str, generation_id: str) -> bytes: ...  # KeyError: not to be had
    async def held(
        self, job_ids: Collection[str]
    ) -> Mapping[str, frozenset[str]]: ...  # generations that landed and have their file; {}: nobody knows
    async def mask(self, job_id: str) -> Coverage | None: ...  # KeyError: not to be had
    async def pixels(
        self, job_id: str
    ) -> tuple[Encoded | None, Coverage | None]: ...  # source and mask; KeyError: not to be had
    async def adopt(
        self, most: int
    ) -> list[JobRecord]: ...  # jobs that nobody runs: they are ours from now on
    async def known_requests(self) -> Collection[str]: ...  # the Horde's ids of all jobs ever written down
    def is_safe(self, job_id: str) -> bool: ...
    async def flush(self) -> None: ...  # try now to write what could not be written

    moved: Observers  # told, with nothing, when that may have changed


@define
class _Entry:
    horde_id: str = ""
    images: dict[str, bytes] = field(factory=dict)


class MemoryJournal:
    """Holds each image's file from its download until it has landed, and knows the requests of this Krita."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self.moved = Observers()

    def _entry(self, job_id: str) -> _Entry:
        return self._entries.setdefault(job_id, _Entry())

    async def created(self, spec: JobSpec) -> None:
        self._entry(spec.id)

    async def sending(self, job_id: str, account: str) -> None:
        self._entry(job_id)

    async def refused(self, job_id: str) -> None:
        self._entry(job_id)

    async def submitted(self, job_id: str, submitted: Submitted) -> None:
        self._entry(job_id).horde_id = submitted.id

    async def found(self, job_id: str, horde_id: str) -> None:
        self._entry(job_id).horde_id = horde_id

    async def stopping(self, job_id: str, reason: JobState) -> None:
        self._entry(job_id)

    async def announced(self, job_id: str, image: Image) -> None:
        self._entry(job_id)

    async def saved(self, job_id: str, generation_id: str, data: bytes, recipe: Mapping[str, Any]) -> None:
        self._entry(job_id).images[generation_id] = data

    async def landing(self, job_id: str, generation_id: str, layer: str, group: str) -> None:
        self._entry(job_id)

    async def settled(self, job_id: str, generation_id: str, fate: Fate) -> None:
        if fate is Fate.LANDED:
            self._entry(job_id).images.pop(generation_id, None)

    async def ended(self, job_id: str, state: JobState, reason: Reason) -> None:
        self._entry(job_id)

    async def spent(self, job_id: str) -> None:
        self._entry(job_id)

    async def forgotten(self, *job_ids: str) -> None:
        for job_id in job_ids:
            self._entry(job_id).images.clear()

    async def favoured(self, job_id: str, favourite: bool) -> None:
        self._entry(job_id)

    async def prune(self, limit: int) -> None:
        """Nothing of it outlasts its use."""

    async def image(self, job_id: str, generation_id: str) -> bytes:
        return self._entry(job_id).images[generation_id]

    async def held(self, job_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        """What has landed is let go of."""
        return {}

    async def mask(self, job_id: str) -> Coverage | None:
        raise KeyError(job_id)

    async def pixels(self, job_id: str) -> tuple[Encoded | None, Coverage | None]:
        raise KeyError(job_id)

    async def adopt(self, most: int) -> list[JobRecord]:
        return []

    async def known_requests(self) -> Collection[str]:
        return {entry.horde_id for entry in self._entries.values()}

    def is_safe(self, job_id: str) -> bool:
        return True

    async def flush(self) -> None:
        """Nothing ever waits to be written."""
