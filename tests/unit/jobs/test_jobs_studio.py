"""The studio: what the buttons do with what the canvas and the settings say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import attrs
import pytest
from jobs_bench import CANVAS, Bench, FakeCanvas

from krita_AIhorde import settings as s
from krita_AIhorde.horde.advice import Advice
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.jobs import studio as studio_module
from krita_AIhorde.jobs import updatewatch
from krita_AIhorde.jobs.controls import params_of
from krita_AIhorde.jobs.landing import Busy, Capture, NotReady, Sizes
from krita_AIhorde.jobs.livedesk import Live
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.selfreport import Files
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import DocumentRef, InpaintMethod, Operation, Params, WorkerChoice
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.studio import Studio

REGION = Bounds(100, 100, 512, 512)
# One value for each setting that a job takes along, none of them its default, and what the job has of it.
CHANGED: dict[str, tuple[s.Setting[Any], Any, Any]] = {
    "prompt": (s.PROMPT, "  a fox ", "a fox"),
    "negative_prompt": (s.NEGATIVE_PROMPT, " snow\n", "snow"),
    "model": (s.MODEL, "Deliberate", "Deliberate"),
    "sampler": (s.SAMPLER, "k_heun", "k_heun"),
    "steps": (s.STEPS, 11, 11),
    "cfg_scale": (s.CFG_SCALE, 4.5, 4.5),
    "denoising_strength": (s.DENOISING_STRENGTH, 0.4, 0.4),
    "image_count": (s.IMAGE_COUNT, 3, 3),
    "karras": (s.KARRAS, False, False),
    "nsfw": (s.NSFW, True, True),
    "inpaint_method": (s.INPAINT_METHOD, "fill", InpaintMethod.FILL),
    "max_wait": (s.MAX_WAIT, 0.5, 30.0),
    "seed_variation": (s.SEED_VARIATION, 7, 7),
    "clip_skip": (s.CLIP_SKIP, 2, 2),
    "hires_fix": (s.HIRES_FIX, True, True),
    "hires_fix_strength": (s.HIRES_FIX_STRENGTH, 0.5, 0.5),
    "tiling": (s.TILING, True, True),
    "transparent": (s.TRANSPARENT, True, True),
    "upscaler": (s.UPSCALER, "NMKD_Siax", "NMKD_Siax"),
    "post_processing": (s.POST_PROCESSING, "GFPGAN", "GFPGAN"),
    "strip_background_too": (s.STRIP_BACKGROUND_TOO, True, True),
    "facefixer_strength": (s.FACEFIXER_STRENGTH, 0.3, 0.3),
    "censor_nsfw": (s.CENSOR_NSFW, False, False),
    "trusted_workers": (s.TRUSTED_WORKERS, True, True),
    "slow_workers": (s.SLOW_WORKERS, False, False),
    "extra_slow_workers": (s.EXTRA_SLOW_WORKERS, True, True),
    "allow_downgrade": (s.ALLOW_DOWNGRADE, True, True),
    "worker_choice": (s.WORKER_CHOICE, "block", WorkerChoice.BLOCK),
    "workers": (s.BLOCKED_WORKERS, ("a", "b"), ("a", "b")),
    "context": (s.CONTEXT, 64, 64),
    "mask_grow": (s.MASK_GROW, 9, 9),
    "mask_feather": (s.MASK_FEATHER, 20, 20),
}


class Canvas(FakeCanvas):
    """``obstacle`` makes it refuse; it remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.obstacle: Obstacle | None = None
        self.busy = False
        self.captured: list[tuple[Operation, Sizes]] = []
        self.looked: list[Sizes] = []
        self.masking = False
        self.ready: Readiness | None = None
        self.key = ""
        self.later: list[Callable[[], None]] = []

    def document_key(self) -> str:
        return self.key

    def readiness(self, sizes: Sizes) -> Readiness:
        self.looked.append(sizes)
        if self.ready is not None:
            return self.ready
        return Readiness(self.obstacle, self.obstacle, self.obstacle, None, self.masking)

    def _refuse(self) -> None:
        if self.busy:
            raise Busy
        if self.obstacle is not None:
            raise NotReady(self.obstacle)

    def capture(self, operation: Operation, sizes: Sizes) -> Capture:
        self._refuse()
        self.captured.append((operation, sizes))
        frame = plan_frame(REGION, CANVAS, smallest=sizes.smallest, largest=sizes.largest)
        part = frame.visible(CANVAS).extent
        return Capture(
            document=DocumentRef("doc", "picture.kra"),
            canvas=CANVAS,
            frame=frame,
            source=None if operation is Operation.GENERATE else Raster(part, bytes(4) * part.area),
            mask=Coverage.uniform(part) if operation is Operation.INPAINT else None,
            anchor="the sky",
            mask_layer="the mask" if operation is Operation.INPAINT else "",
        )

    def toggle_mask(self) -> None:
        self._refuse()
        self.masking = not self.masking

    def when_free(self, act: Callable[[], None]) -> None:
        self.later.append(act)


class Words:
    """Says what it was asked to say."""

    def obstacle(self, obstacle: Obstacle, operation: Operation | None) -> str:
        return f"{obstacle.value} for {operation.value if operation else 'mask'}"

    def trouble(self, trouble: Trouble, detail: str) -> str:
        return f"{trouble.value}: {detail}"

    def advice(self, advice: tuple[Advice, ...]) -> str:
        return f"advice: {advice}"


@pytest.mark.parametrize("button", ["generate", "toggle_mask"])
async def test_a_click_in_a_moment_when_krita_is_busy_with_us_works_in_the_next(
    desk: Desk, button: str
) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    desk.canvas.busy = True
    getattr(desk.studio, button)()
    assert (desk.studio.message(), len(desk.canvas.later)) == ("", 1)
    desk.canvas.later.pop()()
    assert len(desk.canvas.later) == 1, "still busy: once more"
    desk.canvas.busy = False
    desk.canvas.later.pop()()
    assert len(desk.canvas.captured) + desk.canvas.masking == 1
    assert (desk.studio.message(), desk.canvas.later) == ("", [])


THERE = "http://127.0.0.1:1/pyproject.toml"


@attrs.define
class Desk:
    studio: Studio
    canvas: Canvas
    bench: Bench
    file: Path

    async def said(self, wanted: str) -> None:
        """Wait until the message line begins with ``wanted``."""
        heard = asyncio.Event()
        stop = self.studio.on_message(lambda text: heard.set() if text.startswith(wanted) else None)
        try:
            if not self.studio.message().startswith(wanted):
                await asyncio.wait_for(heard.wait(), 20)
        finally:
            stop()


@pytest.fixture
def desk(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(studio_module, "SAVE_DELAY", 0.05)
    canvas = bench.canvas = bench.queue._canvas = Canvas()

    def spawn(coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        bench.tasks.append(asyncio.get_running_loop().create_task(coroutine, name=name))
        return bench.tasks[-1]

    file = tmp_path / "settings.json"
    studio = Studio(
        settings=s.Settings.load(file)[0],
        queue=bench.queue,
        live=Live.of(bench.client, tmp_path, spawn),
        client=bench.client,
        canvas=canvas,
        words=Words(),
        files=Files(
            Path("results"), tmp_path / "aihorde.log", lambda: {"Krita": "5.2.9"}, lambda: ["my secret key"]
        ),
        spawn=spawn,
    )
    return Desk(studio, canvas, bench, file)


def test_a_job_takes_every_control_along_in_the_api_s_units() -> None:
    settings = s.Settings()
    before = attrs.asdict(params_of(settings))
    for setting, value, _ in CHANGED.values():
        settings.set(setting, value)
    after = attrs.asdict(params_of(settings))
    for name, (_, _, wanted) in CHANGED.items():
        assert after[name] == wanted
        assert after[name] != before[name], f"{name} was its default"
    assert set(after) == set(CHANGED), "nothing of a job is beyond the artist"


def test_defaults_of_a_job_are_those_of_the_controls() -> None:
    """But for those that made frames and masks: jobs of an older journal were made without them."""
    plain = attrs.evolve(params_of(s.Settings()), context=0, mask_grow=0, mask_feather=0)
    assert plain == Params(prompt="")


@pytest.mark.parametrize(
    ("choice", "workers"), [("any", ()), ("prefer", ("mine",)), ("block", ("slow one", "bad one"))]
)
def test_a_job_takes_along_the_workers_of_the_artist_s_choice(choice: str, workers: tuple[str, ...]) -> None:
    settings = s.Settings()
    settings.set(s.PREFERRED_WORKERS, ("mine",))
    settings.set(s.BLOCKED_WORKERS, ("slow one", "bad one"))
    settings.set(s.WORKER_CHOICE, choice)
    assert params_of(settings).workers == workers


def test_max_wait_is_minutes_for_the_artist_and_seconds_for_a_job() -> None:
    settings = s.Settings()
    assert params_of(settings).max_wait == 600
    settings.set(s.MAX_WAIT, 0.01)
    assert params_of(settings).max_wait == pytest.approx(6), "0.1 min is the least"


async def test_a_click_becomes_a_job_with_all_that_the_canvas_gave(desk: Desk) -> None:
    studio, queue = desk.studio, desk.bench.queue
    studio.settings.set(s.PROMPT, "a fox")
    studio.settings.set(s.SEED, "77")
    studio.settings.set(s.MIN_SIZE, 576)
    studio.settings.set(s.MAX_SIZE, 640)
    studio.settings.set(s.CONTEXT, 50)
    studio.settings.set(s.MASK_GROW, 5)
    studio.settings.set(s.MASK_FEATHER, 9)
    before = time.time()
    for press in (studio.generate, studio.img2img, studio.inpaint):
        press()
    assert [operation for operation, _ in desk.canvas.captured] == list(Operation)
    assert {sizes for _, sizes in desk.canvas.captured} == {Sizes(576, 640, 50, 5, 9)}
    inpaint, img2img, generate = studio.jobs()
    for job in (inpaint, img2img, generate):
        assert (job.prompt, job.document_name) == ("a fox", "picture.kra")
        assert (await desk.bench.ended(job.id)).state is JobState.DONE
    specs = {picture.spec.operation: picture.spec for picture in desk.canvas.landed}
    assert {spec.seed for spec in specs.values()} == {77}
    assert {spec.anchor for spec in specs.values()} == {"the sky"}
    assert specs[Operation.INPAINT].mask_layer == "the mask"
    assert all(before <= spec.clicked_at <= time.time() for spec in specs.values())
    assert len(queue.snapshots()) == 3


@pytest.mark.parametrize("obstacle", list(Obstacle))
@pytest.mark.parametrize("press", ["generate", "img2img", "inpaint"])
async def test_an_obstacle_is_a_sentence_and_no_job(desk: Desk, obstacle: Obstacle, press: str) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    desk.canvas.obstacle = obstacle
    getattr(desk.studio, press)()
    assert desk.studio.message() == f"{obstacle.value} for {press}"
    assert desk.studio.jobs() == []
    desk.canvas.obstacle = None
    getattr(desk.studio, press)()
    assert desk.studio.message() == "", "what was said is over with the next click that works"
    assert len(desk.studio.jobs()) == 1


@pytest.mark.parametrize("prompt", [" \n ", " ### "])
async def test_without_a_prompt_nothing_of_the_document_is_touched(desk: Desk, prompt: str) -> None:
    desk.studio.settings.set(s.PROMPT, prompt)
    desk.studio.inpaint()
    assert desk.studio.message() == "no_prompt for inpaint"
    assert desk.canvas.captured == [], "reading it would hide the mask layer"


async def test_the_mask_button_says_what_is_missing_and_shows_where_it_stands(desk: Desk) -> None:
    shown: list[Readiness] = []
    desk.studio.on_readiness(shown.append)
    desk.canvas.obstacle = Obstacle.NO_DOCUMENT
    desk.studio.toggle_mask()
    assert desk.studio.message() == "no_document for mask"
    desk.canvas.obstacle = None
    desk.studio.toggle_mask()
    assert desk.studio.message() == ""
    assert shown[-1].masking
    desk.studio.toggle_mask()
    assert not shown[-1].masking
    told = len(shown)
    desk.studio.look()
    assert len(shown) == told, "told only of what is new"


async def test_many_changes_are_one_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    writes, write = [], desk.studio.settings.write

    def counted() -> None:
        writes.append(1)
        write()

    monkeypatch.setattr(desk.studio.settings, "write", counted)
    for steps in range(30, 40):
        desk.studio.settings.set(s.STEPS, steps)
    await asyncio.gather(*desk.bench.tasks)
    assert len(writes) == 1
    assert s.Settings.load(desk.file)[0].get(s.STEPS) == 39
    desk.studio.settings.set(s.STEPS, 50)
    await asyncio.gather(*desk.bench.tasks)
    assert s.Settings.load(desk.file)[0].get(s.STEPS) == 50


async def test_a_write_that_fails_is_told_and_tried_again_with_the_next_change(desk: Desk) -> None:
    desk.file.mkdir()  # nothing can be put in a folder's place
    desk.studio.settings.set(s.STEPS, 33)
    await desk.said("disk: ")
    assert desk.studio.message() != "disk: "
    await asyncio.gather(*desk.bench.tasks)
    desk.file.rmdir()
    desk.studio.settings.set(s.CFG_SCALE, 3.0)
    await asyncio.gather(*desk.bench.tasks)
    again, _ = s.Settings.load(desk.file)
    assert (again.get(s.STEPS), again.get(s.CFG_SCALE)) == (33, 3.0)


async def test_a_key_that_the_horde_does_not_know_is_told(desk: Desk) -> None:
    desk.bench.client.use_key("not a key")
    desk.studio.refresh_account()
    await desk.said("bad_key: ")
    desk.bench.client.use_key("practice-user")
    desk.studio.refresh_account()
    await asyncio.gather(*desk.bench.tasks)
    assert desk.studio.message() == "", "the next key is a good one"


async def test_the_account_s_own_concurrency_counts_as_long_as_its_key_is_in_use(desk: Desk) -> None:
    await desk.bench.ask("/practice/faults", {"concurrency": 7})
    desk.studio.refresh_account()
    await asyncio.gather(*desk.bench.tasks)
    assert desk.bench.queue.concurrency == 7
    assert desk.studio.user() is not None
    desk.bench.client.use_key("")
    desk.studio._live.account.key_changed()
    assert desk.studio.user() is None
    assert desk.bench.queue.concurrency == 30


def sizes_of(width: int, height: int) -> Readiness:
    extent = Extent(width, height)
    return Readiness(None, None, Obstacle.NO_SELECTION, None, False, extent, extent, None)


async def until_priced(desk: Desk, *operations: Operation) -> None:
    """Wait until the buttons of ``operations`` tell their prices."""
    priced = asyncio.Event()

    def look() -> None:
        if all(desk.studio.offers()[operation].kudos is not None for operation in operations):
            priced.set()

    stop = desk.studio.on_offers(look)
    look()
    await asyncio.wait_for(priced.wait(), 20)
    stop()


async def test_buttons_learn_their_prices_from_dry_runs_that_tell_nothing(desk: Desk) -> None:
    desk.studio.settings.set(s.PROMPT, "something private")
    desk.studio.settings.set(s.MODEL, "Deliberate")
    desk.studio.settings.set(s.SEED, "77")
    desk.canvas.ready = sizes_of(768, 512)
    desk.studio.look()
    await until_priced(desk, Operation.GENERATE, Operation.IMG2IMG)
    offers = desk.studio.offers()
    assert (offers[Operation.GENERATE].size, offers[Operation.INPAINT].size) == (Extent(768, 512), None)
    assert offers[Operation.INPAINT].obstacle is Obstacle.NO_SELECTION
    plain, repainted = offers[Operation.GENERATE].kudos, offers[Operation.IMG2IMG].kudos
    assert plain is not None
    assert repainted is not None
    assert repainted > plain, "img2img costs more"
    asked = [entry["body"] for entry in await desk.bench.requests("POST", "/async")]
    assert len(asked) == 2
    for body in asked:
        assert body["dry_run"] is True
        assert "something private" not in str(body)
        assert "77" not in str(body["params"]["seed"])
    desk.studio.look()
    await asyncio.gather(*desk.bench.tasks)
    assert len(await desk.bench.requests("POST", "/async")) == 2, "what is known is not asked again"


async def test_a_slider_that_is_dragged_asks_for_its_last_value_only(desk: Desk) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    desk.studio.settings.set(s.MODEL, "Deliberate")
    desk.canvas.ready = Readiness(None, None, None, None, False, Extent(512, 512), None, None)
    desk.studio.look()
    for steps in range(10, 40):
        desk.studio.settings.set(s.STEPS, steps)
        await asyncio.sleep(0.01)
    await until_priced(desk, Operation.GENERATE)
    asked = [entry["body"]["params"]["steps"] for entry in await desk.bench.requests("POST", "/async")]
    assert asked == [39]


async def test_without_a_prompt_a_button_says_so(desk: Desk) -> None:
    desk.canvas.ready = sizes_of(512, 512)
    desk.studio.look()
    assert desk.studio.offers()[Operation.GENERATE].obstacle is Obstacle.NO_PROMPT
    assert desk.studio.offers()[Operation.INPAINT].obstacle is Obstacle.NO_SELECTION
    desk.studio.settings.set(s.PROMPT, "a fox")
    assert desk.studio.offers()[Operation.GENERATE].obstacle is None


async def test_what_the_horde_would_refuse_is_known_before(desk: Desk) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    desk.studio.settings.set(s.MODEL, "Deliberate")
    desk.bench.client.use_key("")
    desk.canvas.ready = sizes_of(1536, 1024)
    desk.studio.look()
    offer = desk.studio.offers()[Operation.GENERATE]
    assert offer.upfront
    assert [(problem.code, problem.field) for problem in offer.problems] == [("KudosUpfront", "params.width")]
    desk.studio.settings.set(s.STEPS, 60)
    fields = [problem.field for problem in desk.studio.offers()[Operation.GENERATE].problems]
    assert sorted(fields) == ["params.steps", "params.width"]


async def test_what_a_model_needs_is_told_and_done_at_once(desk: Desk) -> None:
    await desk.studio._live.reference.refresh()
    needy = next(info for info in desk.studio._live.reference.models.values() if info.requirements.max_steps)
    desk.studio.settings.set(s.MODEL, needy.name)
    told: list[str] = []
    desk.studio.on_advice(lambda: told.append(desk.studio.advice()))
    desk.studio.settings.set(s.STEPS, 150)
    assert told[-1] == desk.studio.advice()
    assert desk.studio.advice().startswith("advice: ")
    assert "steps" in desk.studio.advice()
    desk.studio.apply_advice()
    assert desk.studio.settings.get(s.STEPS) == needy.requirements.max_steps
    assert desk.studio.advice() == ""


async def test_each_document_keeps_its_own_prompt_and_a_new_one_starts_from_the_last(desk: Desk) -> None:
    for key, prompt in (("one", "a fox"), ("two", "a cat")):
        desk.canvas.key = key
        desk.studio.document_shown()
        desk.studio.settings.set(s.PROMPT, prompt)
    desk.canvas.key = "one"
    desk.studio.document_shown()
    assert desk.studio.settings.get(s.PROMPT) == "a fox"
    desk.canvas.key = "three"
    desk.studio.document_shown()
    assert desk.studio.settings.get(s.PROMPT) == "a cat"


async def test_models_that_were_used_are_remembered_the_newest_first(desk: Desk) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    for name in ("a", "b", "c", "d", "e", "f", "b", ""):
        desk.studio.settings.set(s.MODEL, name)
        desk.studio.generate()
    assert desk.studio.settings.get(s.RECENT_MODELS) == ("b", "f", "e", "d", "c")


async def test_the_last_seed_is_the_newest_picture_s(desk: Desk) -> None:
    assert desk.studio.last_seed() == ""
    desk.studio.settings.set(s.PROMPT, "a fox")
    desk.studio.settings.set(s.SEED, "4711")
    desk.studio.generate()
    await desk.bench.ended(desk.studio.jobs()[0].id)
    assert desk.studio.last_seed() == "4711"


@pytest.mark.parametrize("wanted", [True, False])
async def test_updates_are_looked_for_once_a_day_and_only_if_wanted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    monkeypatch.setattr(updatewatch, "DELAY", 0.0)
    asked: list[str] = []

    async def look(client: object, address: str, current: str) -> Update:
        asked.append(address)
        return Update("9.0", "https://example.org")

    monkeypatch.setattr(updatewatch, "check_for_update", look)
    monkeypatch.setattr(updatewatch, "INTERVAL", 0.0)
    desk.studio.settings.set(s.UPDATE_CHECK, wanted)
    told: list[Update | None] = []
    desk.studio.on_update(lambda: told.append(desk.studio.update()))
    looking = asyncio.ensure_future(desk.studio.updates.keep_looking(desk.bench.client, THERE, "0.1.0"))
    for _ in range(20):
        await asyncio.sleep(0)
    looking.cancel()
    assert asked == ([THERE] if wanted else [])
    assert told == ([Update("9.0", "https://example.org")] if wanted else [])


@pytest.mark.parametrize("address", ["", "https://example.org/pyproject.toml"])
async def test_who_practises_on_this_machine_asks_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(updatewatch, "DELAY", 0.0)
    await asyncio.wait_for(desk.studio.updates.keep_looking(desk.bench.client, address, "0.1.0"), 5)
    assert desk.studio.settings.get(s.UPDATE_CHECKED) == s.UPDATE_CHECKED.default


async def test_models_come_from_the_horde_and_so_does_the_reason_why_not(desk: Desk) -> None:
    changes = []
    stop = desk.studio.on_models(lambda: changes.append(len(desk.studio.models())))
    desk.studio.refresh_models()
    await asyncio.gather(*desk.bench.tasks)
    assert changes[-1:] > [0]
    assert desk.studio.models_problem() == ""
    await desk.bench.ask("/practice/faults", {"faults": ["html_502@models"]})
    desk.studio.refresh_models()
    await asyncio.gather(*desk.bench.tasks)
    assert desk.studio.models_problem().startswith("server: ")
    assert desk.studio.models(), "the list of before stays usable"
    stop()


async def test_rows_are_told_and_ended_ones_can_be_cleared(desk: Desk) -> None:
    listed, changed = [], []
    desk.studio.on_jobs(lambda: listed.append(len(desk.studio.jobs())))
    desk.studio.on_job(changed.append)
    desk.studio.settings.set(s.PROMPT, "[practice queue=300] a fox")
    desk.studio.generate()
    desk.studio.generate()
    first = desk.studio.jobs()[-1].id
    await desk.bench.until(first, lambda job: job.state is JobState.QUEUED)
    desk.studio.cancel(first)
    await desk.bench.until(first, lambda job: job.state is JobState.CANCELLED)
    assert any(job.id == first and job.state is JobState.CANCELLED for job in changed)
    desk.studio.clear_ended()
    assert len(desk.studio.jobs()) == 1
    desk.studio.cancel_all()
    (other,) = desk.studio.jobs()
    assert (await desk.bench.ended(other.id)).state is JobState.CANCELLED
    desk.studio.dismiss(other.id)
    assert listed == [1, 2, 1, 0]


async def test_diagnostics_tell_of_settings_jobs_and_log_and_of_nothing_private(desk: Desk) -> None:
    (desk.file.parent / "aihorde.log").write_text("the last line, with my secret key\n", "utf-8")
    settings = desk.studio.settings
    settings.set(s.API_KEY, "my secret key")
    settings.set(s.PROMPT, "[practice fault=kudos_upfront] a thing of mine")
    settings.set(s.STEPS, 33)
    desk.studio.generate()
    await desk.bench.ended(desk.studio.jobs()[0].id)
    shown: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    desk.studio.collect_diagnostics(shown.set_result)
    report = await asyncio.wait_for(shown, 20)
    for told in (
        "Krita: 5.2.9",
        "steps: 33",
        "generate, failed, 0 of 1 images",
        "KudosUpfront",
        "the last line",
    ):
        assert told in report, told
    for private in ("my secret key", "a thing of mine"):
        assert private not in report


async def test_offers_follow_what_the_canvas_says(desk: Desk) -> None:
    desk.studio.settings.set(s.PROMPT, "a fox")
    told: list[Obstacle | None] = []
    stop = desk.studio.on_offers(lambda: told.append(desk.studio.offers()[Operation.INPAINT].obstacle))
    desk.studio.look()
    desk.canvas.obstacle = Obstacle.NO_SELECTION
    desk.studio.look()
    desk.studio.look()  # nothing new
    stop()
    desk.canvas.obstacle = Obstacle.OUTSIDE
    desk.studio.look()
    assert told == [None, Obstacle.NO_SELECTION]
