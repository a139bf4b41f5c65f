"""What is known of the Horde at present, for the docker: one of each state, and how each is kept fresh."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from krita_AIhorde.horde.account import AccountState
from krita_AIhorde.horde.catalog import ModelCatalog
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.health import HealthLevel, HealthState
from krita_AIhorde.horde.live import LiveState
from krita_AIhorde.horde.messages import ActiveModel, User
from krita_AIhorde.horde.modelinfo import ModelInfo
from krita_AIhorde.horde.price import PriceWatch, Spawn
from krita_AIhorde.horde.reference import ModelReference, reference_url
from krita_AIhorde.horde.reports import Newspiece, Performance
from krita_AIhorde.horde.workers import WorkerInfo, WorkerList

log = logging.getLogger(__name__)
Unsubscribe = Callable[[], None]


@frozen
class Live:
    """All live states of one client."""

    catalog: ModelCatalog
    reference: ModelReference
    account: AccountState
    health: HealthState
    workers: WorkerList
    prices: PriceWatch

    @classmethod
    def of(cls, client: HordeClient, folder: Path, spawn: Spawn) -> Live:
        """``folder``: where the public model reference is kept. Nothing is asked for yet."""
        live = cls(
            ModelCatalog(client),
            ModelReference(client, folder, reference_url(client.endpoint)),
            AccountState(client),
            HealthState(client),
            WorkerList(client),
            PriceWatch(client, spawn),
        )
        for state in (live.catalog, live.account, live.health):
            client.recoveries.subscribe(state.network_is_back)
        return live

    def keep_fresh(self, spawn: Callable[..., object]) -> None:
        """From now on. The workers are not among it: their list is long, and few artists open it."""
        for state, name in (
            (self.catalog, "model list"),
            (self.account, "account"),
            (self.health, "health"),
            (self.reference, "model reference"),
        ):
            spawn(state.keep_fresh(), name)


class LiveDesk:
    """The part of the studio that shows ``Live``, in the docker's words (``ui.intents``)."""

    def __init__(self, live: Live, client: HordeClient, spawn: Spawn) -> None:
        self._live, self._horde, self._run = live, client, spawn

    # Models

    def models(self) -> Sequence[ActiveModel]:
        return self._live.catalog.models

    def on_models(self, changed: Callable[[], None]) -> Unsubscribe:
        return self._live.catalog.subscribe(changed)

    def refresh_models(self) -> None:
        self._refresh(self._live.catalog, "models")

    def model_info(self, name: str) -> ModelInfo:
        return self._live.reference.info(name)

    def on_model_infos(self, changed: Callable[[], None]) -> Unsubscribe:
        return self._live.reference.subscribe(changed)

    # Account

    def is_anonymous(self) -> bool:
        return self._live.account.is_anonymous

    def user(self) -> User | None:
        return self._live.account.user

    def account_problem(self) -> HordeError | None:
        return self._live.account.problem

    def on_account(self, changed: Callable[[], None]) -> Unsubscribe:
        return self._live.account.subscribe(changed)

    def refresh_account(self) -> None:
        self._refresh(self._live.account, "account")

    def give_kudos(
        self, recipient: str, amount: int, retry_key: str, told: Callable[[HordeError | None], None]
    ) -> None:
        self._run(self._give_kudos(recipient, amount, retry_key, told), "give kudos")

    async def _give_kudos(
        self, recipient: str, amount: int, retry_key: str, told: Callable[[HordeError | None], None]
    ) -> None:
        try:
            await self._horde.transfer_kudos(recipient, amount, retry_key=retry_key)
        except HordeError as error:
            log.info("kudos were not given: %s", type(error).__name__)
            told(error)
        else:
            self._live.account.expect_change()
            told(None)

    # Workers

    def workers(self) -> Sequence[WorkerInfo]:
        return self._live.workers.workers

    def workers_problem(self) -> HordeError | None:
        return self._live.workers.problem

    def on_workers(self, changed: Callable[[], None]) -> Unsubscribe:
        return self._live.workers.subscribe(changed)

    def load_workers(self) -> None:
        self._refresh(self._live.workers, "workers")

    # Health

    def health(self) -> HealthLevel | None:
        return self._live.health.level

    def health_problem(self) -> HordeError | None:
        return self._live.health.problem

    def performance(self) -> Performance | None:
        return self._live.health.performance

    def news(self) -> Sequence[Newspiece]:
        return self._live.health.news

    def on_health(self, changed: Callable[[], None]) -> Unsubscribe:
        return self._live.health.subscribe(changed)

    def refresh_health(self) -> None:
        self._refresh(self._live.health, "health")

    def _refresh(self, state: LiveState, name: str) -> asyncio.Task[None]:
        return self._run(state.refresh(), name)
