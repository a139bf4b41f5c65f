"""How things stand at the practice horde: workers, health, news; and that all of it has the real shape."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from practice_kit import TRUSTED, USER, Visitor, order
from practice_recordings import DATA

_NULLS = {"/workers": ("team",), "/find_user": ("usage", "contributions")}
_SWAGGER = json.loads((DATA / "swagger.json").read_text(encoding="utf-8"))


async def workers(visitor: Visitor, query: str = "?type=image") -> list[dict[str, Any]]:
    return list((await visitor.ask("GET", f"/api/v2/workers{query}")).body)


async def served(visitor: Visitor) -> set[str]:
    models = (await visitor.ask("GET", "/api/v2/status/models?type=image")).body
    return {model["name"] for model in models if model["count"]}


@pytest.mark.parametrize("number", [0, 1, 7])
async def test_there_are_as_many_workers_as_are_employed(unlimited: Visitor, number: int) -> None:
    await unlimited.control(workers=number)
    found = await workers(unlimited)
    assert len({worker["id"] for worker in found}) == len(found) == number
    performance = (await unlimited.ask("GET", "/api/v2/status/performance")).body
    assert performance["worker_count"] == number


async def test_the_models_served_are_those_of_the_workers(unlimited: Visitor) -> None:
    assert {name for worker in await workers(unlimited) for name in worker["models"]} == await served(
        unlimited
    )
    employed = [
        {"name": "one", "models": ["Deliberate", "SDXL 1.0"]},
        {"name": "two", "models": ["Deliberate"]},
        {"name": "resting", "models": ["Juggernaut XL"], "maintenance": True},
    ]
    await unlimited.control(workers=employed)
    assert await served(unlimited) == {"Deliberate", "SDXL 1.0"}
    assert [(w["name"], w["maintenance_mode"]) for w in await workers(unlimited)] == [
        ("one", False),
        ("two", False),
        ("resting", True),
    ]


async def test_workers_are_found_by_name_type_and_id(unlimited: Visitor) -> None:
    await unlimited.control(
        workers=[{"name": "One"}, {"name": "Two", "nsfw": False, "post_processing": False}]
    )
    (found,) = await workers(unlimited, "?name=tWO")
    assert (found["name"], found["nsfw"], found["post-processing"]) == ("Two", False, False)
    assert await workers(unlimited, "?type=text") == []
    assert (await unlimited.ask("GET", f"/api/v2/workers/{found['id']}")).body == found
    unknown = await unlimited.ask("GET", "/api/v2/workers/nobody")
    assert (unknown.status, unknown.body["rc"]) == (404, "WorkerNotFound")


@pytest.mark.parametrize(
    ("lacking", "params"),
    [
        ({"maintenance": True}, {}),
        ({"post_processing": False}, {"post_processing": ["GFPGAN"]}),
        ({"lora": False}, {"loras": [{"name": "12345"}]}),
    ],
)
async def test_workers_take_only_what_they_say_they_can(
    unlimited: Visitor, lacking: dict[str, bool], params: dict[str, Any]
) -> None:
    await unlimited.control(workers=[{"name": "one", **lacking}])
    request_id = await unlimited.accepted(order(**params))
    assert not (await unlimited.check(request_id))["is_possible"]
    await unlimited.control(workers=[{"name": "two"}])
    assert (await unlimited.finished(request_id))["finished"] == 1


async def test_a_request_can_name_a_worker_of_the_list(unlimited: Visitor) -> None:
    first, second = await workers(unlimited)
    for wanted in (first, second):
        request_id = await unlimited.accepted({**order(), "workers": [wanted["id"]]})
        (generation,) = (await unlimited.finished(request_id))["generations"]
        assert generation["worker_id"] == wanted["id"]


async def test_workers_are_someones(unlimited: Visitor) -> None:
    mine = await unlimited.find_user(TRUSTED)
    assert mine["worker_ids"] == [worker["id"] for worker in await workers(unlimited)]
    assert mine["worker_count"] == 2
    assert (await unlimited.find_user(USER))["worker_ids"] == []


@pytest.mark.parametrize("health", ["OK", "DOWN", "OVERLOADED"])
async def test_the_heartbeat_can_be_anything(unlimited: Visitor, health: str) -> None:
    await unlimited.control(heartbeat=health)
    assert (await unlimited.ask("GET", "/api/v2/status/heartbeat")).body["message"] == health


async def test_no_other_heartbeat_is_known(unlimited: Visitor) -> None:
    answer = await unlimited.ask("POST", "/practice/faults", json={"heartbeat": "FINE"})
    assert answer.status == 400


@pytest.mark.parametrize(
    "path",
    ["/status/models", "/status/modes", "/status/news", "/status/performance", "/find_user", "/workers"],
)
async def test_answers_have_the_shape_that_the_specification_gives_them(
    unlimited: Visitor, path: str
) -> None:
    schema = _SWAGGER["paths"][f"/v2{path}"]["get"]["responses"]["200"]["schema"]
    body = (await unlimited.ask("GET", f"/api/v2{path}", headers={"apikey": USER})).body
    items = body if isinstance(body, list) else [body]
    assert items
    for item in items:
        assert set(item) <= set(_names(schema))
        for name in _NULLS.get(path, ()):  # whatever the specification says, these were recorded as null
            del item[name]
    whole = {**schema, "definitions": _SWAGGER["definitions"]}
    jsonschema.validate(body, whole, jsonschema.Draft4Validator)


def _names(schema: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        return _names(_SWAGGER["definitions"][schema["$ref"].rpartition("/")[2]])
    inner = [
        name for part in (*schema.get("allOf", []), schema.get("items", {})) if part for name in _names(part)
    ]
    return [*schema.get("properties", {}), *inner]
