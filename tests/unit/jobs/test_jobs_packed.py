"""What jobs keep in memory while their pictures wait."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

import pytest
from jobs_bench import Bench

from krita_AIhorde.imaging.raster import Raster
from krita_AIhorde.imaging.result import Result
from krita_AIhorde.jobs import fetching
from krita_AIhorde.jobs.landing import Landed
from krita_AIhorde.jobs.queue import UNPACKED


async def test_pictures_that_wait_to_land_stay_packed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """An artist may hold the pen down for long, while many come: unpacked, each of them is megabytes."""
    pen_up = asyncio.Event()
    unpacked: list[weakref.ref[Raster]] = []
    land, decode = bench.canvas.land, fetching.decode_result

    async def land_later(*arguments: Any, **options: Any) -> Landed:
        await pen_up.wait()
        return await land(*arguments, **options)

    def remember(*arguments: Any, **options: Any) -> Result:
        result = decode(*arguments, **options)
        unpacked.append(weakref.ref(result.raster))
        return result

    monkeypatch.setattr(bench.canvas, "land", land_later)
    monkeypatch.setattr(fetching, "decode_result", remember)
    jobs = [bench.send(f"{number}", image_count=3) for number in range(2)]
    for job in jobs:
        await bench.until(job, lambda snapshot: snapshot.finished == 3)
    await asyncio.sleep(0.2)  # nothing tells that no more will be unpacked
    assert sum(picture() is not None for picture in unpacked) <= UNPACKED
    pen_up.set()
    for job in jobs:
        assert (await bench.ended(job)).finished == 3
    assert len(bench.canvas.landed) == 6
