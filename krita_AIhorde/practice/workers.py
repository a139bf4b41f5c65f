"""The practice horde's workers: who they are, and what they can take on."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .models import MODELS
from .requests import GenerationRequest


@dataclass
class Worker:
    """`models` empty means every model of the practice horde. `max_pixels` is the largest area it draws.

    One in `maintenance` finishes what it draws, and takes nothing new."""

    name: str
    threads: int = 1
    models: list[str] = field(default_factory=list)
    painting: bool = True
    img2img: bool = True
    nsfw: bool = True
    trusted: bool = True
    lora: bool = True
    post_processing: bool = True
    maintenance: bool = False
    max_pixels: int = 4194304
    id: str = ""
    retired: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.id or str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.name}.practice"))
        self.models = list(self.models) or list(MODELS)

    def model_for(self, request: GenerationRequest) -> str | None:
        """The model it would use; None if it can't take the request at all."""
        wanted = request.models or self.models
        model = next((name for name in wanted if name in self.models), None)
        return model if model is not None and self._suits(request) else None

    def _suits(self, request: GenerationRequest) -> bool:
        body, params, commission = request.body, request.params, request.commission
        lacking = (
            self.maintenance,
            body.get("nsfw", True) and not self.nsfw,
            body.get("trusted_workers") and not self.trusted,
            commission.width * commission.height > self.max_pixels,
            params.get("loras") and not self.lora,
            params.get("post_processing") and not self.post_processing,
            commission.source is not None and not self._can_use_source(commission.processing),
        )
        if any(lacking):
            return False
        chosen = body.get("workers", [])[:5]
        return not chosen or (self.id in chosen) != bool(body.get("worker_blacklist"))

    def _can_use_source(self, processing: str) -> bool:
        if processing not in ("inpainting", "outpainting"):
            return self.img2img
        # The real server asks for any inpainting model on the worker, not for the one requested.
        hosts_one = any(name in MODELS and MODELS[name].inpainting for name in self.models)
        return self.img2img and self.painting and hosts_one


def default_workers() -> list[Worker]:
    return [Worker("practice worker 1"), Worker("practice worker 2")]


def parse_workers(written: Any) -> list[Worker]:
    """A number of workers, or a list of objects with the fields of `Worker`. Raises ValueError for anything
    else."""
    if isinstance(written, int) and not isinstance(written, bool) and 0 <= written <= 50:
        return [Worker(f"practice worker {number + 1}") for number in range(written)]
    if not isinstance(written, list) or not all(isinstance(item, dict) for item in written):
        raise ValueError("workers is a number, or a list of objects")
    allowed = {
        "name", "threads", "models", "painting", "img2img", "nsfw", "trusted", "lora", "post_processing",
        "maintenance", "max_pixels", "id",
    }  # fmt: skip
    for item in written:
        if "name" not in item or not set(item) <= allowed:
            raise ValueError(f"a worker has a name, and may have {', '.join(sorted(allowed - {'name'}))}")
    return [Worker(**item) for item in written]


def threads(workers: Sequence[Worker]) -> int:
    return sum(worker.threads for worker in workers)
