"""What the docker can ask for, and what it is shown: the seam between widgets and everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.horde.messages import ActiveModel, Newspiece, Performance, User, WorkerInfo
from krita_AIhorde.horde.modelinfo import ModelInfo
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.readiness import Readiness
from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.jobs.spec import Change, Operation
from krita_AIhorde.settings import Settings

Unsubscribe = Callable[[], None]


class Studio(Protocol):
    """The one state behind every docker. All is called on the main thread; nothing here blocks."""

    settings: Settings

    # What is shown. Each ``on_…`` calls back at every change until the returned function is called.
    def jobs(self) -> Sequence[JobSnapshot]: ...  # newest first
    def on_jobs(self, changed: Callable[[], None]) -> Unsubscribe: ...  # a job came or went
    def on_job(self, changed: Callable[[JobSnapshot], None]) -> Unsubscribe: ...  # one job's state changed
    def models(self) -> Sequence[ActiveModel]: ...  # most workers first; empty until they are known
    def models_problem(self) -> str: ...  # why the list could not be loaded, "" = it could
    def on_models(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def message(self) -> str: ...
    def on_message(self, changed: Callable[[str], None]) -> Unsubscribe: ...
    def readiness(self) -> Readiness: ...
    def on_readiness(self, changed: Callable[[Readiness], None]) -> Unsubscribe: ...
    def offers(self) -> Mapping[Operation, Offer]: ...  # what the three buttons would ask for
    def on_offers(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def advice(self) -> str: ...  # what the chosen model needs and does not have, "" = nothing
    def on_advice(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def last_seed(self) -> str: ...  # of the newest picture that landed, "" = there is none; after on_job
    def update(self) -> Update | None: ...  # a newer version of the plugin
    def on_update(self, changed: Callable[[], None]) -> Unsubscribe: ...

    # What is asked for.
    def look(self) -> None: ...  # the pointer or the keyboard came to the docker: compute readiness anew
    def generate(self) -> None: ...
    def img2img(self) -> None: ...
    def inpaint(self) -> None: ...
    def toggle_mask(self) -> None: ...
    def apply_advice(self) -> None: ...
    def cancel(self, job_id: str) -> None: ...
    def cancel_all(self) -> None: ...
    def insert(self, job_id: str) -> None: ...
    def insert_again(self, job_id: str) -> None: ...
    def send_again(self, job_id: str, change: Change = ...) -> None: ...
    def fetch_again(self, job_id: str) -> None: ...
    def favour(self, job_id: str, favourite: bool) -> None: ...  # keep its files for good, or no longer
    def dismiss(self, job_id: str) -> None: ...
    def clear_ended(self) -> None: ...
    def refresh_models(self) -> None: ...
    def collect_diagnostics(self, show: Callable[[str], None]) -> None: ...  # ``show`` gets the text, once
    def results_folder(self) -> str: ...  # where the pictures' files are


# Live state: what is known of the Horde. Each widget asks for the part that it shows; one studio is all of
# them. A ``…_problem`` is why nothing newer came, None while all is well; what is older is shown beside it.


class ModelLister(Protocol):
    """The models that are served."""

    settings: Settings

    def models(self) -> Sequence[ActiveModel]: ...
    def models_problem(self) -> str: ...
    def on_models(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def refresh_models(self) -> None: ...


class ModelDesk(ModelLister, Protocol):
    """And what the public reference says of them."""

    def model_info(self, name: str) -> ModelInfo: ...  # not ``known`` where the reference has nothing on it
    def on_model_infos(self, changed: Callable[[], None]) -> Unsubscribe: ...


class WorkerDesk(Protocol):
    """Those who generate. The list is long, and asked for only by whoever shows it."""

    settings: Settings

    def workers(self) -> Sequence[WorkerInfo]: ...  # by name; empty until they were loaded
    def workers_problem(self) -> HordeError | None: ...
    def on_workers(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def load_workers(self) -> None: ...


class AccountDesk(Protocol):
    """Whose key is in use, and what that account has."""

    settings: Settings

    def is_anonymous(self) -> bool: ...  # no key is in use, neither a saved one nor the environment's
    def user(self) -> User | None: ...  # None: anonymous, or not known (yet)
    def account_problem(self) -> HordeError | None: ...
    def on_account(self, changed: Callable[[], None]) -> Unsubscribe: ...  # also where another key is in use
    def refresh_account(self) -> None: ...
    def give_kudos(
        self, recipient: str, amount: int, retry_key: str, told: Callable[[HordeError | None], None]
    ) -> None:
        """``told`` gets what hindered it, None = they are given. After an ambiguous error the same
        ``retry_key`` makes sure that they are not given twice (see HordeClient.transfer_kudos).
        """

    def workers(self) -> Sequence[WorkerInfo]: ...  # for the names of the account's own
    def on_workers(self, changed: Callable[[], None]) -> Unsubscribe: ...


class HealthDesk(Protocol):
    """How the Horde is, and what it has to say."""

    settings: Settings

    def health(self) -> HealthLevel | None: ...  # None before the first look
    def health_problem(self) -> HordeError | None: ...
    def performance(self) -> Performance | None: ...
    def news(self) -> Sequence[Newspiece]: ...  # newest first
    def on_health(self, changed: Callable[[], None]) -> Unsubscribe: ...
    def refresh_health(self) -> None: ...  # somebody looks closer


class LiveStudio(Studio, ModelDesk, WorkerDesk, AccountDesk, HealthDesk, Protocol):
    """All of it."""
