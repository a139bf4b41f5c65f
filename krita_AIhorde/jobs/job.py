"""One job as it lives: what is known of it, and how it is asked to stop."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable

from attrs import define, field

from krita_AIhorde.horde.messages import Check
from krita_AIhorde.jobs.snapshot import UNKNOWN, JobSnapshot, RowAction, Trouble
from krita_AIhorde.jobs.spec import JobSpec
from krita_AIhorde.jobs.states import JobState, require_way

_SHOWS_IMAGES = (JobState.QUEUED, JobState.GENERATING, JobState.DOWNLOADING, JobState.KEPT)
SENDABLE = (JobState.FAILED, JobState.EXPIRED, JobState.UNCERTAIN)


class Fate(enum.Enum):
    """What became of one generation."""

    COMING = "coming"
    DOWNLOADING = "downloading"
    LANDING = "landing"
    LANDED = "landed"
    KEPT = "kept"
    CENSORED = "censored"
    LOST = "lost"


@define
class Image:
    """A generation of ours, as far as it has come."""

    generation_id: str
    name: str
    fate: Fate = Fate.COMING


@define(eq=False)
class Job:
    """Changed by its runner only. ``changed`` is called after every change that a row could show."""

    spec: JobSpec
    changed: Callable[[Job], None] = field(repr=False)
    state: JobState = JobState.WAITING
    horde_id: str = ""
    check: Check | None = None
    images: dict[str, Image] = field(factory=dict)
    trouble: Trouble = Trouble.NONE
    detail: str = ""
    warnings: tuple[str, ...] = ()
    stopping: JobState | None = None  # CANCELLED or TIMED_OUT
    group: str = ""  # the group layer of a job of several images
    _phase: JobState = JobState.WAITING
    _wake: asyncio.Event = field(factory=asyncio.Event, repr=False)

    @property
    def id(self) -> str:
        return self.spec.id

    def count(self, *fates: Fate) -> int:
        return sum(image.fate in fates for image in self.images.values())

    def go(self, phase: JobState) -> None:
        """Enter ``phase``. While images are on their way the state says that instead, but for a stop."""
        self._phase = phase
        self.refresh()

    def say(self, trouble: Trouble, detail: str = "") -> None:
        if (trouble, detail) != (self.trouble, self.detail):
            self.trouble, self.detail = trouble, detail
            self.refresh()

    def refresh(self) -> None:
        """Derive the state from the phase and the images, and tell."""
        state = self._phase
        if state in _SHOWS_IMAGES:
            if self.count(Fate.LANDING):
                state = JobState.LANDING
            elif self.count(Fate.DOWNLOADING):
                state = JobState.DOWNLOADING
        require_way(self.state, state)
        self.state = state
        self.changed(self)

    def stop(self, reason: JobState) -> None:
        """Ask the runner to stop; the first reason counts."""
        if self.stopping is None and self.state.running:
            self.stopping = reason
            self._wake.set()
            self.changed(self)

    async def stopped(self) -> None:
        """Wait until somebody asks for a stop."""
        await self._wake.wait()

    async def pause(self, seconds: float) -> None:
        """Wait ``seconds``, or until somebody asks for a stop."""
        if seconds > 0 and self.stopping is None:
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except asyncio.TimeoutError:
                return

    def snapshot(self) -> JobSnapshot:
        check = self.check
        queued = self.state in (JobState.QUEUED, JobState.GENERATING) and check is not None
        return JobSnapshot(
            id=self.id,
            operation=self.spec.operation,
            state=self.state,
            prompt=self.spec.params.prompt,
            document_name=self.spec.document.name,
            total=self.spec.params.image_count,
            horde_id=self.horde_id,
            queue_position=check.queue_position if queued and check else UNKNOWN,
            eta=check.wait_time if queued and check else UNKNOWN,
            finished=self.count(Fate.LANDED, Fate.LANDING, Fate.KEPT),
            generating=check.processing if queued and check else 0,
            censored=self.count(Fate.CENSORED),
            lost=self.count(Fate.LOST),
            kept=self.count(Fate.KEPT),
            trouble=self.trouble,
            detail=self.detail,
            warnings=self.warnings,
            stopping=self.stopping,
            actions=self._actions(),
        )

    def _actions(self) -> frozenset[RowAction]:
        actions = set()
        if self.state.running:
            if self.stopping is None:
                actions.add(RowAction.CANCEL)
        else:
            actions.add(RowAction.DISMISS)
        if self.state is JobState.KEPT:
            actions.add(RowAction.INSERT)
        if self.state in SENDABLE:
            actions.add(RowAction.SEND_AGAIN)
        return frozenset(actions)
