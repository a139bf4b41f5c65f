"""The journal: every step of a job is written down before the next begins.

This one is in memory. One on disk comes behind the same interface, so every method may wait.
"""

from __future__ import annotations

from typing import Protocol

from attrs import define, field

from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.jobs.states import JobState


class Journal(Protocol):
    async def created(self, spec: JobSpec) -> None: ...
    async def submitted(self, job_id: str, horde_id: str) -> None: ...
    async def announced(self, job_id: str, generation_id: str) -> None: ...  # before its download starts
    async def saved(self, job_id: str, generation_id: str, data: bytes) -> None: ...  # the image is safe
    async def image(self, job_id: str, generation_id: str) -> bytes: ...  # KeyError: never saved
    async def landed(self, job_id: str, generation_id: str, layer: str) -> None: ...
    async def ended(self, job_id: str, state: JobState) -> None: ...
    async def forgotten(self, job_id: str) -> None: ...  # the artist dismissed its row


@define
class _Entry:
    horde_id: str = ""
    images: dict[str, bytes] = field(factory=dict)


class MemoryJournal:
    """Holds each image's file from its download until it has landed."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def _entry(self, job_id: str) -> _Entry:
        return self._entries.setdefault(job_id, _Entry())

    async def created(self, spec: JobSpec) -> None:
        self._entry(spec.id)

    async def submitted(self, job_id: str, horde_id: str) -> None:
        self._entry(job_id).horde_id = horde_id

    async def announced(self, job_id: str, generation_id: str) -> None:
        self._entry(job_id)

    async def saved(self, job_id: str, generation_id: str, data: bytes) -> None:
        self._entry(job_id).images[generation_id] = data

    async def image(self, job_id: str, generation_id: str) -> bytes:
        return self._entries[job_id].images[generation_id]

    async def landed(self, job_id: str, generation_id: str, layer: str) -> None:
        self._entry(job_id).images.pop(generation_id, None)

    async def ended(self, job_id: str, state: JobState) -> None:
        pass

    async def forgotten(self, job_id: str) -> None:
        self._entries.pop(job_id, None)
