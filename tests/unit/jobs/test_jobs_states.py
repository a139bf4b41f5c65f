"""The ways between a job's states are those of the contract, and whatever else is written down here."""

from __future__ import annotations

import itertools

import pytest

from krita_AIhorde.jobs.states import ENDED, WAYS, ForbiddenWay, JobState, require_way

# "States of a job" in the contract, as it is written there.
CONTRACT = {
    "waiting": "submitting cancelled",
    "submitting": "queued waiting uncertain failed cancelling",
    "uncertain": "queued",  # and "the artist's choice", which makes a new job
    "queued": "generating downloading cancelling failed expired",
    "generating": "queued downloading cancelling failed expired",
    "cancelling": "cancelled timedOut",
    "downloading": "generating done kept failed",
    "landing": "generating done kept failed",
    "kept": "landing",
    "done": "",
    "cancelled": "",
    "timedOut": "",
    "failed": "",
    "expired": "",
}
# What the code allows beyond that, each with its reason.
BEYOND = {
    ("waiting", "timedOut"): "max wait counts from the click",
    ("waiting", "failed"): "the request can be refused before it is sent (a source that cannot be encoded)",
    ("uncertain", "cancelled"): "the artist's choice",
    ("cancelling", "kept"): "what was collected has no document to land in",
    ("cancelling", "failed"): "a fault of ours meanwhile must not leave the row without an end",
    ("downloading", "landing"): "the next step of the same image",
    ("downloading", "queued"): "partial results: the rest waits for another worker",
    ("downloading", "cancelling"): "partial results: the artist stops the rest",
    ("downloading", "expired"): "partial results: the rest never came",
    ("landing", "downloading"): "partial results: the next image",
    ("landing", "queued"): "partial results: the rest waits for another worker",
    ("landing", "cancelling"): "partial results: the artist stops the rest",
    ("landing", "expired"): "partial results: the rest never came",
    ("landing", "cancelled"): "kept images are inserted: the job ends as it would have ended",
    ("landing", "timedOut"): "the same, by max wait",
    ("downloading", "cancelled"): "a lost image is fetched again: the job ends as it would have ended",
    ("downloading", "timedOut"): "the same, by max wait",
    **{
        (end, "downloading"): "the artist asks for a lost image again"
        for end in ("kept", "done", "cancelled", "timedOut", "failed", "expired")
    },
}


def test_the_words_are_the_contract_s() -> None:
    assert [state.value for state in JobState] == list(CONTRACT)


def test_the_ways_are_the_contract_s_and_those_with_a_reason() -> None:
    contract = {(old, new) for old, ways in CONTRACT.items() for new in ways.split()}
    ours = {(old.value, new.value) for old, ways in WAYS.items() for new in ways}
    assert ours - contract == set(BEYOND)
    assert contract - ours == set()


@pytest.mark.parametrize(("old", "new"), list(itertools.product(JobState, JobState)))
def test_only_ways_can_be_gone_and_staying_is_allowed(old: JobState, new: JobState) -> None:
    if new is old or new in WAYS[old]:
        require_way(old, new)
    else:
        with pytest.raises(ForbiddenWay, match=old.value):
            require_way(old, new)


@pytest.mark.parametrize("state", list(JobState))
def test_every_state_leads_to_an_end(state: JobState) -> None:
    reached, todo = {state}, [state]
    while todo:
        new = WAYS[todo.pop()] - reached
        reached |= new
        todo += new
    assert reached & ENDED
    assert state.running or state.ended or state in (JobState.KEPT, JobState.UNCERTAIN)
