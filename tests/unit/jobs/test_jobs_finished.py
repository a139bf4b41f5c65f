"""Between a check that says that pictures are finished, and their status."""

from __future__ import annotations

from jobs_bench import Bench

from krita_AIhorde.jobs.states import JobState


async def test_the_row_does_not_wait_for_the_status(bench: Bench) -> None:
    """What the check says is shown, however long the Horde takes to hand out the pictures."""
    job = bench.send("[practice delay=0 fault=slow@status~3] a fox")
    shown = await bench.until(job, lambda now: now.state is JobState.GENERATING)
    assert not bench.canvas.landed
    assert shown.finished == 0
    assert (await bench.ended(job)).state is JobState.DONE


async def test_a_cancel_does_not_wait_for_the_status(bench: Bench) -> None:
    job = bench.send("[practice delay=0 fault=hang@status*1] a fox")
    await bench.until(job, lambda now: now.state is JobState.GENERATING)
    bench.queue.cancel(job)
    assert (await bench.ended(job)).state is JobState.CANCELLED
    assert len(bench.canvas.landed) == 1, "what was finished is paid for, and collected"
