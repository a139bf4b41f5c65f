from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.classify import LONGEST_RETRY_AFTER, classify, retry_after

DATA = Path(__file__).resolve().parents[2] / "data" / "horde"
RECORDED = json.loads((DATA / "recorded_errors.json").read_text(encoding="utf-8"))
EXPECTED: dict[str, type[errors.HordeError]] = {
    "148_find_user_bad_key": errors.InvalidKey,
    "149_find_user_no_key": errors.InvalidKey,
    "30_err_no_apikey": errors.InvalidKey,
    "31_err_bad_apikey": errors.InvalidKey,
    "181_err_maintenance": errors.Maintenance,
    "187_err_corrupt_prompt": errors.PromptRefused,
    "188_err_timeout_ip": errors.TimedOutIP,
    "18_check_unknown_id": errors.RequestNotFound,
    "19_status_unknown_id": errors.RequestNotFound,
    "20_cancel_unknown_id": errors.RequestNotFound,
    "210_check_expired": errors.RequestNotFound,
    "21_check_not_a_uuid": errors.RequestNotFound,
    "22_unknown_route": errors.ServerTrouble,
    "201_err_429_submit_per_second": errors.RateLimited,
    "203_err_429_check": errors.RateLimited,
    "204_err_429_status_per_minute": errors.RateLimited,
    "206_err_429_find_user_default_90_per_minute": errors.RateLimited,
    "209_err_429_submit_per_minute": errors.RateLimited,
    "93_err_kudos_upfront_resolution": errors.KudosUpfront,
    "94_err_kudos_upfront_steps": errors.KudosUpfront,
    "95_err_kudos_upfront_fast_workers": errors.KudosUpfront,
    "96_err_kudos_upfront_anon": errors.KudosUpfront,
    "96b_err_kudos_upfront_second_order": errors.KudosUpfront,
    "99_err_too_many_prompts": errors.TooManyPrompts,
    "99b_failed_source_images_count_as_waiting": errors.TooManyPrompts,
}


def recorded(name: str, secret: str = "") -> errors.HordeError:
    answer = RECORDED[name]
    body = answer["body"] if isinstance(answer["body"], dict) else None
    return classify(answer["status"], CIMultiDict(answer["headers"]), body, secret)


def made(status: int, body: Any = None, **headers: str) -> errors.HordeError:
    return classify(status, CIMultiDict(headers), body)


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_error_is_what_it_is(name: str) -> None:
    error = recorded(name)
    assert type(error) is EXPECTED.get(name, errors.Refused)
    assert error.status == RECORDED[name]["status"]
    assert error.message or name == "22_unknown_route"


def test_the_schemas_complaints_are_kept_by_field() -> None:
    error = recorded("71_err_wrong_types")
    assert isinstance(error, errors.Refused)
    assert set(error.fields) == {"params.width", "params.steps", "params.n"}
    assert error.rc == ""


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("201_err_429_submit_per_second", 1),
        ("204_err_429_status_per_minute", 60),
        ("206_err_429_find_user_default_90_per_minute", 53),
        ("188_err_timeout_ip", 180),
        ("99_err_too_many_prompts", None),
        ("31_err_bad_apikey", None),
    ],
)
def test_how_long_the_horde_wants_us_to_wait(name: str, seconds: float | None) -> None:
    assert recorded(name).retry_after == seconds


def test_the_limiters_header_on_any_other_answer_means_nothing() -> None:
    assert made(500, {"message": "Internal Server Error"}, **{"Retry-After": "60"}).retry_after is None
    assert made(429, {"rc": "TooManyPrompts"}, **{"Retry-After": "60"}).retry_after is None
    assert made(503, None, **{"retry-after": "7"}).retry_after == 7


def test_kudos_that_are_needed_upfront() -> None:
    error = recorded("93_err_kudos_upfront_resolution")
    assert isinstance(error, errors.KudosUpfront)
    assert error.needed == 27.09


def test_a_key_quoted_by_the_horde_never_reaches_an_error() -> None:
    assert "nope" in RECORDED["148_find_user_bad_key"]["body"]["message"]
    error = recorded("148_find_user_bad_key", secret="nope")
    for text in (str(error), repr(error), error.message, *map(str, error.args)):
        assert "nope" not in text
    fields = classify(400, CIMultiDict(), {"errors": {"apikey": "no user has nope"}}, "nope")
    assert "nope" not in repr(vars(fields))


def test_guesses_about_other_addresses_are_cut_from_a_404() -> None:
    message = recorded("21_check_not_a_uuid").message
    assert message == "Image Waiting Prompt (Check) with ID 'hello' not found."


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (500, {"message": "Internal Server Error"}, errors.ServerTrouble),
        (502, None, errors.ServerTrouble),
        (503, None, errors.ServerTrouble),
        (521, None, errors.ServerTrouble),
        (504, None, errors.NoAnswer),
        (524, None, errors.NoAnswer),
        (200, None, errors.ServerTrouble),  # somebody's login page
        (302, None, errors.ServerTrouble),
        (403, None, errors.ServerTrouble),  # a proxy's "checking your browser"
        (401, None, errors.ServerTrouble),
        (429, None, errors.RateLimited),
        (413, None, errors.Refused),
        (400, {"message": "Something new", "rc": "SomethingNew"}, errors.Refused),
        (400, [], errors.Refused),
    ],
)
def test_what_was_never_recorded(status: int, body: Any, expected: type[errors.HordeError]) -> None:
    assert type(made(status, body)) is expected


@pytest.mark.parametrize(
    "passing",
    [errors.Unreachable, errors.NoAnswer, errors.ServerTrouble, errors.RateLimited, errors.BadAnswer],
)
def test_what_passes_may_be_repeated_unless_it_is_ambiguous(passing: type[errors.HordeError]) -> None:
    assert passing().repeatable
    assert not passing(ambiguous=True).repeatable


@pytest.mark.parametrize(
    "lasting",
    [errors.TooManyPrompts, errors.TlsFailure, errors.RequestNotFound, errors.Refused, errors.LinkDead],
)
def test_what_lasts_is_not_repeated(lasting: type[errors.HordeError]) -> None:
    assert not lasting().repeatable


@given(
    status=st.integers(200, 599),
    body=st.none() | st.dictionaries(st.sampled_from(["message", "rc", "errors"]), st.integers() | st.text()),
    wait=st.text(st.characters(codec="ascii")),
)
def test_any_answer_at_all_is_some_error(status: int, body: Any, wait: str) -> None:
    error = made(status, body, **{"Retry-After": wait})
    assert error.status == status
    assert error.retry_after is None or 0 <= error.retry_after <= LONGEST_RETRY_AFTER


def test_retry_after_can_be_a_date() -> None:
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("Wed, 21 Oct 2099 07:28:00 GMT") == LONGEST_RETRY_AFTER
    assert retry_after("soon") is None
