"""The one state behind every docker: what the buttons do, and what is shown of it."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from attrs import frozen

from krita_AIhorde import diagnostics
from krita_AIhorde import settings as s
from krita_AIhorde.horde import errors
from krita_AIhorde.horde.catalog import ModelCatalog
from krita_AIhorde.horde.messages import ActiveModel, join_prompt
from krita_AIhorde.jobs.controls import params_of
from krita_AIhorde.jobs.landing import Canvas, NotReady, Sizes
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.queue import JobQueue, Spawn, new_id
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.request import choose_seed
from krita_AIhorde.jobs.snapshot import JobSnapshot, Trouble
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, JobSpec, Operation
from krita_AIhorde.jobs.trouble import reason_of

log = logging.getLogger(__name__)
SAVE_DELAY = 1.0  # seconds after the last change


@frozen
class Files:
    """Where things of ours lie, and what a report tells of the host: ``facts`` by name (versions and the
    like), and the ``secrets`` that it must not tell.
    """

    results: Path
    log: Path
    facts: Callable[[], Mapping[str, str]]
    secrets: Callable[[], Sequence[str]]


class Words(Protocol):
    """Sentences for the artist; they are written (and translated) in the docker's room."""

    def obstacle(self, obstacle: Obstacle, operation: Operation | None) -> str: ...
    def trouble(self, trouble: Trouble, detail: str) -> str: ...


def _line_of(job: JobSnapshot) -> str:
    """What a report tells of a job: nothing of what the artist wrote or drew."""
    trouble = " ".join(word for word in (job.trouble.value, job.rc) if word)
    images = (
        f"{job.finished} of {job.total} images, {job.censored} censored, {job.lost} lost, {job.kept} kept"
    )
    return ", ".join(part for part in (job.id, job.operation.value, job.state.value, images, trouble) if part)


class Studio:
    """Plain calls from the main thread; whatever waits runs on tasks made by ``spawn``."""

    def __init__(
        self,
        *,
        settings: s.Settings,
        queue: JobQueue,
        catalog: ModelCatalog,
        canvas: Canvas,
        words: Words,
        files: Files,
        spawn: Spawn,
    ) -> None:
        self.settings = settings
        self._queue, self._catalog, self._canvas = queue, catalog, canvas
        self._words, self._files, self._spawn = words, files, spawn
        self._message = ""
        self._messages = Observers()
        self._readiness = Readiness()
        self._readinesses = Observers()
        self._saving: asyncio.Task[None] | None = None
        settings.subscribe(self._setting_changed)

    # What is shown

    def jobs(self) -> Sequence[JobSnapshot]:
        return self._queue.snapshots()

    def on_jobs(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._queue.listed.subscribe(changed)

    def on_job(self, changed: Callable[[JobSnapshot], None]) -> Callable[[], None]:
        return self._queue.changed.subscribe(changed)

    def models(self) -> Sequence[ActiveModel]:
        return self._catalog.models

    def models_problem(self) -> str:
        problem = self._catalog.problem
        return "" if problem is None else self._sentence(problem)

    def _sentence(self, error: errors.HordeError) -> str:
        reason = reason_of(error)
        return self._words.trouble(reason.trouble, reason.detail)

    def on_models(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._catalog.subscribe(changed)

    def message(self) -> str:
        return self._message

    def on_message(self, changed: Callable[[str], None]) -> Callable[[], None]:
        return self._messages.subscribe(changed)

    def say(self, text: str) -> None:
        self._message = text
        self._messages.notify(text)

    def readiness(self) -> Readiness:
        return self._readiness

    def on_readiness(self, changed: Callable[[Readiness], None]) -> Callable[[], None]:
        return self._readinesses.subscribe(changed)

    # What is asked for

    def look(self) -> None:
        readiness = self._canvas.readiness(self._sizes())
        if readiness != self._readiness:
            self._readiness = readiness
            self._readinesses.notify(readiness)

    def generate(self) -> None:
        self._start(Operation.GENERATE)

    def img2img(self) -> None:
        self._start(Operation.IMG2IMG)

    def inpaint(self) -> None:
        self._start(Operation.INPAINT)

    def toggle_mask(self) -> None:
        try:
            self._canvas.toggle_mask()
        except NotReady as reason:
            self.say(self._words.obstacle(reason.obstacle, None))
        else:
            self.say("")
        self.look()

    def cancel(self, job_id: str) -> None:
        self._queue.cancel(job_id)

    def cancel_all(self) -> None:
        self._queue.cancel_all()

    def insert(self, job_id: str) -> None:
        self._queue.insert(job_id)

    def send_again(self, job_id: str, change: Change = NO_CHANGE) -> None:
        self._queue.send_again(job_id, change)

    def fetch_again(self, job_id: str) -> None:
        self._queue.fetch_again(job_id)

    def favour(self, job_id: str, favourite: bool) -> None:
        self._queue.favour(job_id, favourite)

    def dismiss(self, job_id: str) -> None:
        self._queue.dismiss(job_id)

    def clear_ended(self) -> None:
        self._queue.clear_ended()

    def refresh_models(self) -> None:
        self._spawn(self._refresh_models(), "models")

    async def _refresh_models(self) -> None:
        try:
            await self._catalog.refresh()
        except errors.HordeError as error:
            log.info("no model list: %s", error)  # the catalog shows it

    def collect_diagnostics(self, show: Callable[[str], None]) -> None:
        """What may be shared of this installation, for whoever helps the artist: nothing private is in it."""
        self._spawn(self._collect_diagnostics(show), "diagnostics")

    async def _collect_diagnostics(self, show: Callable[[str], None]) -> None:
        report = functools.partial(
            diagnostics.report,
            facts=self._files.facts(),
            settings=[(setting.name, value) for setting, value in self.settings if value != setting.default],
            jobs=[_line_of(job) for job in self.jobs()],
            log_file=self._files.log,
            secrets=self._files.secrets(),
        )
        show(await asyncio.to_thread(report))

    def results_folder(self) -> str:
        return str(self._files.results)

    def learn_account(self) -> None:
        """The key is new (or Krita has just started): find out what it allows, and say so if it is wrong."""
        self._spawn(self._learn_account(), "account")

    async def _learn_account(self) -> None:
        try:
            await self._queue.learn_concurrency()
        except errors.InvalidKey as error:
            self.say(self._sentence(error))
        except errors.HordeError as error:
            log.info("nothing known of the account: %s", error)

    # How a click becomes a job

    def _sizes(self) -> Sizes:
        get = self.settings.get
        return Sizes(
            get(s.MIN_SIZE),
            get(s.MAX_SIZE),
            context=get(s.CONTEXT),
            mask_grow=get(s.MASK_GROW),
            mask_feather=get(s.MASK_FEATHER),
        )

    def _start(self, operation: Operation) -> None:
        try:
            self._queue.submit(self._spec(operation))
        except NotReady as reason:
            self.say(self._words.obstacle(reason.obstacle, operation))
        else:
            self.say("")
        self.look()

    def _spec(self, operation: Operation) -> JobSpec:
        params = params_of(self.settings)
        clicked_at = time.time()
        if not join_prompt(params.prompt, ""):  # "###" alone is none
            raise NotReady(Obstacle.NO_PROMPT)
        taken = self._canvas.capture(operation, self._sizes())
        return JobSpec(
            id=new_id(),
            operation=operation,
            params=params,
            seed=choose_seed(self.settings.get(s.SEED), params.image_count, params.seed_variation),
            seed_drawn=not self.settings.get(s.SEED).strip(),
            document=taken.document,
            canvas=taken.canvas,
            frame=taken.frame,
            source=taken.source,
            mask=taken.mask,
            anchor=taken.anchor,
            mask_layer=taken.mask_layer,
            clicked_at=clicked_at,
        )

    # Saving

    def _setting_changed(self, setting: s.Setting[Any], value: object) -> None:
        if self._saving is None or self._saving.done():
            self._saving = self._spawn(self._save(), "save settings")

    async def _save(self) -> None:
        while self.settings.dirty:
            await asyncio.sleep(SAVE_DELAY)
            try:
                await asyncio.to_thread(self.settings.write)
            except OSError as error:
                log.warning("settings not saved: %s", error)
                self.say(self._words.trouble(Trouble.DISK, error.strerror or str(error)))
                return
