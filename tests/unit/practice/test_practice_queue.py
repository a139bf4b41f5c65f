"""The queue moves, results come in parts, cancelling keeps what there is, requests expire."""

from __future__ import annotations

import pytest
from practice_kit import ANONYMOUS, USER, Visitor, order

_NEVER = "[practice fault=never]"


async def test_a_request_goes_from_queued_over_processing_to_done(unlimited: Visitor) -> None:
    await unlimited.control(workers=1)
    first = await unlimited.accepted(order("[practice delay=0.3]"))
    second = await unlimited.accepted(order("[practice delay=0.1]"))
    await unlimited.until(first, lambda state: state["processing"] == 1)
    await unlimited.control(clock=2)
    queued = await unlimited.check(second)
    assert (queued["waiting"], queued["queue_position"], queued["done"]) == (1, 1, False)
    await unlimited.until(second, lambda state: state["processing"] == 1)
    drawing = await unlimited.check(second)
    assert (drawing["waiting"], drawing["queue_position"]) == (0, 0)
    done = await unlimited.finished(second)
    assert (done["finished"], done["done"], len(done["generations"])) == (1, True, 1)


async def test_positions_follow_the_order_of_arrival(unlimited: Visitor) -> None:
    requests = [await unlimited.accepted(order(_NEVER)) for _ in range(3)]
    fresh = [await unlimited.check(request_id) for request_id in requests]
    assert [report["queue_position"] for report in fresh] == [0, 0, 0]  # not listed for a second
    await unlimited.control(clock=2)
    listed = [await unlimited.check(request_id) for request_id in requests]
    assert [report["queue_position"] for report in listed] == [1, 2, 3]


async def test_kudos_come_first(unlimited: Visitor) -> None:
    anonymous = await unlimited.accepted(order(_NEVER), ANONYMOUS)
    registered = await unlimited.accepted(order(_NEVER), USER)
    await unlimited.control(clock=2)
    assert (await unlimited.check(registered))["queue_position"] == 1
    assert (await unlimited.check(anonymous))["queue_position"] == 2


async def test_wait_time_grows_with_the_queue_and_the_pace(unlimited: Visitor) -> None:
    await unlimited.control(workers=1, pace=10)
    request_id = await unlimited.accepted(order(_NEVER, n=3))
    assert (await unlimited.check(request_id))["wait_time"] == 30


async def test_the_guess_can_be_noisy_wrong_or_nothing(unlimited: Visitor) -> None:
    await unlimited.control(workers=1, pace=1, check_cache=0)
    guesses = {}
    for fault in ("noisy_wait", "wrong_wait", "zero_wait"):
        id = await unlimited.accepted(order(f"[practice queue=1000 fault={fault}] a fox"))
        guesses[fault] = [(await unlimited.check(id))["wait_time"] for _ in range(40)]
    assert len(set(guesses["noisy_wait"])) > 10
    assert 0 in guesses["noisy_wait"]
    assert max(guesses["wrong_wait"]) - min(guesses["wrong_wait"]) < 20
    assert not 900 < guesses["wrong_wait"][0] < 1100
    assert set(guesses["zero_wait"]) == {0}


async def test_a_held_request_waits_its_time(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice queue=0.4]"))
    await unlimited.control(clock=2)
    held = await unlimited.check(request_id)
    assert held["waiting"] == 1
    assert held["queue_position"] > 1  # imaginary others are before it
    assert (await unlimited.finished(request_id))["finished"] == 1


async def test_the_answer_of_check_is_cached_for_a_second(visitor: Visitor) -> None:
    request_id = await visitor.accepted(order())
    assert (await visitor.check(request_id))["finished"] == 0
    await visitor.until(request_id, lambda state: state["finished"] == 1)
    await visitor.control(check_cache=1000)  # however slow this machine
    assert (await visitor.check(request_id))["finished"] == 0
    await visitor.control(check_cache=1, clock=1)
    assert (await visitor.check(request_id))["finished"] == 1


async def test_cancelling_keeps_the_running_image(unlimited: Visitor) -> None:
    await unlimited.control(workers=1)
    request_id = await unlimited.accepted(order("[practice delay=0.3]", n=3))
    await unlimited.until(request_id, lambda state: state["processing"] == 1)
    before = await unlimited.cancel(request_id)
    assert (before["waiting"], before["processing"], before["done"]) == (2, 1, False)
    after = await unlimited.check(request_id)
    assert (after["waiting"], after["processing"], after["done"]) == (0, 1, False)
    final = await unlimited.finished(request_id)
    assert (final["finished"], final["done"], len(final["generations"])) == (1, True, 1)
    again = await unlimited.cancel(request_id)
    assert (again["finished"], again["done"]) == (1, True)


async def test_a_job_that_fails_after_the_cancel_is_not_tried_again(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order("[practice delay=0.2 fault=worker_fails]"))
    await unlimited.until(request_id, lambda state: state["processing"] == 1)
    await unlimited.cancel(request_id)
    final = await unlimited.finished(request_id)
    assert (final["restarted"], final["waiting"], final["generations"]) == (1, 0, [])


async def test_cancelling_in_the_queue_is_done_at_once(unlimited: Visitor) -> None:
    request_id = await unlimited.accepted(order(_NEVER, n=2))
    assert (await unlimited.cancel(request_id))["waiting"] == 2
    after = await unlimited.check(request_id)
    assert (after["waiting"], after["done"], after["finished"]) == (0, True, 0)


async def test_requests_expire_twenty_minutes_after_the_last_delivery(unlimited: Visitor) -> None:
    await unlimited.control(workers=1, pace=0.05)
    request_id = await unlimited.accepted(order(n=2))
    await unlimited.control(pace=0.4)
    await unlimited.until(request_id, lambda state: state["finished"] == 1 and state["processing"] == 1)
    await unlimited.control(clock=19 * 60)
    await unlimited.until(request_id, lambda state: state["finished"] == 2)
    await unlimited.control(clock=19 * 60)
    assert (await unlimited.check(request_id))["finished"] == 2  # 38 minutes after its submission
    await unlimited.control(clock=61)
    answer = await unlimited.ask("GET", f"/api/v2/generate/status/{request_id}")
    assert (answer.status, answer.body["rc"]) == (404, "RequestNotFound")


async def test_a_worker_that_takes_a_request_renews_it(unlimited: Visitor) -> None:
    await unlimited.control(workers=0)
    request_id = await unlimited.accepted(order("[practice delay=60]"))
    await unlimited.control(clock=19 * 60, workers=1)
    await unlimited.until(request_id, lambda state: state["processing"] == 1)
    await unlimited.control(clock=19 * 60)
    assert (await unlimited.check(request_id))["processing"] == 1


@pytest.mark.parametrize(
    ("params", "seeds"),
    [
        ({"seed": "42", "n": 3, "seed_variation": 7}, ["49", "56", "63"]),
        ({"seed": "42", "n": 2}, ["42", "42"]),
        ({"seed": "4294967295", "n": 1, "seed_variation": 1}, ["1"]),
        ({"seed": "4294967338"}, ["1"]),
    ],
)
async def test_seeds(unlimited: Visitor, params: dict, seeds: list[str]) -> None:
    generations = await unlimited.generated(order(**params))
    assert sorted(generation["seed"] for generation in generations) == seeds


async def test_without_a_seed_every_image_has_its_own(unlimited: Visitor) -> None:
    generations = await unlimited.generated(order(n=3))
    seeds = {generation["seed"] for generation in generations}
    assert len(seeds) == 3
    assert all(seed.isdigit() for seed in seeds)


async def test_a_text_is_always_the_same_seed(unlimited: Visitor) -> None:
    one, other = [await unlimited.generated(order(seed=text)) for text in ("fox", "fox")]
    assert one[0]["seed"] == other[0]["seed"] != "fox"


async def test_a_batch_shares_its_seed_and_is_told_apart_by_index(unlimited: Visitor) -> None:
    await unlimited.control(batch=3, workers=1)
    generations = await unlimited.generated(order(n=3))
    assert len({generation["seed"] for generation in generations}) == 1
    assert sorted(generation["gen_metadata"][0]["ref"] for generation in generations) == ["0", "1", "2"]


async def test_unknown_models_are_accepted_with_a_warning(unlimited: Visitor) -> None:
    answer = await unlimited.submit({**order(), "models": ["No Such Model"]})
    assert answer.status == 202
    assert [warning["code"] for warning in answer.body["warnings"]] == ["NoAvailableWorker"]
    assert (await unlimited.check(answer.body["id"]))["is_possible"] is False


async def test_no_list_of_models_is_one_model_and_an_empty_list_is_any(unlimited: Visitor) -> None:
    without = order()
    del without["models"]
    assert (await unlimited.generated(without))[0]["model"] == "stable_diffusion"
    await unlimited.control(workers=[{"name": "particular", "models": ["Dreamshaper"]}])
    assert (await unlimited.generated({**order(), "models": []}))[0]["model"] == "Dreamshaper"


async def test_the_account_pays_and_lists_its_requests(unlimited: Visitor) -> None:
    await unlimited.control(user_cache=0)
    before = await unlimited.find_user()
    assert before["active_generations"] == {}
    request_id = await unlimited.accepted(order())
    await unlimited.finished(request_id)
    after = await unlimited.find_user()
    assert after["active_generations"] == {"image": [request_id]}
    assert after["kudos"] < before["kudos"] - 3


async def test_find_user_is_cached_for_half_a_minute(unlimited: Visitor) -> None:
    await unlimited.find_user()
    request_id = await unlimited.accepted(order())
    assert (await unlimited.find_user())["active_generations"] == {}
    await unlimited.control(clock=30)
    assert (await unlimited.find_user())["active_generations"] == {"image": [request_id]}


async def test_models_differ_in_their_number_of_workers(unlimited: Visitor) -> None:
    models = (await unlimited.ask("GET", "/api/v2/status/models?type=image&min_count=5")).body
    counts = {model["name"]: model["count"] for model in models}
    assert "Deliberate" in counts
    assert len(set(counts.values())) > 3
    assert min(counts.values()) >= 5
