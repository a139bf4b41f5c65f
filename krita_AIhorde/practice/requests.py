"""A generation request and its jobs, as the server keeps them, and the counting that gives ``done`` its
traps."""

from __future__ import annotations

import enum
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from .accounts import REQUEST_TAX, Account
from .faults import Fault
from .guesses import factor_of
from .pictures import Commission

LIFETIME = 20 * 60.0
FAULTED_AFTER = 3


class JobState(enum.Enum):
    PROCESSING = "processing"
    DONE = "done"
    FAULTED = "faulted"


@dataclass
class Job:
    """One image in the making (a *generation*). `deadline` (server clock) is set where the worker has
    vanished; `inline` is the picture for ``r2: false``; `delivered` is when it was done (server clock)."""

    seed: int
    worker_id: str
    worker_name: str
    model: str
    batch_index: int | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: JobState = JobState.PROCESSING
    censored: bool = False
    metadata: list[dict[str, str]] = field(default_factory=list)
    deadline: float | None = None
    ends: float = 0.0
    inline: bytes | None = None
    delivered: float | None = None

    def twin_that_failed(self) -> Job:
        return Job(self.seed, self.worker_id, self.worker_name, self.model, state=JobState.FAULTED)


@dataclass
class GenerationRequest:
    """`waiting` images are still to be taken, since `queued`; `wanted` is what counts as complete. Times
    are of the server's clock, `held_until`, `impossible_until` and `Job.ends` of the event loop's.

    `faults` are the job's own, by name with their `times`; `api_faults` strike whoever asks for this
    request.
    """

    account: Account
    body: dict[str, Any]
    models: list[str]
    payload: dict[str, Any]
    commission: Commission
    wanted: int
    created: float
    queued: float = 0.0
    seed: int | None = None
    seed_variation: int | None = None
    faults: dict[str, int | None] = field(default_factory=dict)
    api_faults: list[Fault] = field(default_factory=list)
    delay: float | None = None
    held_until: float = 0.0
    impossible_until: float = 0.0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    jobs: list[Job] = field(default_factory=list)
    kudos: float = REQUEST_TAX
    faulted: bool = False
    cancelled: bool = False
    expired: bool = False
    attempts: int = 0
    waiting: int = 0
    expires: float = 0.0
    last_fault: float = 0.0

    def __post_init__(self) -> None:
        self.waiting = self.wanted
        self.queued = self.created
        self.expires = self.created + LIFETIME
        self.chance = random.Random(str(self.body.get("prompt")))  # the same request, the same luck
        self.guess_factor = factor_of(self.chance)

    @property
    def params(self) -> dict[str, Any]:
        params: dict[str, Any] = self.body.get("params", {})
        return params

    @property
    def has_source(self) -> bool:
        return self.commission.source is not None

    @property
    def megapixelsteps(self) -> float:
        """Of one image."""
        return self.commission.width * self.commission.height * int(self.payload["ddim_steps"]) / 1e6

    def renew(self, now: float) -> None:
        self.expires = max(self.expires, now + LIFETIME)

    def count(self, state: JobState) -> int:
        return sum(job.state is state for job in self.jobs)

    @property
    def restarted(self) -> int:
        return self.count(JobState.FAULTED)

    @property
    def ended_jobs(self) -> int:
        """Delivered and faulted ones alike: the real server's counter does not tell them apart."""
        return self.count(JobState.DONE) + self.restarted

    @property
    def done(self) -> bool:
        """The real server's word for it, which promises no images."""
        processing = self.count(JobState.PROCESSING)
        if self.faulted:
            return True
        if self.waiting > 0:
            return False
        if "done_while_processing" in self.faults:
            return True
        return self.ended_jobs - processing >= self.wanted

    def fault(self, job: Job, now: float, timed_out: bool = False) -> None:
        """A worker gave up on a job, or was given up on. It is tried again only while the counter allows
        it; a job that timed out is always tried again."""
        if timed_out or self.ended_jobs < self.wanted:
            self.waiting += 1
            self.queued = now
        job.state = JobState.FAULTED
        self.last_fault = now

    def cancel(self) -> None:
        """What is being drawn is still delivered (and charged), but not tried again where it fails."""
        self.cancelled = True
        self.waiting = 0
        self.wanted = self.count(JobState.DONE)

    def counts(self) -> dict[str, int]:
        """finished, processing, restarted, waiting."""
        finished, processing = self.count(JobState.DONE), self.count(JobState.PROCESSING)
        waiting = min(self.waiting, max(self.wanted - processing - finished, 0))
        return {
            "finished": finished,
            "processing": processing,
            "restarted": self.restarted,
            "waiting": waiting,
        }

    def meets(self, fault: str, attempt: int, usual: int | None = None) -> bool:
        """Whether this attempt meets the fault: the first `times` attempts do (`usual` where no number was
        given)."""
        if fault not in self.faults:
            return False
        times = self.faults[fault]
        times = usual if times is None else times
        return times is None or attempt <= times

    def metadata(self, job: Job) -> tuple[list[dict[str, str]], bool]:
        """gen_metadata of an image, and whether it is censored."""
        found: list[dict[str, str]] = []
        for fault in ("nsfw", "csam"):
            if fault in self.faults:
                found.append({"type": "censorship", "value": fault})
        censored = bool(found)
        if "nsfw_marked" in self.faults:
            found.append({"type": "information", "value": "nsfw"})
        if "source_lost" in self.faults:
            found.append({"type": "source_image", "value": "download_failed"})
        if "lora_lost" in self.faults:
            loras = self.params.get("loras", [])
            found.append(
                {"type": "lora", "value": "download_failed", "ref": loras[0]["name"] if loras else "12345"}
            )
        if job.batch_index is not None:
            found.append({"type": "batch_index", "value": "see_ref", "ref": str(job.batch_index)})
        return found, censored
