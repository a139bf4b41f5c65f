"""What the artist ends up with, for everything that can go wrong on the way.

The rows of a table run side by side, each with its own mark in its prompt, so that backing off costs its
second once for all of them.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from attrs import frozen
from jobs_bench import KEY, Bench

from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.pacing import Bucket, Governor, Rate, Rule
from krita_AIhorde.horde.sessions import Timeouts
from krita_AIhorde.jobs.snapshot import JobSnapshot, Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.practice.faults import API_FAULTS, JOB_FAULTS


@frozen
class End:
    """``finished``, ``lost`` and ``censored`` are images."""

    state: JobState
    trouble: Trouble = Trouble.NONE
    finished: int = 0
    lost: int = 0
    censored: int = 0

    @classmethod
    def of(cls, row: JobSnapshot) -> End:
        return cls(row.state, row.trouble, row.finished, row.lost, row.censored)


DONE = End(JobState.DONE, finished=1)
LOST = End(JobState.FAILED, Trouble.IMAGE_LOST, lost=1)
CENSORED = End(JobState.DONE, Trouble.CENSORED, censored=1)
CANCELLED = End(JobState.CANCELLED)
TIMED_OUT = End(JobState.TIMED_OUT)


def failed(trouble: Trouble) -> End:
    return End(JobState.FAILED, trouble)


# A fault as it stands in the mark, and the end of the one job that met it.
FAULTS_OF_JOBS = {
    "worker_fails": DONE,
    "worker_fails_twice": failed(Trouble.WORKER_FAILED),
    "done_while_processing": DONE,
    "faulted_partial": End(JobState.DONE, Trouble.WORKER_FAILED, finished=1),  # three were asked for
    "impossible": End(JobState.TIMED_OUT, Trouble.NO_WORKER),
    "impossible_at_first~1": DONE,
    "never": TIMED_OUT,
    "nsfw": CENSORED,
    "csam": End(JobState.DONE, Trouble.CENSORED_CSAM, censored=1),
    "nsfw_marked": DONE,
    "source_lost": DONE,
    "lora_lost": DONE,
    "corrupt_image": LOST,
    "garbage_image": LOST,
    "truncated_image": LOST,
    "noisy_wait": DONE,
    "wrong_wait": DONE,
    "zero_wait": DONE,
    "gif_image": LOST,
    "html_image": LOST,
    "empty_image": LOST,
    "huge_image": LOST,
    "no_upload": LOST,
    "late_upload": DONE,
    "half_image": LOST,
    "half_image*1": DONE,
    "expired_link": DONE,
    "lost_link": LOST,
    "redirected_link": DONE,
    "untrusted_link": LOST,
}
# Each strikes once. Where a submission may have been accepted it is not sent again: see UNSURE.
AT_SUBMIT = {
    "html_200": DONE,
    "html_502": DONE,
    "server_error": DONE,
    "rate_limited": DONE,
    "rate_limited_bare": DONE,
    "too_many_prompts": DONE,
    "too_many_prompts_wait": DONE,
    "slow~0.5": DONE,
    "drip~0.5": DONE,
    "kudos_upfront": failed(Trouble.KUDOS),
    "invalid_key": failed(Trouble.BAD_KEY),
}
WAITED_OUT_AT_SUBMIT = {"maintenance", "timeout_ip"}  # for minutes: tested by themselves
UNSURE = (
    "html_520", "html_524", "reset", "reset_after_submit", "reset_in_headers", "reset_in_body",
    "wrong_shape", "empty",
)  # fmt: skip
# None of these ends a job that the Horde has accepted.
SURVIVED = (
    "html_200", "html_502", "html_520", "html_524", "server_error", "reset", "reset_in_headers",
    "reset_in_body", "garbage", "wrong_shape", "empty", "slow~0.5", "drip~0.5", "rate_limited",
    "rate_limited_bare", "too_many_prompts", "too_many_prompts_wait", "kudos_upfront", "maintenance",
    "timeout_ip~1", "invalid_key",
)  # fmt: skip
SPOILT_IMAGES = {"garbage", "wrong_shape", "empty"}
REFUSED_CANCELS = {
    "too_many_prompts", "too_many_prompts_wait", "kudos_upfront", "maintenance", "timeout_ip~1",
    "invalid_key",
}  # fmt: skip


def unpaced() -> dict[str, Any]:
    return {"governor": Governor({bucket: Rule(all=Rate(50, 0.1)) for bucket in Bucket})}


def impatient() -> dict[str, Any]:
    timeouts = Timeouts(connect=1.0, get=1.5, post=1.5, image_stall=1.0, image_total=10.0)
    return {**unpaced(), "timeouts": timeouts}


@pytest.fixture(autouse=True)
async def _quick(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the Horde nor a full Horde's pause holds anything up."""
    monkeypatch.setattr("krita_AIhorde.jobs.sender.FULL_HORDE_PAUSE", 0.3)
    settings = {"pace": 0.1, "workers": 8, "limits": False, "check_cache": 0, "concurrency": 500}
    await bench.ask("/practice/faults", settings)
    bench.queue.concurrency = 500


def at(endpoint: str, fault: str, times: str = "*1") -> str:
    name, tilde, seconds = fault.partition("~")
    return f"{name}@{endpoint}{tilde}{seconds}{times}"


async def ends(bench: Bench, jobs: dict[str, str]) -> dict[str, End]:
    """By fault; a job that does not end is shown in the state where it stays."""
    await asyncio.gather(
        *(bench.until(job, lambda row: not row.state.running, 25) for job in jobs.values()),
        return_exceptions=True,
    )
    return {fault: End.of(bench.snapshot(job)) for fault, job in jobs.items()}


async def met(bench: Bench, faults: Sequence[str]) -> dict[str, End]:
    """How jobs end of which each meets one fault."""
    jobs = {}
    for fault in faults:
        params: dict[str, Any] = {"max_wait": 3.0} if fault in ("never", "impossible") else {}
        images = 3 if fault == "faulted_partial" else 1
        jobs[fault] = bench.send(f"[practice fault={fault}]", image_count=images, **params)
    return await ends(bench, jobs)


async def unfetched(bench: Bench) -> list[str]:
    """Prompts of finished images that could have been had, and were not."""
    ledger = await bench.ask("/practice/ledger")
    return [
        entry["prompt"]
        for entry in ledger
        for image in entry["images"]
        if image["fate"] == "done" and image["obtainable"] and not image["censored"] and not image["served"]
    ]


async def accepted_twice(bench: Bench) -> list[str]:
    counts = Counter(entry["prompt"] for entry in await bench.ask("/practice/ledger"))
    return [prompt for prompt, times in counts.items() if times > 1]


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_faults_of_jobs(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("krita_AIhorde.jobs.fetching.PATIENCE", 5.0)
    monkeypatch.setattr("krita_AIhorde.jobs.fetching.PATIENCE_IN_BETWEEN", 5.0)
    assert await met(bench, list(FAULTS_OF_JOBS)) == FAULTS_OF_JOBS
    assert await unfetched(bench) == []
    assert len(bench.canvas.landed) == sum(end.finished for end in FAULTS_OF_JOBS.values())


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_a_worker_that_vanishes(bench: Bench) -> None:
    job = bench.send("[practice fault=worker_vanishes*1]")
    await bench.until(job, lambda row: row.state is JobState.GENERATING)
    await bench.ask("/practice/faults", {"clock": 200})
    assert End.of(await bench.ended(job)) == DONE


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_workers_that_vanish_again_and_again(bench: Bench) -> None:
    job = bench.send("[practice fault=worker_vanishes]")
    for failures in range(3):
        await _restarted(bench, failures)
        await bench.ask("/practice/faults", {"clock": 200})
    assert End.of(await bench.ended(job)) == failed(Trouble.WORKER_FAILED)


async def _restarted(bench: Bench, times: int) -> None:
    """Wait until a worker has taken the only request after so many restarts."""
    while True:
        (request,) = (await bench.ask("/practice/state"))["requests"] or [{"processing": 0, "restarted": -1}]
        if request["processing"] and request["restarted"] == times:
            return
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_faults_of_submissions(bench: Bench) -> None:
    found = await met(bench, [at("submit", fault) for fault in AT_SUBMIT])
    assert found == {at("submit", fault): end for fault, end in AT_SUBMIT.items()}
    assert await unfetched(bench) == []
    assert await accepted_twice(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_a_submission_that_may_have_been_accepted_is_found_again_or_left_to_the_artist(
    bench: Bench,
) -> None:
    found = await met(bench, [at("submit", fault) for fault in UNSURE])
    assert {end.state for end in found.values()} <= {JobState.UNCERTAIN, JobState.DONE}
    assert all(end.finished == (end.state is JobState.DONE) for end in found.values())
    assert await accepted_twice(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_a_submission_answered_with_garbage_is_not_sent_again(bench: Bench) -> None:
    await met(bench, [at("submit", "garbage")])
    assert await accepted_twice(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
@pytest.mark.parametrize("endpoint", ["check", "status", "image"])
async def test_faults_of_an_accepted_job(bench: Bench, endpoint: str) -> None:
    faults = [fault for fault in SURVIVED if endpoint != "image" or fault not in SPOILT_IMAGES]
    found = await met(bench, [at(endpoint, fault) for fault in faults])
    assert found == {at(endpoint, fault): DONE for fault in faults}
    assert await unfetched(bench) == []
    assert len(bench.canvas.landed) == len(faults)


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
@pytest.mark.parametrize("fault", sorted(SPOILT_IMAGES))
async def test_a_download_that_was_spoilt_once_is_tried_again(bench: Bench, fault: str) -> None:
    assert await met(bench, [at("image", fault)]) == {at("image", fault): DONE}
    assert await unfetched(bench) == []


async def cancelled(bench: Bench, faults: Sequence[str]) -> dict[str, End]:
    """How jobs end that are cancelled in the queue, and meet a fault at that."""
    jobs = {fault: bench.send(f"[practice queue=300 fault={at('cancel', fault)}]") for fault in faults}
    for job in jobs.values():
        await bench.until(job, lambda row: row.state is JobState.QUEUED)
        bench.queue.cancel(job)
    return await ends(bench, jobs)


async def not_told(bench: Bench) -> list[str]:
    """Prompts of jobs whose cancel never reached the Horde."""
    ledger = await bench.ask("/practice/ledger")
    return [entry["prompt"] for entry in ledger if not entry["cancelled"]]


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_faults_of_a_cancel(bench: Bench) -> None:
    faults = [fault for fault in SURVIVED if fault not in REFUSED_CANCELS]
    assert await cancelled(bench, faults) == dict.fromkeys(faults, CANCELLED)
    assert await not_told(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_a_cancel_that_was_refused_once_is_told_again(bench: Bench) -> None:
    await cancelled(bench, sorted(REFUSED_CANCELS))
    assert await not_told(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
@pytest.mark.parametrize("fault", ["reset_in_body", "garbage", "html_502"])
async def test_an_image_that_was_finished_when_the_cancel_s_answer_broke_off(
    bench: Bench, fault: str
) -> None:
    await bench.ask("/practice/faults", {"workers": 1, "pace": 1.0})
    job = bench.send(f"[practice fault={at('cancel', fault)}]", image_count=6)
    await bench.until(job, lambda row: row.finished == 1)
    bench.queue.cancel(job)
    end = await bench.ended(job)
    assert end.state is JobState.CANCELLED
    assert 1 <= end.finished == len(bench.canvas.landed) < 6
    assert await unfetched(bench) == []


@pytest.mark.parametrize("bench", [impatient], indirect=True)
async def test_a_horde_that_hangs(bench: Bench) -> None:
    jobs = {name: bench.send(f"[practice fault=hang@{name}*1]") for name in ("check", "status", "image")}
    unsure = bench.send("[practice fault=hang@submit*1]")
    stopped = bench.send("[practice queue=300 fault=hang@cancel*1]")
    await bench.until(stopped, lambda row: row.state is JobState.QUEUED)
    bench.queue.cancel(stopped)
    assert await ends(bench, jobs) == dict.fromkeys(jobs, DONE)
    assert End.of(await bench.until(stopped, lambda row: row.state.ended)) == CANCELLED
    end = await bench.until(unsure, lambda row: not row.state.running)
    assert end.state is JobState.UNCERTAIN
    assert await unfetched(bench) == []


@pytest.mark.parametrize("bench", [unpaced], indirect=True)
async def test_a_horde_that_is_gone_for_a_while(bench: Bench) -> None:
    jobs = {str(delay): bench.send(f"[practice delay={delay}]") for delay in (0.1, 1, 2)}
    waiting = {"queued": bench.send("[practice queue=1]")}
    for job in (*jobs.values(), *waiting.values()):
        await bench.until(job, lambda row: row.horde_id)
    await bench.ask("/practice/offline", {"seconds": 2})
    sent = {"sent meanwhile": bench.send("a fox")}
    everything = {**jobs, **waiting, **sent}
    assert await ends(bench, everything) == dict.fromkeys(everything, DONE)
    assert await unfetched(bench) == []


async def test_a_name_that_cannot_be_resolved_for_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a router that has just lost its line: nothing is sent, and the job goes on by itself."""
    url = bench.horde.url.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(bench.client, "_endpoint", Endpoint(url, KEY, client_agent="a:1:https://example.org"))
    known = socket.getaddrinfo

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    job = bench.send("a fox")
    held = await bench.until(job, lambda row: row.trouble is Trouble.NO_CONNECTION)
    assert held.state is JobState.WAITING
    assert held.until > 0, "the row counts down"
    monkeypatch.setattr(socket, "getaddrinfo", known)
    assert (await bench.ended(job)).state is JobState.DONE
    assert len(await bench.requests("POST", "/async")) == 1


def test_no_fault_is_left_out() -> None:
    def names(faults: Sequence[str]) -> set[str]:
        return {fault.partition("~")[0].partition("*")[0] for fault in faults}

    assert names(list(FAULTS_OF_JOBS)) | {"worker_vanishes"} == set(JOB_FAULTS)
    elsewhere = {"hang", "garbage"} | WAITED_OUT_AT_SUBMIT
    assert names(list(AT_SUBMIT)) | set(UNSURE) | elsewhere == set(API_FAULTS)
    assert names(SURVIVED) | {"hang", "reset_after_submit"} == set(API_FAULTS)
