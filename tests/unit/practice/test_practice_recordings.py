"""The practice horde answers as the real server was recorded to answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from practice_kit import Visitor
from practice_recordings import (
    NOT_SERVED,
    as_told,
    body_of,
    differences,
    headers_of,
    load,
    names,
    raw_body,
)
from practice_situations import SITUATIONS, situation_of

_ELSEWHERE = ("06_image_download",)  # has a test of its own below
_LIMITER = tuple(name for name in names() if re.match(r"20\d_", name))  # in test_practice_limits.py
_RECEIVED = [name for name in names() if "worker_received" in name]
_REPLAYED = [name for name in names() if name not in (*_ELSEWHERE, *_LIMITER, *_RECEIVED)]
_SUBMITTED = {
    "90b_worker_received_minimal": "89_minimal_request",
    "186_worker_received": "186_filtered_prompt_replaced",
}


async def _replay(visitor: Visitor, name: str, request_id: str) -> Any:
    recording = load(name)
    path = recording["request"]["path"]
    last = path.rpartition("/")[2]
    if request_id and ("/generate/" in path or "/workers/" in path):
        path = path.replace(last, request_id)
    more: dict[str, Any] = {"headers": headers_of(recording)}
    body = body_of(recording)
    raw = raw_body(recording)
    if raw is not None:
        more["data"] = raw
    elif body is not None:
        more["json"] = body
    answer = await visitor.ask(recording["request"]["method"], path, **more)
    return recording["response"], last, answer


@pytest.mark.parametrize("name", _REPLAYED)
async def test_answers_as_recorded(unlimited: Visitor, name: str) -> None:
    request_id = await situation_of(name)(unlimited)
    recorded, last, answer = await _replay(unlimited, name, request_id)
    assert answer.status == recorded["status"], answer.body
    if recorded["status"] >= 400:
        assert as_told(answer.body, request_id) == as_told(recorded["body"], last if request_id else "")
    else:
        assert differences(recorded["body"], answer.body) == []
    for header, value in recorded["headers"].items():
        assert header in answer.headers
        assert header == "Horde-Node" or answer.headers[header] == value


@pytest.mark.parametrize("name", _RECEIVED)
async def test_the_worker_receives_what_was_recorded(unlimited: Visitor, name: str) -> None:
    submitted = _SUBMITTED.get(name, name.replace("_worker_received", "_submit"))
    if submitted not in names():
        submitted = submitted.removesuffix("_submit")
    recording = load(submitted)
    request_id = await unlimited.accepted(body_of(recording))
    received = load(name)["worker_received"]["payload"]
    del received["seed"]
    assert (await unlimited.seen(request_id))["payload"] == received


async def test_an_image_comes_as_recorded(unlimited: Visitor) -> None:
    recording = load("06_image_download")
    body = body_of(load("01_submit_txt2img"))
    first, second = await unlimited.generated(body)
    answer = await unlimited.ask("GET", first["img"])
    assert answer.status == recording["response"]["status"]
    assert answer.headers["Content-Type"] == recording["response"]["headers"]["Content-Type"]
    assert answer.headers["ETag"].startswith('"')
    assert list(answer.image().size) == recording["response"]["size"]
    assert answer.image().format == "WEBP"
    assert {first["seed"], second["seed"]} == {"43", "44"}


async def test_a_downgraded_image_has_the_size_that_was_recorded(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(body_of(load("97_allow_downgrade")), key="practice-poor")
    assert (await unlimited.ask("GET", generation["img"])).image().size == (1088, 896)


async def test_a_downgraded_request_costs_what_was_recorded(unlimited: Visitor) -> None:
    recording = load("97_allow_downgrade")
    answer = await unlimited.submit(body_of(recording), "practice-poor")
    assert answer.body["kudos"] == pytest.approx(recording["response"]["body"]["kudos"], rel=0.02)


@pytest.mark.parametrize(
    ("wished", "steps"),
    [
        ({"steps": 60}, 30),
        ({"steps": 40, "width": 1536}, 30),  # too large only, but its steps go down with its size
        ({"steps": 20, "width": 1536}, 20),
        ({"steps": 45, "sampler_name": "k_heun"}, 15),
        ({"steps": 45, "sampler_name": "lcm"}, 10),
        ({"steps": 45, "width": 1536, "sampler_name": "k_dpm_adaptive"}, 4),
    ],
)
async def test_a_downgrade_ends_where_the_server_ends_it(
    unlimited: Visitor, wished: dict[str, Any], steps: int
) -> None:
    params = {"width": 1024, "height": 1024, **wished}
    body = {**body_of(load("97_allow_downgrade")), "params": params}
    request_id = await unlimited.accepted(body, "practice-poor")
    assert (await unlimited.seen(request_id))["payload"]["ddim_steps"] == steps


def test_every_recording_is_replayed_or_its_absence_explained() -> None:
    print(
        f"Replayed: {len(_REPLAYED)} answers, {len(_RECEIVED)} payloads, {len(_LIMITER)} limits. Not served:"
    )
    for which, why in NOT_SERVED.items():
        print(f"  {which}: {why}")
    assert set(SITUATIONS) <= set(names()), "a situation without its recording"
    assert len(_REPLAYED) + len(_RECEIVED) + len(_LIMITER) + len(_ELSEWHERE) == len(names())
