"""Live state for the docker: which models are served at present."""

from __future__ import annotations

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.live import LiveState
from krita_AIhorde.horde.messages import ActiveModel

REFRESH_INTERVAL = 120.0  # seconds


class ModelCatalog(LiveState):
    """The last list of models that came."""

    def __init__(self, client: HordeClient) -> None:
        super().__init__()
        self._client = client
        self.models: tuple[ActiveModel, ...] = ()

    async def _load(self) -> None:
        self.models = await self._client.models()
        self._succeed()

    def _calm(self) -> float:
        return REFRESH_INTERVAL
