"""Dry runs: a price and nothing else, remembered by what is priced; else checked as any request is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from practice_kit import ANONYMOUS, POOR, TRUSTED, USER, Answer, Visitor, order
from practice_recordings import body_of, load

CORRUPT = {**order("zzforbidden"), "replacement_filter": False}


async def dry(visitor: Visitor, body: dict[str, Any], key: str | None = USER) -> Answer:
    return await visitor.submit({**body, "dry_run": True}, key)


async def test_it_costs_nothing_and_leaves_nothing(unlimited: Visitor) -> None:
    await unlimited.control(user_cache=0)
    before = await unlimited.find_user()
    answer = await dry(unlimited, order(n=3))
    assert (answer.status, set(answer.body)) == (200, {"kudos"})
    assert answer.body["kudos"] > 0
    after = await unlimited.find_user()
    assert (after["kudos"], after["active_generations"]) == (before["kudos"], {})
    assert (await unlimited.ask("GET", "/practice/ledger")).body == []


async def test_what_is_remembered_is_told_to_anybody_before_anything_is_looked_at(unlimited: Visitor) -> None:
    price = (await dry(unlimited, order())).body
    await unlimited.accepted(order("[practice fault=never]", n=20))
    await unlimited.accepted(order("[practice fault=never]", n=10))
    remembered = [
        await dry(unlimited, order(), "nobody's"),
        await dry(unlimited, order("another prompt")),  # although 30 images wait
        await dry(unlimited, {**CORRUPT, "models": order()["models"]}),
        await dry(unlimited, {**order(), "nsfw": True, "slow_workers": False, "workers": ["unknown"]}),
    ]
    assert [(answer.status, answer.body) for answer in remembered] == [(200, price)] * 4


@pytest.mark.parametrize(
    ("body", "rc"),
    [
        (order(n=2), "TooManyPrompts"),
        (order(steps=21), "TooManyPrompts"),
    ],
)
async def test_what_is_not_remembered_meets_the_concurrency_limit(
    unlimited: Visitor, body: dict[str, Any], rc: str
) -> None:
    await unlimited.accepted(order("[practice fault=never]", n=20))
    await unlimited.accepted(order("[practice fault=never]", n=10))
    answer = await dry(unlimited, body)
    assert (answer.status, answer.body["rc"]) == (429, rc)


async def test_what_is_not_remembered_meets_the_filter_and_can_bar_the_address(unlimited: Visitor) -> None:
    assert (await dry(unlimited, CORRUPT)).body["rc"] == "CorruptPrompt"
    assert (await dry(unlimited, order())).body["rc"] == "TimeoutIP"
    assert (await unlimited.submit(order())).body["rc"] == "TimeoutIP"


@pytest.mark.parametrize(
    ("key", "body", "rc"),
    [
        ("nobody's", order(), "InvalidAPIKey"),
        (POOR, order(width=1280, height=1280), "KudosUpfront"),
        (USER, {**order(), "workers": ["unknown"]}, "WorkerNotFound"),
        (USER, order(cfg_scale=7.123), "BadCFGDecimals"),
        (USER, {**order(), "source_mask": "eA=="}, "SourceMaskUnnecessary"),
    ],
)
async def test_what_is_not_remembered_meets_every_rule(
    unlimited: Visitor, key: str, body: dict[str, Any], rc: str
) -> None:
    assert (await dry(unlimited, body, key)).body["rc"] == rc
    assert (await dry(unlimited, body, key)).body["rc"] == rc, "a refusal is not remembered"


async def test_once_somebody_rich_has_asked_the_poor_are_told_too(unlimited: Visitor) -> None:
    large = order(width=1280, height=1280)
    assert (await dry(unlimited, large, POOR)).status == 403
    price = await dry(unlimited, large, TRUSTED)
    assert (await dry(unlimited, large, POOR)).body == price.body


async def test_without_a_key_nobody_is_told_anything(unlimited: Visitor) -> None:
    await dry(unlimited, order())
    answer = await dry(unlimited, order(), None)
    assert (answer.status, set(answer.body["errors"])) == (400, {"apikey"})


async def test_pictures_are_not_looked_at_only_that_there_are_some(unlimited: Visitor) -> None:
    painting = {
        **order(denoising_strength=0.5),
        "source_image": "no picture at all",
        "source_mask": "nor this",
    }
    with_both = await dry(unlimited, painting)
    assert with_both.status == 200
    assert with_both.body["kudos"] > (await dry(unlimited, order(denoising_strength=0.5))).body["kudos"]
    other = {**painting, "source_image": "another", "source_mask": "mask"}
    assert (await dry(unlimited, other, "nobody's")).body == with_both.body
    del other["source_mask"]
    assert (await dry(unlimited, other, "nobody's")).status == 401, "without a mask it is another question"


async def test_without_a_picture_it_is_the_same_whatever_would_be_done_with_one(unlimited: Visitor) -> None:
    await dry(unlimited, order())
    for processing in ("img2img", "inpainting"):
        answer = await dry(unlimited, {**order(), "source_processing": processing}, "nobody's")
        assert answer.status == 200


@pytest.mark.parametrize(
    "params", [{"n": 2}, {"steps": 21}, {"width": 192}, {"seed": "1"}, {"post_processing": ["GFPGAN"]}]
)
async def test_any_other_param_is_another_question(unlimited: Visitor, params: dict[str, Any]) -> None:
    await dry(unlimited, order())
    assert (await dry(unlimited, order(**params), "nobody's")).status == 401
    assert (await dry(unlimited, {**order(), "models": ["Dreamshaper"]}, "nobody's")).status == 401


async def test_what_is_remembered_is_forgotten_after_two_days(unlimited: Visitor) -> None:
    await dry(unlimited, order())
    await unlimited.control(clock=2 * 86400 - 1)
    assert (await dry(unlimited, order(), "nobody's")).status == 200
    await unlimited.control(clock=2)
    assert (await dry(unlimited, order(), "nobody's")).status == 401


async def test_dry_runs_count_for_the_rate_limit(visitor: Visitor) -> None:
    answers = [await dry(visitor, order(n=n)) for n in (1, 2, 3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert (await visitor.submit(order())).status == 429


@pytest.mark.parametrize(
    "name",
    [
        *("86_dry_run", "86b_dry_run_bad_key_cached", "87_dry_run_sdxl_1024", "88_dry_run_flux"),
        "88b_dry_run_sd15_img2img_upscale",
    ],
)
async def test_prices_come_near_the_real_ones(unlimited: Visitor, name: str) -> None:
    recording = load(name)
    answer = await dry(unlimited, body_of(recording), TRUSTED)
    assert answer.body["kudos"] == pytest.approx(recording["response"]["body"]["kudos"], rel=0.03)


@pytest.mark.parametrize(
    "name",
    [
        "93_err_kudos_upfront_resolution",
        "94_err_kudos_upfront_steps",
        "95_err_kudos_upfront_fast_workers",
        "96_err_kudos_upfront_anon",
        "96b_err_kudos_upfront_second_order",
    ],
)
async def test_kudos_that_must_be_there_come_near_the_real_ones(unlimited: Visitor, name: str) -> None:
    recording = load(name)
    key = ANONYMOUS if "anon" in name else POOR
    answer = await unlimited.submit(body_of(recording), key)
    assert _kudos_in(answer.body) == pytest.approx(_kudos_in(recording["response"]["body"]), rel=0.04)


def _kudos_in(refusal: dict[str, Any]) -> float:
    (amount,) = re.findall(r"requires ([\d.]+) kudos", refusal["message"])
    return float(amount)


@pytest.mark.parametrize(
    "name",
    [
        *("01_submit_txt2img", "89_minimal_request", "120_img2img_submit", "121_inpainting_mask_submit"),
        *("126_controlnet_submit", "127_upscale_submit", "128_strip_background_submit"),
    ],
)
async def test_an_image_s_kudos_are_told_as_they_were_recorded(unlimited: Visitor, name: str) -> None:
    recording = load(name)
    answer = await unlimited.submit(body_of(recording), TRUSTED)
    assert answer.body["kudos"] == recording["response"]["body"]["kudos"]


SIZES = [{"width": 1024, "height": 1024, "steps": 30}, {"width": 512, "height": 512, "n": 3}]


@pytest.mark.parametrize("params", SIZES)
async def test_any_model_is_priced_like_sdxl(unlimited: Visitor, params: dict[str, Any]) -> None:
    asked = order(**params)
    prices = [
        (await dry(unlimited, {**asked, "models": models})).body["kudos"]
        for models in ([], ["SDXL 1.0"], ["stable_diffusion"])
    ]
    assert prices[0] == prices[1]
    assert prices[0] > 1.8 * prices[2]


async def test_the_first_of_several_models_makes_the_price(unlimited: Visitor) -> None:
    prices = [
        (await dry(unlimited, {**order(), "models": models})).body["kudos"]
        for models in (["SDXL 1.0", "stable_diffusion"], ["SDXL 1.0"], ["stable_diffusion", "SDXL 1.0"])
    ]
    assert prices[0] == prices[1] > prices[2]


async def test_the_bill_is_two_above_the_price(unlimited: Visitor) -> None:
    await unlimited.control(user_cache=0)
    asked = {**order(width=768, height=768, steps=40), "models": ["stable_diffusion"]}
    price = (await dry(unlimited, asked)).body["kudos"]
    before = (await unlimited.find_user())["kudos"]
    await unlimited.generated(asked)
    assert before - (await unlimited.find_user())["kudos"] == pytest.approx(price + 2, abs=0.51)


@pytest.mark.parametrize("models", [[], ["stable_diffusion"]])
async def test_the_same_price_must_be_there_beforehand(unlimited: Visitor, models: list[str]) -> None:
    asked = {**order(width=2048, height=2048), "models": models}
    price = (await dry(unlimited, asked, TRUSTED)).body["kudos"]
    assert round(_kudos_in((await unlimited.submit(asked, POOR)).body)) == price


async def test_more_must_be_paid_for_choosing_among_workers(unlimited: Visitor) -> None:
    asked = {**order(width=1024, height=1024, steps=41), "slow_workers": True}
    needed = [
        _kudos_in((await unlimited.submit({**asked, **more}, POOR)).body)
        for more in ({}, {"slow_workers": False}, {"worker_blacklist": True})
    ]
    assert needed[1] == pytest.approx(needed[0] * 1.2, rel=0.02)
    assert needed[2] == pytest.approx(needed[0] * 1.1, rel=0.02)
