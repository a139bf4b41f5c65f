"""A studio without a canvas or a network: tests set what it shows and read what it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import evolve

from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.horde.messages import ActiveModel, Newspiece, Performance, User, WorkerInfo
from krita_AIhorde.horde.modelinfo import ModelInfo, unlisted
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.offer import Offer, offers_of
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.snapshot import JobSnapshot, RowAction
from krita_AIhorde.jobs.spec import NO_CHANGE, Change, Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.settings import Settings

READY = Readiness(
    None, None, None, None, False, Extent(704, 512), Extent(1024, 768), Extent(512, 512)
)  # fmt: skip
NO_SELECTION = evolve(READY, inpaint=Obstacle.NO_SELECTION, inpaint_size=None)


def model(name: str, count: int) -> ActiveModel:
    return ActiveModel(name=name, count=count, performance=1.0, queued=0.0, jobs=0.0, eta=0, type="image")


def job(id: str, state: JobState = JobState.QUEUED, **rest: Any) -> JobSnapshot:
    given: dict[str, Any] = {
        "operation": Operation.GENERATE,
        "prompt": "a lighthouse on a cliff at dusk, oil painting, dramatic clouds",
        "document_name": "harbour.kra",
        "total": 1,
        "actions": frozenset({RowAction.CANCEL if state.running else RowAction.DISMISS}),
        **rest,
    }
    return JobSnapshot(id=id, state=state, **given)


CHANNELS = (
    "jobs", "job", "models", "message", "readiness", "offers", "advice", "update",
    "infos", "workers", "account", "health",
)  # fmt: skip


class Channel:
    def __init__(self) -> None:
        self.listeners: list[Callable[..., None]] = []

    def subscribe(self, changed: Callable[..., None]) -> Callable[[], None]:
        self.listeners.append(changed)
        return lambda: self.listeners.remove(changed)

    def tell(self, *what: Any) -> None:
        for listener in list(self.listeners):
            listener(*what)


class FakeStudio:
    def __init__(self) -> None:
        self.settings = Settings()
        self.asked: list[tuple[Any, ...]] = []
        self._jobs: list[JobSnapshot] = []
        self._models: list[ActiveModel] = []
        self._problem = ""
        self._message = ""
        self._readiness = READY
        self._infos: dict[str, ModelInfo] = {}
        self._workers: list[WorkerInfo] = []
        self._workers_problem: HordeError | None = None
        self._anonymous = True
        self._user: User | None = None
        self._account_problem: HordeError | None = None
        self._health: tuple[HealthLevel | None, HordeError | None, Performance | None] = (None, None, None)
        self._news: list[Newspiece] = []
        self.gifts: list[tuple[str, int, str]] = []
        self.told: Callable[[HordeError | None], None] = lambda _: None
        self.channels = {name: Channel() for name in CHANNELS}
        self._offers = offers_of(READY)
        self._advice = ""
        self._seed = ""
        self._update: Update | None = None

    @property
    def listeners(self) -> int:
        return sum(len(channel.listeners) for channel in self.channels.values())

    # What tests set.

    def set_jobs(self, *jobs: JobSnapshot) -> None:
        self._jobs = list(jobs)
        self.channels["jobs"].tell()

    def change(self, changed: JobSnapshot) -> None:
        self._jobs = [changed if old.id == changed.id else old for old in self._jobs]
        self.channels["job"].tell(changed)

    def set_models(self, *models: tuple[str, int], problem: str = "") -> None:
        self._models = [model(*entry) for entry in models]
        self._problem = problem
        self.channels["models"].tell()

    def set_model_list(self, *models: ActiveModel) -> None:
        self._models = list(models)
        self.channels["models"].tell()

    def set_infos(self, *infos: ModelInfo) -> None:
        self._infos = {info.name: info for info in infos}
        self.channels["infos"].tell()

    def set_workers(self, *workers: WorkerInfo, problem: HordeError | None = None) -> None:
        self._workers, self._workers_problem = list(workers), problem
        self.channels["workers"].tell()

    def set_account(
        self, user: User | None = None, *, anonymous: bool = False, problem: HordeError | None = None
    ) -> None:
        self._user, self._anonymous, self._account_problem = user, anonymous, problem
        self.channels["account"].tell()

    def set_health(
        self,
        level: HealthLevel | None,
        problem: HordeError | None = None,
        load: Performance | None = None,
        news: Sequence[Newspiece] = (),
    ) -> None:
        self._health, self._news = (level, problem, load), list(news)
        self.channels["health"].tell()

    def say(self, message: str) -> None:
        self._message = message
        self.channels["message"].tell(message)

    def set_readiness(self, readiness: Readiness) -> None:
        """What the canvas says, and offers that know no more than that."""
        self._readiness = readiness
        self.channels["readiness"].tell(readiness)
        self.set_offers(**{operation.value: offer for operation, offer in offers_of(readiness).items()})

    def set_offers(self, **offers: Offer) -> None:
        """By the operations' values; the others stay."""
        self._offers = {**self._offers, **{Operation(value): offer for value, offer in offers.items()}}
        self.channels["offers"].tell()

    def set_advice(self, advice: str) -> None:
        self._advice = advice
        self.channels["advice"].tell()

    def set_update(self, update: Update | None) -> None:
        self._update = update
        self.channels["update"].tell()

    def set_last_seed(self, seed: str) -> None:
        self._seed = seed
        self.channels["jobs"].tell()

    # The Studio protocol.

    def jobs(self) -> list[JobSnapshot]:
        return self._jobs

    def models(self) -> list[ActiveModel]:
        return self._models

    def models_problem(self) -> str:
        return self._problem

    def message(self) -> str:
        return self._message

    def readiness(self) -> Readiness:
        return self._readiness

    def offers(self) -> dict[Operation, Offer]:
        return self._offers

    def advice(self) -> str:
        return self._advice

    def last_seed(self) -> str:
        return self._seed

    def update(self) -> Update | None:
        return self._update

    def apply_advice(self) -> None:
        self.asked.append(("apply_advice",))

    def on_offers(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["offers"].subscribe(changed)

    def on_advice(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["advice"].subscribe(changed)

    def on_update(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["update"].subscribe(changed)

    def on_jobs(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["jobs"].subscribe(changed)

    def on_job(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["job"].subscribe(changed)

    def on_models(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["models"].subscribe(changed)

    def on_message(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["message"].subscribe(changed)

    def on_readiness(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["readiness"].subscribe(changed)

    def look(self) -> None:
        self.asked.append(("look",))

    def generate(self) -> None:
        self.asked.append(("generate",))

    def img2img(self) -> None:
        self.asked.append(("img2img",))

    def inpaint(self) -> None:
        self.asked.append(("inpaint",))

    def toggle_mask(self) -> None:
        self.asked.append(("toggle_mask",))

    def cancel(self, job_id: str) -> None:
        self.asked.append(("cancel", job_id))

    def cancel_all(self) -> None:
        self.asked.append(("cancel_all",))

    def insert(self, job_id: str) -> None:
        self.asked.append(("insert", job_id))

    def insert_again(self, job_id: str) -> None:
        self.asked.append(("insert_again", job_id))

    def send_again(self, job_id: str, change: Change = NO_CHANGE) -> None:
        self.asked.append(("send_again", job_id) if change == NO_CHANGE else ("send_again", job_id, change))

    def fetch_again(self, job_id: str) -> None:
        self.asked.append(("fetch_again", job_id))

    def collect_diagnostics(self, show: Callable[[str], None]) -> None:
        self.asked.append(("collect_diagnostics",))
        show("AI Horde 0.1.0\nKrita 5.1.5")

    def results_folder(self) -> str:
        return "/nowhere/results"

    def favour(self, job_id: str, favourite: bool) -> None:
        self.asked.append(("favour", job_id, favourite))

    def dismiss(self, job_id: str) -> None:
        self.asked.append(("dismiss", job_id))

    def clear_ended(self) -> None:
        self.asked.append(("clear_ended",))

    def refresh_models(self) -> None:
        self.asked.append(("refresh_models",))

    # Live state.

    def model_info(self, name: str) -> ModelInfo:
        return self._infos.get(name) or unlisted(name)

    def on_model_infos(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["infos"].subscribe(changed)

    def workers(self) -> list[WorkerInfo]:
        return self._workers

    def workers_problem(self) -> HordeError | None:
        return self._workers_problem

    def on_workers(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["workers"].subscribe(changed)

    def load_workers(self) -> None:
        self.asked.append(("load_workers",))

    def is_anonymous(self) -> bool:
        return self._anonymous

    def user(self) -> User | None:
        return self._user

    def account_problem(self) -> HordeError | None:
        return self._account_problem

    def on_account(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["account"].subscribe(changed)

    def refresh_account(self) -> None:
        self.asked.append(("refresh_account",))

    def give_kudos(
        self, recipient: str, amount: int, retry_key: str, told: Callable[[HordeError | None], None]
    ) -> None:
        """``told`` is kept as `told`, for a test to call."""
        self.gifts.append((recipient, amount, retry_key))
        self.told = told

    def health(self) -> HealthLevel | None:
        return self._health[0]

    def health_problem(self) -> HordeError | None:
        return self._health[1]

    def performance(self) -> Performance | None:
        return self._health[2]

    def news(self) -> list[Newspiece]:
        return self._news

    def on_health(self, changed: Callable[..., None]) -> Callable[[], None]:
        return self.channels["health"].subscribe(changed)

    def refresh_health(self) -> None:
        self.asked.append(("refresh_health",))
