"""One job as it lives: what is known of it, and how it is asked to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from attrs import define, field

from krita_AIhorde.horde.messages import Censorship, Check
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.actions import actions_of
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.snapshot import UNKNOWN, JobSnapshot, Trouble
from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.jobs.states import JobState, require_way
from krita_AIhorde.jobs.trouble import NO_REASON, Reason

T = TypeVar("T")
_SHOWS_IMAGES = frozenset({JobState.QUEUED, JobState.GENERATING, JobState.DOWNLOADING, JobState.KEPT})
FETCHED = frozenset({Fate.LANDED, Fate.LANDING, Fate.SAVED, Fate.KEPT})


class Ended(Exception):
    """The job is over before its images are: carries the end's state."""

    def __init__(self, state: JobState) -> None:
        super().__init__(state.value)
        self.state = state


@define(eq=False)
class Job:
    """Changed by its runner only. ``changed`` is called after every change that a row could show.

    One that is taken up again begins in the ``state`` that it was left in.
    """

    spec: JobSpec
    changed: Callable[[Job], None] = field(repr=False)
    state: JobState = JobState.WAITING
    horde_id: str = ""
    check: Check | None = None
    images: dict[str, Image] = field(factory=dict)  # by the generation's id
    reason: Reason = NO_REASON
    until: float = 0.0  # time.monotonic() when what is being waited out ends; 0 = nobody knows
    warnings: tuple[str, ...] = ()
    stopping: JobState | None = None  # CANCELLED or TIMED_OUT
    group: str = ""  # the group layer of a job of several images
    kudos: float = 0.0  # of one image, as the Horde priced it
    in_reach: bool = False  # its document is open
    held: frozenset[str] = frozenset()  # the generations that landed and whose files are still there
    stored: bool = False  # its source and mask are in the journal alone
    unsafe: bool = False  # not all of it could be written down
    favourite: bool = False  # its files are kept whatever room they take
    resized: bool = False  # an image landed on a canvas of another size than at the click
    made: Extent | None = None  # the size that came, where it is smaller than what was asked for
    _phase: JobState = field(init=False)
    _wake: asyncio.Event = field(factory=asyncio.Event, repr=False)

    def __attrs_post_init__(self) -> None:
        self._phase = self.state
        self.state = self._shown()

    @property
    def id(self) -> str:
        return self.spec.id

    @property
    def total(self) -> int:
        return self.spec.params.image_count

    @property
    def insertable(self) -> bool:
        """Whether something of it can be put into a document, at the artist's wish."""
        return self.state is JobState.KEPT or (self.state.ended and bool(self.held))

    def count(self, *fates: Fate) -> int:
        return sum(image.fate in fates for image in self.images.values())

    def go(self, phase: JobState) -> None:
        """Enter ``phase``. While images are on their way the state says that instead, but for a stop."""
        self._phase = phase
        self.refresh()

    def say(self, reason: Reason = NO_REASON, until: float = 0.0) -> None:
        if (reason, until) != (self.reason, self.until):
            self.reason, self.until = reason, until
            self.refresh()

    def fare(self, image: Image, fate: Fate) -> None:
        image.fate = fate
        self.refresh()

    def refresh(self) -> None:
        """Derive the state from the phase and the images, and tell."""
        state = self._shown()
        require_way(self.state, state)
        self.state = state
        self.changed(self)

    def _shown(self) -> JobState:
        if self._phase in _SHOWS_IMAGES:
            if self.count(Fate.LANDING, Fate.SAVED):
                return JobState.LANDING
            if self.count(Fate.DOWNLOADING):
                return JobState.DOWNLOADING
        return self._phase

    def stop(self, reason: JobState) -> None:
        """Ask the runner to stop; the first reason counts."""
        if self.stopping is None and self.state.running:
            self.stopping = reason
            self._wake.set()
            self.changed(self)

    async def pause(self, seconds: float) -> None:
        """Wait ``seconds``, or until somebody asks for a stop."""
        if seconds > 0 and self.stopping is None:
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except asyncio.TimeoutError:
                return

    async def unless_stopped(self, work: Awaitable[T], *, but: Callable[[], bool] = lambda: False) -> T:
        """What ``work`` returns; if a stop is asked for meanwhile (and ``but`` is false), give it up.

        Raises Ended then.
        """
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done() and but():
                await asyncio.wait({task})
            if not task.done():
                raise Ended(self.stopping or JobState.CANCELLED)
            return task.result()
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()

    def snapshot(self) -> JobSnapshot:
        check = self.check
        queued = self.state in (JobState.QUEUED, JobState.GENERATING) and check is not None
        return JobSnapshot(
            id=self.id,
            operation=self.spec.operation,
            state=self.state,
            prompt=self.spec.params.prompt,
            document_name=self.spec.document.name,
            document_saved=bool(self.spec.document.path),
            total=self.total,
            horde_id=self.horde_id,
            queue_position=check.queue_position if queued and check else UNKNOWN,
            eta=check.wait_time if queued and check else UNKNOWN,
            finished=self.count(*FETCHED),
            generating=check.processing if queued and check else 0,
            censored=self.count(Fate.CENSORED),
            csam=self.csam,
            lost=self.count(Fate.LOST),
            kept=self.count(Fate.KEPT),
            trouble=self.reason.trouble,
            detail=self.reason.detail,
            rc=self.reason.rc,
            until=self.until,
            in_reach=self.in_reach,
            unsafe=self.unsafe,
            favourite=self.favourite,
            resized=self.resized,
            made=self.made,
            warnings=self.warnings,
            stopping=self.stopping,
            actions=actions_of(
                self.spec,
                self.state,
                self.reason.trouble,
                stopping=self.stopping is not None,
                missing=self.total - self.count(*FETCHED),
                lost=self.count(Fate.LOST),
                held=len(self.held),
            ),
        )

    @property
    def csam(self) -> int:
        """How many of the censored images were taken for child abuse."""
        return sum(image.generation.censorship is Censorship.CSAM for image in self.images.values())


def outcome(job: Job) -> JobState:
    """How a job ended of which nothing more will come. "done" at the Horde does not mean that images came."""
    usable, kept = job.count(Fate.LANDED, Fate.KEPT), job.count(Fate.KEPT)
    censored, lost = job.count(Fate.CENSORED), job.count(Fate.LOST)
    if kept:
        return JobState.KEPT
    if usable == job.total:
        job.say()
    elif censored and usable + censored + lost >= job.total:
        job.say(Reason(Trouble.CENSORED_CSAM if job.csam else Trouble.CENSORED))
    elif lost:
        job.say(Reason(Trouble.IMAGE_LOST))
    else:
        job.say(Reason(Trouble.WORKER_FAILED))
    return JobState.DONE if usable or censored else JobState.FAILED
