"""Another program with the artist's key, on the artist's own address."""

from __future__ import annotations

import asyncio

import aiohttp
from jobs_bench import KEY, Bench

from krita_AIhorde.jobs.states import JobState


async def greedy(url: str) -> None:
    """Asks for prices, half as often as the Horde allows, whatever it is told."""
    body = {"prompt": "a bear", "dry_run": True, "params": {"width": 512, "height": 512}}
    headers = {"apikey": KEY, "Client-Agent": "neighbour:1:https://example.org"}
    async with aiohttp.ClientSession(headers=headers) as session:
        while True:
            async with session.post(f"{url}/generate/async", json=body):
                await asyncio.sleep(0.9)


async def test_a_greedy_neighbour_costs_us_time_and_no_job(bench: Bench) -> None:
    neighbour = asyncio.ensure_future(greedy(bench.horde.url))
    try:
        jobs = [bench.send(f"fox {index}", max_wait=60.0) for index in range(4)]
        ends = [(await bench.ended(job, seconds=60)).state for job in jobs]
    finally:
        neighbour.cancel()
    assert ends == [JobState.DONE] * 4
    asked = await bench.requests("POST", "/async")
    ours = [entry["status"] for entry in asked if not entry["body"].get("dry_run")]
    assert 429 in ours, "there was a crowd"
    assert ours.count(202) == 4, "each was accepted once"
    assert len(ours) <= 30, "we did not press harder for being refused"
