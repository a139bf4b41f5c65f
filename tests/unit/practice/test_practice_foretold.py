"""What our rules foretell is what the real Horde was recorded to answer, and what the practice horde does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from practice_recordings import body_of, load, names
from practice_verdicts import PATH, circumstances, foretold

from krita_AIhorde.horde.rules import SCHEMA, Circumstances, Kind, problems

# Refusals that do not follow from the body, nor from what a client can know.
NOT_FORETOLD = {
    "30_err_no_apikey": "a header is missing, not a field",
    "31_err_bad_apikey": "whether a key is somebody's is known to the Horde alone",
    "35_err_bad_json": "no JSON",
    "36_err_no_json_content_type": "no JSON",
    "58_err_source_url_unreachable": "what is behind a URL is not known before it is asked",
    "65_err_unknown_worker": "which workers there are is the Horde's state",
    "69_err_unknown_style": "which styles there are is the Horde's state",
}
SUBMITTED = [
    name
    for name in names()
    if load(name).get("request", {}).get("method") == "POST" and load(name)["request"].get("path") == PATH
]
ACCEPTED = [name for name in SUBMITTED if load(name)["response"]["status"] in (200, 202)]
REFUSED = [
    name
    for name in SUBMITTED
    if name not in (*ACCEPTED, *NOT_FORETOLD) and 30 <= int(re.match(r"\d+", name)[0]) <= 97  # type: ignore[index]
]
# Why, beside which control: field and also.
REASONS = {
    "93_err_kudos_upfront_resolution": ("params.width", "params.height"),
    "94_err_kudos_upfront_steps": ("params.steps", ""),
    "95_err_kudos_upfront_fast_workers": ("slow_workers", ""),
    "96_err_kudos_upfront_anon": ("params.steps", ""),
    "96b_err_kudos_upfront_second_order": ("params.steps", "params.sampler_name"),
}


def known(name: str, body: Any) -> Circumstances:
    """What the client of a recording could know: the poor account had no kudos at all."""
    key = load(name)["request"]["headers"].get("apikey") or ""
    return circumstances(
        body,
        kudos=0.0 if "POOR" in key else None,
        anonymous=key == "0000000000",
        trusted="TRUSTED" in key,
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_recorded_refusal_is_foretold(name: str) -> None:
    body, answer = body_of(load(name)), load(name)["response"]["body"]
    verdict = foretold(body, known(name, body))
    assert verdict.code == answer.get("rc", SCHEMA)
    assert verdict.fields == frozenset(answer.get("errors", ()))


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_was_accepted_is_never_called_refused(name: str) -> None:
    body = body_of(load(name))
    for what_is_known in (known(name, body), Circumstances()):
        assert [p for p in problems(body, what_is_known) if p.kind is Kind.REFUSED] == []


def test_only_recordings_that_there_are_are_left_out() -> None:
    assert set(NOT_FORETOLD) <= set(SUBMITTED)
    assert len(REFUSED) > 40


@pytest.mark.parametrize("name", REASONS)
def test_kudos_that_are_needed_beforehand_are_foretold_beside_what_needs_them(name: str) -> None:
    body = body_of(load(name))
    (problem,) = problems(body, known(name, body))
    assert (problem.code, problem.kind) == ("KudosUpfront", Kind.REFUSED)
    assert (problem.field, problem.also) == REASONS[name]
    with_kudos = problems(body, circumstances(body, kudos=1000.0, price=20.0))
    assert [problem.kind for problem in with_kudos] == [Kind.WASTEFUL]


def test_a_downgrade_is_foretold_as_what_is_ignored() -> None:
    body = body_of(load("97_allow_downgrade"))
    found = problems(body, known("97_allow_downgrade", body))
    assert {(p.code, p.field, p.kind) for p in found} == {
        ("Downgraded", "params.width", Kind.IGNORED),
        ("Downgraded", "params.steps", Kind.IGNORED),
    }
