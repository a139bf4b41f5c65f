"""The books of the practice horde, and its absences."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import aiohttp
import pytest
from PIL import Image
from practice_kit import USER, Visitor, order
from yarl import URL

from krita_AIhorde.practice.faults import JOB_FAULTS

HEARTBEAT = "/api/v2/status/heartbeat"


async def _ledger(visitor: Visitor) -> list[dict[str, Any]]:
    return list((await visitor.ask("GET", "/practice/ledger")).body)


async def test_an_entry_tells_of_a_request_and_its_images(unlimited: Visitor) -> None:
    prompt = "[practice fault=worker_fails,slow@check~0] a fox"
    request_id = await unlimited.accepted(order(prompt, seed="44", n=1))
    (generation,) = (await unlimited.finished(request_id))["generations"]
    await unlimited.ask("GET", generation["img"])
    await unlimited.ask("GET", generation["img"])
    (entry,) = await _ledger(unlimited)
    created = entry.pop("created")
    failed, done = entry.pop("images")
    assert entry == {
        "id": request_id,
        "account": "practice_user#1",
        "prompt": prompt,
        "seed": "44",
        "n": 1,
        "faults": ["worker_fails", "slow"],
        "cancelled": False,
        "expired": False,
    }
    assert created == pytest.approx((await unlimited.log())[0]["time"], abs=5)
    assert (failed["fate"], failed["served"], failed["delivered"]) == ("faulted", 0, None)
    assert created <= done.pop("delivered") <= (await unlimited.log())[-1]["time"]
    assert done == {
        "id": generation["id"],
        "seed": generation["seed"],
        "censored": False,
        "fate": "done",
        "obtainable": True,
        "served": 2,
    }


async def test_requests_that_expired_are_remembered(unlimited: Visitor) -> None:
    done = await unlimited.accepted(order("done"))
    (generation,) = (await unlimited.finished(done))["generations"]
    waiting = await unlimited.accepted(order("[practice queue=1000]"))
    drawing = await unlimited.accepted(order("[practice delay=1000]"))
    await unlimited.until(drawing, lambda state: state["processing"] == 1)
    await unlimited.control(clock=21 * 60)
    entries = await _ledger(unlimited)
    assert [(entry["id"], entry["expired"]) for entry in entries] == [
        (done, True),
        (waiting, True),
        (drawing, True),
    ]
    assert [[image["fate"] for image in entry["images"]] for entry in entries] == [["done"], [], ["faulted"]]
    assert entries[0]["images"][0]["served"] == 0
    assert (await unlimited.ask("GET", generation["img"])).status == 200
    assert (await _ledger(unlimited))[0]["images"][0]["served"] == 1


async def test_a_request_that_expires_in_a_worker_s_hands_is_delivered_to_nobody(unlimited: Visitor) -> None:
    await unlimited.control(workers=1)
    request_id = await unlimited.accepted(order("[practice delay=0.2]"))
    await unlimited.until(request_id, lambda state: state["processing"] == 1)
    await unlimited.control(clock=21 * 60)
    assert (await _ledger(unlimited))[0]["images"][0]["fate"] == "faulted"
    other = await unlimited.accepted(order("the next one, of the same worker"))
    await unlimited.finished(other)
    assert [entry["images"][0]["fate"] for entry in await _ledger(unlimited)] == ["faulted", "done"]


async def test_a_cancel_and_a_refusal(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice queue=1000]"))
    await unlimited.cancel(request_id)
    assert (await unlimited.submit(order(), key="nobody")).status == 401
    (entry,) = await _ledger(unlimited)
    assert (entry["id"], entry["cancelled"], entry["images"]) == (request_id, True, [])


async def test_an_image_after_which_the_request_is_faulted_is_booked_once(unlimited: Visitor) -> None:
    await unlimited.control(workers=1)
    request_id = await unlimited.accepted(order("[practice fault=faulted_partial]", n=3))
    (generation,) = (await unlimited.finished(request_id))["generations"]
    (entry,) = await _ledger(unlimited)
    assert [image["id"] for image in entry["images"] if image["fate"] == "done"] == [generation["id"]]
    assert len({image["id"] for image in entry["images"]}) == len(entry["images"])


async def test_reset_closes_the_books(unlimited: Visitor) -> None:
    await unlimited.generated(order())
    await unlimited.ask("POST", "/practice/reset")
    assert await _ledger(unlimited) == []


OBTAINABLE = {
    "worker_fails", "done_while_processing", "faulted_partial", "impossible_at_first", "nsfw", "csam",
    "nsfw_marked", "source_lost", "lora_lost", "late_upload", "expired_link", "redirected_link",
    "noisy_wait", "wrong_wait", "zero_wait",
}  # fmt: skip
NO_IMAGES = {"worker_fails_twice", "worker_vanishes", "impossible", "never"}


@pytest.mark.parametrize("fault", [*sorted(JOB_FAULTS.keys() - NO_IMAGES), "half_image*2"])
async def test_obtainable_is_what_a_patient_visitor_gets(unlimited: Visitor, fault: str) -> None:
    """Asks for a link afresh, and downloads, three times."""
    request_id = await unlimited.accepted(order(f"[practice fault={fault.replace('first', 'first~0.05')}]"))
    await unlimited.until(request_id, lambda state: state["done"] and not state["processing"])
    pictures = 0
    for _ in range(3):
        (generation,) = (await unlimited.status(request_id))["generations"]
        with contextlib.suppress(aiohttp.ClientError, OSError, Image.DecompressionBombError):
            answer = await unlimited.ask("GET", generation["img"], allow_redirects=False)
            if answer.status == 302:  # by hand: aiohttp would rewrite what is signed
                answer = await unlimited.ask("GET", answer.headers["Location"])
            pictures += answer.status == 200 and answer.image().convert("RGB").size == (128, 128)
    image = next(i for i in (await _ledger(unlimited))[0]["images"] if i["fate"] == "done")
    assert image["obtainable"] is (fault in OBTAINABLE or fault == "half_image*2")
    assert bool(pictures) is image["obtainable"]
    if image["obtainable"]:
        assert image["served"] == pictures


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("html_502@image", False),
        ("garbage@status", False),
        ("reset", False),
        ("html_502@image*3", True),
        ("slow@image~0", True),
        ("html_502@check", True),
    ],
)
async def test_endless_trouble_of_the_api_makes_images_unobtainable(
    unlimited: Visitor, fault: str, expected: bool
) -> None:
    where = fault if "@" in fault else f"{fault}@status"
    request_id = await unlimited.accepted(order(f"[practice fault={where}]"))
    await unlimited.until(request_id, lambda state: state["done"] and not state["processing"])
    ((image,),) = [entry["images"] for entry in await _ledger(unlimited)]
    assert image["obtainable"] is expected


@pytest.mark.parametrize(
    ("fault", "times"), [("reset_in_headers", 2), ("reset_in_body", 1), ("html_502", 1), ("garbage", 1)]
)
async def test_only_whole_downloads_of_the_image_count(unlimited: Visitor, fault: str, times: int) -> None:
    # After a reset, aiohttp asks once more by itself.
    mark = f"[practice fault={fault}@image*{times},drip@image~0.1*1]"
    (generation,) = await unlimited.generated(order(mark))
    served = []
    for _ in range(3):
        with contextlib.suppress(aiohttp.ClientError, ConnectionResetError):
            await unlimited.ask("GET", generation["img"])
        served.append((await _ledger(unlimited))[0]["images"][0]["served"])
    assert served == [0, 1, 2]


async def test_a_download_that_the_visitor_gives_up_does_not_count(unlimited: Visitor) -> None:
    (generation,) = await unlimited.generated(order("[practice fault=drip@image~0.3*1]"))
    response = await unlimited.session.get(URL(generation["img"], encoded=True))
    response.close()
    assert (await unlimited.ask("GET", generation["img"])).status == 200
    await asyncio.sleep(0.4)  # the first one would be through by now
    assert (await _ledger(unlimited))[0]["images"][0]["served"] == 1


async def _offline(visitor: Visitor, seconds: float) -> None:
    answer = await visitor.ask("POST", "/practice/offline", json={"seconds": seconds})
    assert (answer.status, answer.body) == (200, {"seconds": seconds})


async def _back(visitor: Visitor, path: str) -> float:
    """Seconds until it answers again; refused, not reset, until then."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        try:
            assert (await visitor.ask("GET", path)).status == 200
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.01)
        else:
            return loop.time() - began


async def test_offline_both_ports_refuse_and_come_back_with_all_they_knew(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice delay=0.1]", n=2))
    generation = (await unlimited.generated(order("another"), key=USER))[0]
    await _offline(unlimited, 0.4)
    for path in (HEARTBEAT, generation["img"]):
        with pytest.raises(aiohttp.ClientConnectorError):
            await unlimited.ask("GET", path)
    assert 0.2 < await _back(unlimited, HEARTBEAT) < 5
    assert (await unlimited.ask("GET", generation["img"])).status == 200
    assert len((await unlimited.finished(request_id))["generations"]) == 2


async def test_offline_cuts_what_is_under_way(unlimited: Visitor) -> None:
    await unlimited.control(faults=["drip@heartbeat~60"])
    async with unlimited.session.get(unlimited.root + HEARTBEAT) as answer:
        await _offline(unlimited, 0.1)
        with pytest.raises((aiohttp.ClientPayloadError, ConnectionResetError)):
            await answer.read()


async def test_stopping_while_offline_leaves_nothing() -> None:
    from krita_AIhorde.practice.server import PracticeHorde

    tasks = asyncio.all_tasks()
    async with PracticeHorde() as horde, aiohttp.ClientSession() as session:
        await _offline(Visitor(horde, session), 1000)
    assert asyncio.all_tasks() == tasks


@pytest.mark.parametrize("body", ["{}", "[]", "nonsense", '{"seconds": -1}', '{"seconds": true}'])
async def test_an_absence_of_no_known_length_is_refused(unlimited: Visitor, body: str) -> None:
    assert (await unlimited.ask("POST", "/practice/offline", data=body)).status == 400
    assert (await unlimited.ask("GET", HEARTBEAT)).status == 200
