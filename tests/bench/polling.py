"""How soon a finished image is here, and how many requests that takes, against polls at a fixed interval."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen
from bench import Bench
from desks import OURS, Books, Desk, Fared, Policy, fixed, marks
from figures import Figure
from hordes import set_practice

from krita_AIhorde.door import practice as practice_process

OFTEN, SELDOM = fixed(2.0), fixed(5.0)
DESKS = {1: 50, 10: 5, 30: 2}  # desks at work for each number of jobs
APART = 0.8  # seconds between the starts of desks that the practice horde takes for one address
MINUTE = 60.0
LESS = 0.999  # the most that a ratio may be


@frozen
class Outcome:
    fared: Sequence[Fared]
    refused: int


def measure(bench: Bench) -> list[Figure]:
    outcomes, in_krita = asyncio.run(_all(bench))
    figures: list[Figure] = []
    for jobs in DESKS:
        ours, often, seldom = (outcomes[policy.name, jobs] for policy in (OURS, OFTEN, SELDOM))
        what = "1 job" if jobs == 1 else f"{jobs} jobs"
        checks = [[job.checks for job in outcome.fared] for outcome in (ours, often)]
        figures += [
            _waits(what, ours, seldom),
            Figure(f"{what}: checks for each", "times", *checks, OFTEN.name, "fewer", LESS, "ratio"),
        ]
    minute = [job.checks + job.others for job in outcomes["a minute", 1].fared]
    refused = [outcomes[OURS.name, 30].refused, in_krita[0].refused]
    return [
        *figures,
        _waits("30 jobs in Krita", *in_krita),
        Figure("requests for a job of 60 s", "times", minute, [], "", "25", 25.0, "worst"),
        Figure("30 jobs at once: answers 429", "times", refused, [], "", "0", 0.0, "worst"),
    ]


def _waits(what: str, ours: Outcome, seldom: Outcome) -> Figure:
    waits = [[job.waited for job in outcome.fared] for outcome in (ours, seldom)]
    name = f"{what}: from done at the Horde to landed, polling included"
    return Figure(name, "s", *waits, SELDOM.name, "shorter", LESS, "ratio")


async def _all(bench: Bench) -> tuple[dict[tuple[str, int], Outcome], list[Outcome]]:
    """Everything at the same time: what else the machine does hits all alike."""
    plays: dict[tuple[str, int], list[list[str]]] = {}
    for jobs, desks in DESKS.items():
        for policy in (OURS, OFTEN, SELDOM):
            plays[policy.name, jobs] = [
                _prompts(f"{desk} of {jobs}", jobs, first=desk) for desk in range(desks)
            ]
    plays["a minute", 1] = [[_minute(index)] for index in range(8)]
    policies = {policy.name: policy for policy in (OURS, OFTEN, SELDOM)}
    with contextlib.ExitStack() as stack:
        urls = {
            play: stack.enter_context(_horde(bench.folder / f"{play[0]}-{play[1]}.log", play[1]))
            for play in plays
        }
        in_krita, *outcomes = await asyncio.gather(
            asyncio.to_thread(_play_in_krita, bench),
            *(_play(urls[play], policies.get(play[0], OURS), prompts) for play, prompts in plays.items()),
        )
    return dict(zip(plays, outcomes, strict=True)), in_krita


def _prompts(seed: str, jobs: int, *, first: int = 0, longest: float = 35.0) -> list[str]:
    return [marks(random.Random(f"{seed} {index}"), first + index, longest) for index in range(jobs)]


def _play_in_krita(bench: Bench) -> list[Outcome]:
    """Our policy, and a poll every 5 s, in the real docker, each against a practice horde of its own."""
    prompts = _prompts("Krita", 30, longest=15.0)
    outcomes = []
    for every in ("", "5"):
        data = bench.play(
            "polling",
            bench.with_plugin,
            AIHORDE_BENCH_PROMPTS=json.dumps(prompts),
            AIHORDE_BENCH_POLL=every,
        )
        books = Books(data["ledger"], data["log"])
        fared = [books.fared(prompt, data["landed"][prompt]) for prompt in prompts]
        outcomes.append(Outcome(fared, books.refused))
    return outcomes


@contextlib.contextmanager
def _horde(log: Path, jobs: int) -> Iterator[str]:
    with practice_process.horde(Path(sys.executable), log=log) as url:
        set_practice(url, workers=50)
        yield url


def _minute(index: int) -> str:
    """A minute until it is done, of which more and more is spent in the queue."""
    queue = index * MINUTE / 10
    return f"[practice queue={queue} delay={MINUTE - queue} fault=wrong_wait] a minute, {index}"


async def _play(url: str, policy: Policy, prompts: Sequence[Sequence[str]]) -> Outcome:
    desks = [Desk(url, policy, mine) for mine in prompts]

    async def later(index: int, desk: Desk) -> None:
        # Desks share an address: those with many jobs begin when the one before has submitted them.
        await asyncio.sleep(index * APART * len(desk.prompts))
        await desk.work()

    await asyncio.gather(*(later(index, desk) for index, desk in enumerate(desks)))
    books = await Books.of(url)
    return Outcome([job for desk in desks for job in desk.fared(books)], books.refused)
