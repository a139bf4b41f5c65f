"""A client of the practice horde, as plain as can be: no library of ours, so that it sees what is really
sent."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from PIL import Image
from yarl import URL

from krita_AIhorde.practice.server import PracticeHorde

USER = "practice-user"
POOR = "practice-poor"
TRUSTED = "practice-trusted"
ANONYMOUS = "0000000000"
AGENT = "practice-tests:1:https://example.org"
PATIENCE = 20.0


@dataclass
class Answer:
    status: int
    headers: Any
    raw: bytes

    @property
    def body(self) -> Any:
        """JSON where the answer is JSON, else text."""
        text = self.raw.decode()
        return json.loads(text) if "json" in self.headers.get("Content-Type", "") else text

    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.raw))


class Visitor:
    """Asks one practice horde. `key` is sent as apikey with submissions and find_user."""

    def __init__(self, horde: PracticeHorde, session: aiohttp.ClientSession) -> None:
        self.horde = horde
        self.session = session
        self.root = horde.url.removesuffix("/api/v2")

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        """`path` from the root on, or a whole URL, sent exactly as it is written."""
        url = URL(path if path.startswith("http") else self.root + path, encoded=True)
        async with self.session.request(method, url, **more) as response:
            return Answer(response.status, response.headers, await response.read())

    async def submit(self, body: dict[str, Any], key: str | None = USER) -> Answer:
        headers = {"Client-Agent": AGENT} | ({"apikey": key} if key is not None else {})
        return await self.ask("POST", "/api/v2/generate/async", json=body, headers=headers)

    async def accepted(self, body: dict[str, Any], key: str = USER) -> str:
        """The id of the request, which must not be refused."""
        answer = await self.submit(body, key)
        assert answer.status == 202, answer.body
        return str(answer.body["id"])

    async def check(self, request_id: str) -> Any:
        return (await self.ask("GET", f"/api/v2/generate/check/{request_id}")).body

    async def status(self, request_id: str) -> Any:
        return (await self.ask("GET", f"/api/v2/generate/status/{request_id}")).body

    async def cancel(self, request_id: str) -> Any:
        return (await self.ask("DELETE", f"/api/v2/generate/status/{request_id}")).body

    async def find_user(self, key: str = USER) -> Any:
        return (await self.ask("GET", "/api/v2/find_user", headers={"apikey": key})).body

    async def control(self, **settings: Any) -> Any:
        answer = await self.ask("POST", "/practice/faults", json=settings)
        assert answer.status == 200, answer.body
        return answer.body

    async def log(self, full: bool = False) -> list[dict[str, Any]]:
        answer = await self.ask("GET", "/practice/log" + ("?full=1" if full else ""))
        return list(answer.body)

    async def seen(self, request_id: str) -> dict[str, Any]:
        """What the server itself knows of a request."""
        state = (await self.ask("GET", "/practice/state")).body
        return next(request for request in state["requests"] if request["id"] == request_id)

    async def until(self, request_id: str, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Waits for the server's view of a request to become so."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            state = await self.seen(request_id)
            if true(state):
                return state
            assert loop.time() < deadline, f"it never came so far: {state}"
            await asyncio.sleep(0.005)

    async def finished(self, request_id: str) -> Any:
        """The final status: everything that was processing has been delivered."""
        await self.until(request_id, lambda state: state["done"] and not state["processing"])
        return await self.status(request_id)

    async def generated(self, body: dict[str, Any], key: str = USER) -> list[dict[str, Any]]:
        """The generations of a new request, once it is done."""
        status = await self.finished(await self.accepted(body, key))
        return list(status["generations"])

    async def drawn(self, body: dict[str, Any]) -> Image.Image:
        """The one image of a new request."""
        (generation,) = await self.generated(body)
        answer = await self.ask("GET", generation["img"])
        assert answer.status == 200
        return answer.image()


def order(prompt: str = "a red fox in the snow", **params: Any) -> dict[str, Any]:
    """A body for POST generate/async: one small image, unless `params` say otherwise."""
    return {
        "prompt": prompt,
        "params": {"width": 128, "height": 128, "steps": 20, **params},
        "models": ["Deliberate"],
        "nsfw": False,
        "censor_nsfw": True,
        "r2": True,
    }


def encoded(image: Image.Image, kind: str = "PNG") -> str:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def far(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How far two colours are apart, in the channel where they differ most."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True))
