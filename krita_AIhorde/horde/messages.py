"""What the Horde answers about requests, typed.

Requests are in ``requests``, how things stand is in ``reports``; both can be had from here too.
"""

from __future__ import annotations

import enum

from attrs import field, frozen

from krita_AIhorde.horde.reports import (
    ActiveModel,
    Heartbeat,
    Modes,
    Newspiece,
    Performance,
    Transferred,
    User,
    WorkerInfo,
)
from krita_AIhorde.horde.requests import (
    GenerationParams,
    GenerationRequest,
    SourceProcessing,
    join_prompt,
    to_body,
)
from krita_AIhorde.horde.structuring import structure, structure_list

__all__ = [
    "ActiveModel",
    "Censorship",
    "Check",
    "Generation",
    "GenerationParams",
    "GenerationRequest",
    "Heartbeat",
    "Metadata",
    "Modes",
    "Newspiece",
    "Performance",
    "Price",
    "SourceProcessing",
    "Status",
    "Submitted",
    "Transferred",
    "User",
    "Warning_",
    "WorkerInfo",
    "join_prompt",
    "structure",
    "structure_list",
    "to_body",
]


@frozen
class Warning_:
    """A doubt of the Horde's about an accepted request; ``code`` is an open list
    (``NoAvailableWorker``...).
    """

    code: str = ""
    message: str = ""


@frozen
class Submitted:
    """An accepted request. ``id`` is also the secret that cancels it; ``kudos`` is the price of one image,
    untaxed.
    """

    id: str
    kudos: float = 0.0
    message: str = ""
    warnings: tuple[Warning_, ...] = ()


@frozen
class Price:
    """Answer to a dry run: kudos for the whole request, about two below the bill."""

    kudos: float


@frozen
class Check:
    """How far a request is. Counts are of images, ``wait_time`` is in seconds (often 0, a guess at best).

    ``queue_position`` is 0 in the first second and while a worker has it.
    """

    done: bool
    finished: int = 0
    processing: int = 0
    restarted: int = 0
    waiting: int = 0
    faulted: bool = False
    wait_time: int = 0
    queue_position: int = 0
    kudos: float = 0.0
    is_possible: bool = True

    @property
    def settled(self) -> bool:
        """Nothing more will come. ``done`` alone can be true while a worker is still at it.

        It does not mean that all images exist: those, and only those, are in the status' ``generations``.
        """
        return self.done and self.processing == 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """What is news when it changes; the place in the queue and the estimate change all the time."""
        return self.finished, self.processing, self.restarted


@frozen
class Metadata:
    """A worker's remark on a generation; types and values are open lists."""

    type: str = ""
    value: str = ""
    ref: str = ""


class Censorship(enum.Enum):
    NSFW = "nsfw"
    CSAM = "csam"


@frozen
class Generation:
    """One image. ``img`` is its presigned URL (30 minutes), or base64 where r2 was off. ``state`` is always
    "ok".
    """

    id: str
    img: str = field(default="", repr=False)
    seed: str = ""
    censored: bool = False
    gen_metadata: tuple[Metadata, ...] = ()
    worker_id: str = ""
    worker_name: str = ""
    model: str = ""
    state: str = ""

    @property
    def batch_index(self) -> int | None:
        """Its place among images that a worker made at once, and that share a seed; None outside a batch."""
        for remark in self.gen_metadata:
            if remark.type == "batch_index" and remark.ref.isdecimal():
                return int(remark.ref)
        return None

    @property
    def censorship(self) -> Censorship | None:
        """Why the picture is a black one; NSFW where the worker does not say. None: it is not censored.

        (A remark ``information: nsfw`` only marks a picture.)
        """
        remarks = {remark.value for remark in self.gen_metadata if remark.type == "censorship"}
        if Censorship.CSAM.value in remarks:
            return Censorship.CSAM
        return Censorship.NSFW if self.censored or remarks else None

    @property
    def source_ignored(self) -> bool:
        """The worker could not read our source image or mask, and generated without it."""
        failures = ("download_failed", "parse_failed")
        return any(
            r.type in ("source_image", "source_mask") and r.value in failures for r in self.gen_metadata
        )


@frozen
class Status(Check):
    """A check and the images so far, in no order."""

    generations: tuple[Generation, ...] = ()
