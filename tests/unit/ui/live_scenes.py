"""Live state to look at: for `look_live.py` and for the tests of the widgets that show it."""

from __future__ import annotations

from attrs import evolve
from fake_studio import FakeStudio

from krita_AIhorde import settings as s
from krita_AIhorde.horde.errors import InvalidKey, Unreachable
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.horde.messages import ActiveModel, Newspiece, Performance, User, WorkerInfo
from krita_AIhorde.horde.modelinfo import Baseline, ModelInfo, Requirements
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.account import AccountPanel
from krita_AIhorde.ui.binding import Bindings
from krita_AIhorde.ui.models import ModelPicker
from krita_AIhorde.ui.status import StatusLight
from krita_AIhorde.ui.workers import WorkerLists

MODELS = (
    ActiveModel("Deliberate", 12, jobs=30.0, eta=42),
    ActiveModel("stable_diffusion", 9, eta=0),
    ActiveModel("AlbedoBase XL (SDXL)", 8, jobs=112.0, eta=190),
    ActiveModel("Dreamshaper", 6, jobs=1.0, eta=4),
    ActiveModel("Flux.1-Schnell fp8 (Compact)", 4, jobs=80.0, eta=700),
    ActiveModel("ICBINP - I Can't Believe It's Not Photography", 3, eta=12),
    ActiveModel("Deliberate Inpainting", 2, eta=0),
    ActiveModel("Comic-Diffusion", 2, jobs=2.0, eta=31),
    ActiveModel("my own mix [SDXL]", 1, eta=0),
)
INFOS = (
    ModelInfo(
        "Deliberate", Baseline.SD1,
        "A generalist that paints whatever you like, in detail; strong at portraits and fantasy.", "2.0",
        "generalist", True, homepage="https://civitai.com/models/4823/deliberate",
    ),
    ModelInfo("stable_diffusion", Baseline.SD1, "The baseline of all that were trained later.", "1.5",
              "generalist"),
    ModelInfo("AlbedoBase XL (SDXL)", Baseline.SDXL, "Photographs and paintings alike, large.", "2.1",
              "generalist", True),
    ModelInfo("Dreamshaper", Baseline.SD1, "Fantasy art and dreamlike landscapes.", "8", "artistic", True),
    ModelInfo(
        "Flux.1-Schnell fp8 (Compact)", Baseline.FLUX, "Follows long prompts, writes legible text.", "1",
        "generalist", requirements=Requirements(3, 8, None, 1, 4, 1, ("k_euler",), ("karras",)),
        features_not_supported=("hires_fix", "inpainting", "controlnet"),
    ),
    ModelInfo("ICBINP - I Can't Believe It's Not Photography", Baseline.SD1, "Photographs.", "final",
              "realistic", True, requirements=Requirements(clip_skip=2)),
    ModelInfo("Deliberate Inpainting", Baseline.SD1, "Deliberate, made for inpainting.", "1", "generalist",
              inpainting=True),
    ModelInfo(
        "Comic-Diffusion", Baseline.SD1,
        "Six comic artists' styles in one model; mix them by their words.", "2", "artistic",
        homepage="https://huggingface.co/ogkalu/Comic-Diffusion",
        triggers=("charliebo artstyle", "holliemengert artstyle", "marioalberti artstyle",
                  "pepelarraz artstyle", "andreasrocha artstyle", "jamesdaly artstyle"),
    ),
)  # fmt: skip
WORKERS = (
    WorkerInfo("dabd37a7-2190-4282-a237-e005a3d39255", "fake dreamer", trusted=True, nsfw=True,
               max_pixels=4194304, img2img=True, painting=True, lora=True, post_processing=True,
               performance="4.7 megapixelsteps per second",
               models=("AlbedoBase XL (SDXL)", "Deliberate", "Dreamshaper")),
    WorkerInfo("1b0a9e1c-9e3f-4f5b-8b7e-2f64a8f1c001", "attic laptop", nsfw=False, max_pixels=331776,
               img2img=True, post_processing=True, performance="0.2 megapixelsteps per second",
               models=("stable_diffusion",)),
    WorkerInfo("1b0a9e1c-9e3f-4f5b-8b7e-2f64a8f1c002", "night owl", maintenance_mode=True, nsfw=True,
               max_pixels=1048576, img2img=True, painting=True, post_processing=True,
               performance="No requests fulfilled yet", models=("Deliberate",)),
    WorkerInfo("1b0a9e1c-9e3f-4f5b-8b7e-2f64a8f1c003", "text to image only & <b>bold</b>", trusted=True,
               nsfw=True, max_pixels=1048576, performance="11.3 megapixelsteps per second",
               models=("Flux.1-Schnell fp8 (Compact)",)),
)  # fmt: skip
USER = User("alice#12", kudos=5230.0, concurrency=30, trusted=True, worker_count=2,
            worker_ids=(WORKERS[0].id, "gone"), requests=1234, contributions=98)  # fmt: skip
NEWS = (
    Newspiece(
        "User profile management and Worker/Model details now on AIHorde.net",
        "You can now manage your user profile and see **detailed information** about Workers and Models "
        "directly on [AIHorde.net](https://aihorde.net). Check out our [devlog](https://haidra.net/profile/).",
        "2025-12-16", links=("https://aihorde.net", "https://haidra.net/profile/"),
    ),
    Newspiece("Proxies.", "Haidra has deployed a new proxy: <b>not bold</b> & plain.", "2025-06-25",
              links=("javascript:alert(1)", "https://haidra.net/proxies/")),
    Newspiece("Worker messages.", "AI Horde workers can now receive messages.", "2025-01-27"),
)  # fmt: skip
LOAD = Performance(1204, 24080.0, 9800.0, 33, 41)


def known() -> FakeStudio:
    """With an account, favourites, chosen workers, and news."""
    studio = FakeStudio()
    settings = studio.settings
    studio.set_model_list(*MODELS)
    studio.set_infos(*INFOS)
    studio.set_workers(*WORKERS)
    studio.set_account(USER)
    studio.set_health(HealthLevel.BUSY, load=LOAD, news=NEWS)
    settings.set(s.API_KEY, "a key")
    settings.set(s.FAVOURITE_MODELS, ("Comic-Diffusion", "Long gone"))
    settings.set(s.RECENT_MODELS, ("Dreamshaper",))
    settings.set(s.MODEL, "Comic-Diffusion")
    settings.set(s.PROMPT, "a red fox, jamesdaly artstyle")
    settings.set(s.WORKER_CHOICE, "prefer")
    settings.set(s.PREFERRED_WORKERS, (WORKERS[0].id, WORKERS[3].id, "offline-worker-0000-0000-000000000000"))
    settings.set(s.WORKER_NAMES, ("offline-worker-0000-0000-000000000000 the one with the big card",))
    settings.set(s.NEWS_SEEN, "2025-06-25 Proxies.")
    return studio


def bare() -> FakeStudio:
    """As at the first start: anonymous, nothing known yet."""
    return FakeStudio()


def wrong() -> FakeStudio:
    """A key that nobody has, a Horde that cannot be reached."""
    studio = known()
    studio.set_models(problem="AI Horde cannot be reached. Check your internet connection.")
    studio.set_infos()
    studio.set_account(problem=InvalidKey())
    studio.set_health(HealthLevel.UNREACHABLE, Unreachable())
    studio.settings.set(s.WORKER_CHOICE, "block")
    studio.settings.set(s.BLOCKED_WORKERS, tuple(f"{i}bd37a7-2190-4282-a237-e005a3d39255" for i in range(5)))
    return studio


def rich() -> FakeStudio:
    """Flux, with what it wants; an account without workers; all is well."""
    studio = known()
    studio.settings.set(s.MODEL, "Flux.1-Schnell fp8 (Compact)")
    studio.set_account(evolve(USER, username="Bob#3", worker_count=0, worker_ids=(), trusted=False,
                              contributions=0, kudos=-12.4))  # fmt: skip
    studio.set_health(HealthLevel.OK, load=Performance(0, 0.0, 9800.0, 33, 41), news=NEWS)
    studio.settings.set(s.WORKER_CHOICE, "any")
    return studio


class Page(QtWidgets.QWidget):
    """All the widgets that show live state, one below the other, unfolded."""

    def __init__(self, studio: FakeStudio) -> None:
        super().__init__()
        self.bindings = Bindings(studio.settings)
        self.light = StatusLight(studio, self)
        self.models = ModelPicker(studio, self.bindings, self)
        self.account = AccountPanel(studio, self.bindings, self)
        self.workers = WorkerLists(studio, self.bindings, self)
        layout = QtWidgets.QVBoxLayout(self)
        line = QtWidgets.QHBoxLayout()
        line.addWidget(self.light)
        line.addStretch(1)
        layout.addLayout(line)
        for part in (self.models, self.account, self.workers):
            layout.addWidget(part)
        layout.addStretch(1)

    def unfold(self) -> None:
        for name in ("modelInfoButton", "giveKudosHeader"):
            for button in self.findChildren(QtWidgets.QToolButton, name):
                button.setChecked(True)

    def release(self) -> None:
        for part in (self.light, self.models, self.account, self.workers, self.bindings):
            part.release()
