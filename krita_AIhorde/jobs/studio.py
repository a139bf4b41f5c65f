"""The one state behind every docker: what the buttons do, and what is shown of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from krita_AIhorde import settings as s
from krita_AIhorde.horde import errors
from krita_AIhorde.horde.advice import Advice, requirements_advice
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.jobs.clicks import sizes_of, spec_of
from krita_AIhorde.jobs.landing import Busy, Canvas, NotReady
from krita_AIhorde.jobs.livedesk import Live, LiveDesk
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.offers import Offers
from krita_AIhorde.jobs.queue import JobQueue, Spawn
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.selfreport import Files, report_of
from krita_AIhorde.jobs.snapshot import JobSnapshot, Trouble
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, Operation
from krita_AIhorde.jobs.trouble import reason_of
from krita_AIhorde.jobs.updatewatch import UpdateWatch

log = logging.getLogger(__name__)
SAVE_DELAY = 1.0  # seconds after the last change
MOST_RECENT = 5  # models


class Words(Protocol):
    """Sentences for the artist; they are written (and translated) in the docker's room."""

    def obstacle(self, obstacle: Obstacle, operation: Operation | None) -> str: ...
    def trouble(self, trouble: Trouble, detail: str) -> str: ...
    def advice(self, advice: tuple[Advice, ...]) -> str: ...


class Studio(LiveDesk):
    """Plain calls from the main thread; whatever waits runs on tasks made by ``spawn``."""

    def __init__(
        self,
        *,
        settings: s.Settings,
        queue: JobQueue,
        live: Live,
        client: HordeClient,
        canvas: Canvas,
        words: Words,
        files: Files,
        spawn: Spawn,
    ) -> None:
        super().__init__(live, client, spawn)
        self.settings = settings
        self._queue, self._canvas = queue, canvas
        self._words, self._files, self._spawn = words, files, spawn
        self._offers = Offers(settings, live)
        self._message = ""
        self._messages = Observers()
        self._told_of_key = ""  # what was said of a key that nobody has, until there is a better one
        self._readiness = Readiness()
        self._readinesses = Observers()
        self._saving: asyncio.Task[None] | None = None
        self.updates = UpdateWatch(settings)
        self._advices = Observers()
        settings.subscribe(self._setting_changed)
        live.account.subscribe(self._account_changed)
        live.reference.subscribe(self._advices.notify)

    # What is shown

    def jobs(self) -> Sequence[JobSnapshot]:
        return self._queue.snapshots()

    def on_jobs(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._queue.listed.subscribe(changed)

    def on_job(self, changed: Callable[[JobSnapshot], None]) -> Callable[[], None]:
        return self._queue.changed.subscribe(changed)

    def models_problem(self) -> str:
        problem = self._live.catalog.problem
        return "" if problem is None else self._sentence(problem)

    def _sentence(self, error: errors.HordeError) -> str:
        reason = reason_of(error)
        return self._words.trouble(reason.trouble, reason.detail)

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

    def offers(self) -> Mapping[Operation, Offer]:
        return self._offers.current()

    def on_offers(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._offers.changed.subscribe(changed)

    def advice(self) -> str:
        """What the chosen model needs that the settings do not give it, in a sentence; "" = nothing."""
        advice = self._advice()
        return self._words.advice(advice) if advice else ""

    def on_advice(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self._advices.subscribe(changed)

    def apply_advice(self) -> None:
        by_field = {setting.api: setting for setting in s.ALL if setting.api}
        for advice in self._advice():
            self.settings.set(by_field[f"params.{advice.field}"], advice.wanted)

    def _advice(self) -> tuple[Advice, ...]:
        get = self.settings.get
        if not get(s.MODEL):
            return ()
        return requirements_advice(
            self.model_info(get(s.MODEL)),
            steps=get(s.STEPS),
            cfg_scale=get(s.CFG_SCALE),
            clip_skip=get(s.CLIP_SKIP),
            sampler=get(s.SAMPLER),
            karras=get(s.KARRAS),
        )

    def last_seed(self) -> str:
        return self._queue.last_seed()

    def update(self) -> Update | None:
        """A newer version of the plugin, if one was found."""
        return self.updates.found

    def on_update(self, changed: Callable[[], None]) -> Callable[[], None]:
        return self.updates.changed.subscribe(changed)

    # What is asked for

    def look(self) -> None:
        readiness = self._canvas.readiness(sizes_of(self.settings))
        if readiness != self._readiness:
            self._readiness = readiness
            self._readinesses.notify(readiness)
        self._offers.update(readiness)

    def document_shown(self) -> None:
        """The artist turned to another document, which has settings of its own."""
        self.settings.use_document(self._canvas.document_key())
        self.look()

    def generate(self) -> None:
        self._start(Operation.GENERATE)

    def img2img(self) -> None:
        self._start(Operation.IMG2IMG)

    def inpaint(self) -> None:
        self._start(Operation.INPAINT)

    def toggle_mask(self) -> None:
        self._press(self._canvas.toggle_mask, None)

    def cancel(self, job_id: str) -> None:
        self._queue.cancel(job_id)

    def cancel_all(self) -> None:
        self._queue.cancel_all()

    def insert(self, job_id: str) -> None:
        self._queue.insert(job_id)

    def insert_again(self, job_id: str) -> None:
        self._queue.insert_again(job_id)

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

    def collect_diagnostics(self, show: Callable[[str], None]) -> None:
        """What may be shared of this installation, for whoever helps the artist: nothing private is in it."""
        self._spawn(self._collect_diagnostics(show), "diagnostics")

    async def _collect_diagnostics(self, show: Callable[[str], None]) -> None:
        show(await asyncio.to_thread(report_of(self._files, self.settings, self.jobs())))

    def results_folder(self) -> str:
        return str(self._files.results)

    def _account_changed(self) -> None:
        """What the account allows counts from now on; a key that nobody has is told."""
        account = self._live.account
        self._queue.use_concurrency(None if account.user is None else account.user.concurrency)
        if isinstance(account.problem, errors.InvalidKey):
            self._told_of_key = self._sentence(account.problem)
            self.say(self._told_of_key)
        elif self._told_of_key and account.user is not None:
            if self._message == self._told_of_key:
                self.say("")
            self._told_of_key = ""

    # How a click becomes a job

    def _press(self, act: Callable[[], None], operation: Operation | None) -> None:
        """Do what a button means. ``operation`` is None for the Mask button."""
        try:
            act()
        except Busy:
            self._canvas.when_free(lambda: self._press(act, operation))
            return
        except NotReady as reason:
            self.say(self._words.obstacle(reason.obstacle, operation))
        else:
            self.say("")
        self.look()

    def _start(self, operation: Operation) -> None:
        self._press(lambda: self._submit(operation), operation)

    def _submit(self, operation: Operation) -> None:
        self._queue.submit(spec_of(self.settings, self._canvas, operation))
        self._offers.used(operation)
        self._remember_model()

    def _remember_model(self) -> None:
        model, recent = self.settings.get(s.MODEL), self.settings.get(s.RECENT_MODELS)
        if model:
            self.settings.set(s.RECENT_MODELS, (model, *(m for m in recent if m != model))[:MOST_RECENT])

    # Saving

    def _setting_changed(self, setting: s.Setting[Any], value: object) -> None:
        if setting.api:
            self._offers.update(self._readiness)
            self._advices.notify()
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
