"""The practice horde's books: what became of every request that it accepted, and of every image."""

from __future__ import annotations

from typing import Any

from . import faults
from .images import Gallery
from .requests import GenerationRequest, Job, JobState


class Ledger:
    """Requests in the order of their coming. Of those that expired a light record is kept, no pictures."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._entries: dict[str, GenerationRequest | dict[str, Any]] = {}

    def clear(self) -> None:
        self._entries.clear()

    def accepted(self, request: GenerationRequest) -> None:
        self._entries[request.id] = request

    def expired(self, request: GenerationRequest) -> None:
        self._entries[request.id] = _record(request)

    def as_json(self) -> list[dict[str, Any]]:
        """For each request ``id``, ``account``, ``prompt`` and ``seed`` as they were sent, ``n``,
        ``created``, ``faults`` (names), ``cancelled`` (a DELETE was served), ``expired``, and ``images``:
        ``id``, ``seed``, ``censored``, ``fate`` (done, faulted, processing), ``delivered`` (when it was
        done, or null), ``served``, ``obtainable``.

        ``served`` counts the downloads that were answered 200 to the last byte (none with ``r2: false``).
        ``obtainable`` is false where a fault of the job makes it impossible to have the image.
        """
        records = [
            _record(entry) if isinstance(entry, GenerationRequest) else entry
            for entry in self._entries.values()
        ]
        return [
            {**record, "images": [self._counted(image) for image in record["images"]]} for record in records
        ]

    def _counted(self, image: dict[str, Any]) -> dict[str, Any]:
        return {**image, "served": self._gallery.served[image["id"]]}


def _record(request: GenerationRequest) -> dict[str, Any]:
    linked = request.body.get("r2", True) is not False
    obtainable = faults.obtainable(request.faults, request.api_faults, linked=linked)
    return {
        "id": request.id,
        "account": request.account.alias,
        "prompt": request.body["prompt"],
        "seed": request.params.get("seed", ""),
        "n": int(request.params.get("n", 1)),
        "created": request.created,
        "faults": [*request.faults, *(fault.name for fault in request.api_faults)],
        "cancelled": request.cancelled,
        "expired": request.expired,
        "images": [_image(request, job, obtainable) for job in request.jobs],
    }


def _image(request: GenerationRequest, job: Job, obtainable: bool) -> dict[str, Any]:
    # What a worker is still at when its request expires is delivered to nobody.
    abandoned = request.expired and job.state is JobState.PROCESSING
    return {
        "id": job.id,
        "seed": str(job.seed),
        "censored": job.censored,
        "delivered": job.delivered,
        "fate": (JobState.FAULTED if abandoned else job.state).value,
        "obtainable": obtainable,
    }
