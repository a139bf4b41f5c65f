"""Every request that the client can send is one that the API's specification knows."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.horde.messages import GenerationParams, GenerationRequest

Connect = Callable[..., HordeClient]
ID = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
DATA = Path(__file__).resolve().parents[2] / "data"
SWAGGER = json.loads((DATA / "swagger.json").read_text(encoding="utf-8"))
REQUEST = GenerationRequest(
    prompt="a fox",
    models=("Deliberate",),
    params=GenerationParams(
        seed="42", n=2, seed_variation=1, post_processing=("GFPGAN",), facefixer_strength=0.5
    ),
    source_image="aW1hZ2U=",
    source_mask="bWFzaw==",
    workers=(ID,),
)
CALLS: dict[str, Callable[[HordeClient], Awaitable[Any]]] = {
    "submit": lambda client: client.submit(REQUEST),
    "price": lambda client: client.price(REQUEST),
    "check": lambda client: client.check(ID),
    "status": lambda client: client.status(ID),
    "cancel": lambda client: client.cancel(ID),
    "models": lambda client: client.models(),
    "find_user": lambda client: client.find_user(),
    "transfer_kudos": lambda client: client.transfer_kudos("someone#12", 5),
    "workers": lambda client: client.workers(),
    "modes": lambda client: client.modes(),
    "heartbeat": lambda client: client.heartbeat(),
    "performance": lambda client: client.performance(),
    "news": lambda client: client.news(),
}
# What any request may carry; Client-Agent, because the limiter looks at it everywhere.
EVERYWHERE = {
    "host", "user-agent", "accept", "accept-encoding", "connection", "content-type", "content-length",
    "client-agent",
}  # fmt: skip
NO_CALLS = {"endpoint", "use_key", "forget", "failures", "close", "fetch_image", "image_bytes", "fetch_text"}


def operation(method: str, path: str) -> dict[str, Any]:
    """What the specification says of a request; its path's own parameters included."""
    for template, item in SWAGGER["paths"].items():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(SWAGGER["basePath"] + template))
        if re.fullmatch(pattern, path) and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]
            return {**found, "parameters": [*item.get("parameters", []), *found.get("parameters", [])]}
    raise AssertionError(f"the specification knows no {method} {path}")


@pytest.mark.parametrize("name", CALLS)
async def test_a_request_is_as_specified(raw_host: Any, wire: Any, connect: Connect, name: str) -> None:
    host = await raw_host(lambda _: wire.reply({}))
    with contextlib.suppress(HordeError):  # {} is an answer to few questions
        await CALLS[name](connect(host.url))
    (request,) = host.received
    url = urlsplit(request.target)
    parameters = operation(request.method, url.path)["parameters"]
    sent = {
        "query": {key.lower() for key, _ in parse_qsl(url.query)},
        "header": set(request.headers) - EVERYWHERE,
        "body": {"payload"} if request.body else set(),
    }
    for place, names in sent.items():
        known = {p["name"].lower(): p.get("required", False) for p in parameters if p["in"] == place}
        assert names <= set(known)
        assert {name for name, required in known.items() if required} <= names
    if request.body:
        schema = next(p["schema"] for p in parameters if p["in"] == "body")
        whole = {**schema, "definitions": SWAGGER["definitions"]}
        jsonschema.validate(json.loads(request.body), whole, jsonschema.Draft4Validator)


def test_no_call_is_left_out() -> None:
    public = {name for name in vars(HordeClient) if not name.startswith("_")}
    assert public - NO_CALLS == set(CALLS)
