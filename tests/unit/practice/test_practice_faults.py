"""Every fault does what its table says, for one job through its prompt or for all of them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from PIL import Image
from practice_kit import Visitor, order

from krita_AIhorde.practice.faults import API_FAULTS, JOB_FAULTS


async def test_a_worker_that_fails_once_delivers_at_the_second_attempt(unlimited: Visitor) -> None:
    status = await unlimited.finished(await unlimited.accepted(order("[practice fault=worker_fails]")))
    assert (status["finished"], status["restarted"], len(status["generations"])) == (1, 1, 1)


async def test_done_without_any_image(unlimited: Visitor) -> None:
    status = await unlimited.finished(await unlimited.accepted(order("[practice fault=worker_fails_twice]")))
    assert (status["done"], status["faulted"], status["restarted"]) == (True, False, 2)
    assert status["generations"] == []


async def test_done_while_a_worker_still_draws(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice delay=0.3 fault=done_while_processing]"))
    state = await unlimited.until(request_id, lambda state: state["processing"] == 1)
    assert state["done"] is True
    assert (await unlimited.status(request_id))["generations"] == []
    assert len((await unlimited.finished(request_id))["generations"]) == 1


async def test_a_faulted_request_may_hold_an_image(unlimited: Visitor) -> None:
    await unlimited.control(workers=1)
    status = await unlimited.finished(
        await unlimited.accepted(order("[practice fault=faulted_partial]", n=3))
    )
    assert (status["faulted"], status["done"], status["is_possible"]) == (True, True, False)
    assert (len(status["generations"]), status["waiting"]) == (1, 2)


async def test_an_impossible_request_is_told_so(unlimited: Visitor) -> None:
    answer = await unlimited.submit(order("[practice fault=impossible]"))
    assert answer.body["warnings"][0]["code"] == "NoAvailableWorker"
    assert (await unlimited.check(answer.body["id"]))["is_possible"] is False


async def test_a_request_that_nobody_takes_looks_possible(unlimited: Visitor) -> None:
    answer = await unlimited.submit(order("[practice fault=never]"))
    assert "warnings" not in answer.body
    other = await unlimited.accepted(order())
    await unlimited.finished(other)  # the workers had the time to take the first one as well
    report = await unlimited.check(answer.body["id"])
    assert (report["is_possible"], report["waiting"], report["processing"]) == (True, 1, 0)


@pytest.mark.parametrize("value", ["nsfw", "csam"])
async def test_censored_images_are_black_and_say_why(unlimited: Visitor, value: str) -> None:
    (generation,) = await unlimited.generated(order(f"[practice fault={value}]"))
    assert (generation["censored"], generation["state"]) == (True, "ok")
    assert generation["gen_metadata"] == [{"type": "censorship", "value": value}]
    image = (await unlimited.ask("GET", generation["img"])).image().convert("RGB")
    assert image.getpixel((64, 64)) == (0, 0, 0)


async def _download(visitor: Visitor, fault: str) -> bytes:
    (generation,) = await visitor.generated(order(f"[practice fault={fault}]"))
    answer = await visitor.ask("GET", generation["img"])
    assert answer.status == 200
    return answer.raw


async def test_a_corrupt_image(unlimited: Visitor) -> None:
    assert not (await _download(unlimited, "corrupt_image")).startswith(b"RIFF")


async def test_an_empty_image(unlimited: Visitor) -> None:
    assert await _download(unlimited, "empty_image") == b""


async def test_a_huge_image_is_a_small_file(unlimited: Visitor) -> None:
    data = await _download(unlimited, "huge_image")
    assert len(data) < 100_000
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") > 3072 * 4


async def test_a_huge_image_is_a_bomb_to_pillow(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=huge_image]"))
    answer = await unlimited.ask("GET", generation["img"])
    with pytest.raises(Image.DecompressionBombError):
        answer.image()


async def test_half_an_image(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=half_image*1]"))
    with pytest.raises(aiohttp.ClientPayloadError):
        await unlimited.ask("GET", generation["img"])
    assert (await unlimited.ask("GET", generation["img"])).image().size == (128, 128)


@pytest.mark.parametrize(("fault", "status"), [("no_upload", 404), ("lost_link", 403)])
async def test_an_image_that_is_lost_for_good(unlimited: Visitor, fault: str, status: int) -> None:
    request_id = await unlimited.accepted(order(f"[practice fault={fault}]"))
    for _ in range(2):
        (generation,) = (await unlimited.finished(request_id))["generations"]
        answer = await unlimited.ask("GET", generation["img"])
        assert answer.status == status
        assert answer.raw.startswith(b"<?xml")


async def test_a_late_upload_is_there_at_the_third_download(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=late_upload]"))
    statuses = [(await unlimited.ask("GET", generation["img"])).status for _ in range(3)]
    assert statuses == [404, 404, 200]


async def test_an_expired_link_is_renewed_by_the_next_status(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice fault=expired_link]"))
    (first,) = (await unlimited.finished(request_id))["generations"]
    (second,) = (await unlimited.status(request_id))["generations"]
    assert (await unlimited.ask("GET", first["img"])).status == 403
    assert (await unlimited.ask("GET", second["img"])).status == 200


@pytest.mark.parametrize(("fault", "status"), [("html_502", 502), ("html_524", 524)])
async def test_a_broken_gateway_answers_html(unlimited: Visitor, fault: str, status: int) -> None:
    await unlimited.control(faults=[{"name": fault, "endpoint": "check", "times": 2}])
    request_id = await unlimited.accepted(order())
    path = f"/api/v2/generate/check/{request_id}"
    answers = [await unlimited.ask("GET", path) for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].headers["Content-Type"].startswith("text/html")
    assert "Horde-Node" not in answers[0].headers


async def test_a_connection_is_reset_and_the_request_has_no_effect(unlimited: Visitor) -> None:
    await unlimited.control(faults=["reset@submit*1"], user_cache=0)
    with pytest.raises(aiohttp.ClientConnectionError):
        await unlimited.submit(order())
    assert (await unlimited.find_user())["active_generations"] == {}
    assert (await unlimited.log())[0]["status"] is None


async def test_a_request_takes_effect_though_its_answer_is_lost(unlimited: Visitor) -> None:
    await unlimited.control(user_cache=0)
    with pytest.raises(aiohttp.ClientConnectionError):
        await unlimited.submit(order("a fox [practice fault=reset_after_submit]"))
    (request_id,) = (await unlimited.find_user())["active_generations"]["image"]
    assert len((await unlimited.finished(request_id))["generations"]) == 1


async def test_a_server_that_hangs_never_answers(unlimited: Visitor) -> None:
    await unlimited.control(faults=["hang@heartbeat"])
    asked = asyncio.create_task(unlimited.ask("GET", "/api/v2/status/heartbeat"))
    done, _ = await asyncio.wait([asked], timeout=0.3)
    assert not done
    await unlimited.horde.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await asked


async def test_a_slow_answer_comes_in_the_end(unlimited: Visitor) -> None:
    await unlimited.control(faults=[{"name": "slow", "seconds": 0.3}])
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert (await unlimited.ask("GET", "/api/v2/status/heartbeat")).status == 200
    assert loop.time() - before >= 0.29


@pytest.mark.parametrize(
    ("fault", "status", "rc"),
    [
        ("too_many_prompts", 429, "TooManyPrompts"),
        ("rate_limited", 429, None),
        ("maintenance", 400, "MaintenanceMode"),
        ("timeout_ip", 403, "TimeoutIP"),
        ("invalid_key", 401, "InvalidAPIKey"),
        ("server_error", 500, None),
    ],
)
async def test_refusals(unlimited: Visitor, fault: str, status: int, rc: str | None) -> None:
    answer = await unlimited.submit(order(f"a fox [practice fault={fault}]"))
    assert (answer.status, answer.body.get("rc")) == (status, rc)
    assert answer.body["message"]
    assert ("Retry-After" in answer.headers) == (fault == "rate_limited")
    assert (await unlimited.submit(order())).status == 202  # it was for that job alone


async def test_faults_in_a_prompt_strike_whoever_asks_for_that_job(unlimited: Visitor) -> None:
    troubled = await unlimited.accepted(order("[practice fault=html_502@status*1]"))
    calm = await unlimited.accepted(order())
    await unlimited.until(troubled, lambda state: state["done"])
    statuses = []
    for request_id in (calm, troubled, troubled):
        statuses.append((await unlimited.ask("GET", f"/api/v2/generate/status/{request_id}")).status)
    assert statuses == [200, 502, 200]


async def test_faults_in_a_prompt_strike_downloads_of_that_job(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=html_502@image*1]"))
    statuses = [(await unlimited.ask("GET", generation["img"])).status for _ in range(2)]
    assert statuses == [502, 200]


async def test_marks_can_be_combined(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(
        order("[practice delay=0.2 queue=0.1 fault=worker_fails,nsfw] a fox")
    )
    (generation,) = (await unlimited.finished(request_id))["generations"]
    assert generation["censored"] is True
    assert (await unlimited.check(request_id))["restarted"] == 1
    assert (await unlimited.seen(request_id))["payload"]["prompt"] == "a fox"


@pytest.mark.parametrize("mark", ["fault=nsfv", "dela=3", "delay=soon", "fault=html_502@nowhere"])
async def test_a_mark_with_a_typo_is_refused(unlimited: Visitor, mark: str) -> None:
    answer = await unlimited.submit(order(f"[practice {mark}]"))
    assert answer.status == 400
    assert "prompt" in answer.body["errors"]


async def test_job_faults_can_be_switched_on_for_all(unlimited: Visitor) -> None:
    await unlimited.control(faults=["nsfw"])
    (generation,) = await unlimited.generated(order())
    assert generation["censored"] is True
    await unlimited.control(faults=[])
    (generation,) = await unlimited.generated(order())
    assert generation["censored"] is False


@pytest.mark.parametrize(
    "wanted",
    [
        {"faults": ["nonsense"]},
        {"pace": "fast"},
        {"colour": 1},
        {"clock": -1},
        {"workers": "two"},
        {"faults": [{}]},
    ],
)
async def test_what_is_not_possible_is_refused_and_changes_nothing(unlimited: Visitor, wanted: dict) -> None:
    before = (await unlimited.ask("GET", "/practice/faults")).body
    answer = await unlimited.ask("POST", "/practice/faults", json={"batch": 2, **wanted})
    assert (answer.status, list(answer.body)) == (400, ["message"])
    assert (await unlimited.ask("GET", "/practice/faults")).body == before


async def test_the_table_of_faults_can_be_read(unlimited: Visitor) -> None:
    known = (await unlimited.ask("GET", "/practice/faults")).body["known"]
    assert set(known["job"]) == set(JOB_FAULTS)
    assert set(known["api"]) == set(API_FAULTS)
    assert all(known["api"].values())


async def test_reset_makes_all_new(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice delay=60]"))
    await unlimited.control(faults=["html_502"], workers=0, clock=100)
    state = (await unlimited.ask("POST", "/practice/reset")).body
    assert (state["faults"], state["clock"], len(state["workers"])) == ([], 0, 2)
    assert await unlimited.log() == []
    assert (await unlimited.ask("GET", f"/api/v2/generate/check/{request_id}")).status == 404
    assert len(await unlimited.generated(order())) == 1
