"""A job's life against the practice horde, traps included."""

from __future__ import annotations

import asyncio
import itertools
import time
import types

import attrs
import pytest
from jobs_bench import CANVAS, Bench

from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.jobs.request import build_request
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState, require_way


def states(bench: Bench, job_id: str) -> list[JobState]:
    """The states a row went through, without repetitions."""
    seen: list[JobState] = []
    for snapshot in bench.changes:
        if snapshot.id == job_id and (not seen or seen[-1] is not snapshot.state):
            seen.append(snapshot.state)
    return seen


async def test_an_image_lands_under_its_prompt_and_seed(bench: Bench) -> None:
    job = bench.send("a red fox in the snow that is far too long for the name of a layer", seed=77)
    end = await bench.ended(job)
    assert end.state is JobState.DONE
    assert (end.finished, end.total, end.trouble) == (1, 1, Trouble.NONE)
    (picture,) = bench.canvas.landed
    assert picture.name == "a red fox in the snow that is far too l… · 77"
    assert picture.group_name == ""
    way = states(bench, job)
    assert way[0] is JobState.SUBMITTING
    assert way[-1] is JobState.DONE
    for before, after in itertools.pairwise(way):
        require_way(before, after)
    assert JobState.DOWNLOADING in way
    assert JobState.LANDING in way


async def test_several_images_have_seeds_one_after_the_other_in_one_group(bench: Bench) -> None:
    job = bench.send("foxes", image_count=3, seed=500)
    end = await bench.ended(job)
    assert end.finished == 3
    assert sorted(picture.name for picture in bench.canvas.landed) == [
        "foxes · 500",
        "foxes · 501",
        "foxes · 502",
    ]
    assert [picture.first for picture in bench.canvas.landed] == [True, False, False]
    assert [picture.group for picture in bench.canvas.landed] == ["", "the group", "the group"]
    (submit,) = await bench.requests("POST", "/async")
    assert (submit["body"]["params"]["seed"], submit["body"]["params"]["seed_variation"]) == ("499", 1)


async def test_seeds_differ_by_the_variation(bench: Bench) -> None:
    job = bench.send("foxes", image_count=3, seed=500, seed_variation=250)
    assert (await bench.ended(job)).finished == 3
    names = {picture.name for picture in bench.canvas.landed}
    assert names == {"foxes · 500", "foxes · 750", "foxes · 1000"}


async def test_a_picture_that_comes_back_larger_and_cut_out_lands_in_its_place(bench: Bench) -> None:
    processed = {
        "upscaler": "RealESRGAN_x2plus",
        "post_processing": "GFPGAN",
        "strip_background_too": True,
    }
    job = bench.send("a fox", **processed)
    assert (await bench.ended(job)).state is JobState.DONE
    (picture,) = bench.canvas.landed
    assert picture.raster.extent == picture.spec.lands_on.extent
    assert min(picture.raster.data[3::4]) == 0, "the background is gone"


async def test_images_of_one_batch_share_a_seed_and_differ_by_index(bench: Bench) -> None:
    await bench.ask("/practice/faults", {"batch": 2})
    job = bench.send("foxes", image_count=2, seed=500)
    await bench.ended(job)
    names = sorted(picture.name for picture in bench.canvas.landed)
    assert [name.rsplit("/", 1)[1] for name in names] == ["0", "1"]
    assert len({name.rsplit("/", 1)[0] for name in names}) == 1


async def test_images_land_as_they_finish(bench: Bench) -> None:
    await bench.ask("/practice/faults", {"workers": 1, "pace": 1.0})
    job = bench.send(image_count=3)
    partial = await bench.until(job, lambda snapshot: bench.canvas.landed)
    assert 0 < partial.finished < 3
    assert partial.state.running
    assert (await bench.ended(job)).finished == 3


async def test_jobs_run_side_by_side(bench: Bench) -> None:
    await bench.ask("/practice/faults", {"workers": 4, "pace": 2.0})
    jobs = [bench.send(f"fox {i}") for i in range(3)]
    for job in jobs:
        await bench.until(job, lambda snapshot: snapshot.state is JobState.GENERATING)
    assert not bench.canvas.landed
    for job in jobs:
        assert (await bench.ended(job)).state is JobState.DONE


async def test_a_cancel_in_the_queue_is_told_to_the_horde(bench: Bench) -> None:
    job = bench.send("[practice queue=300] waits")
    other = bench.send("[practice delay=1] goes on")
    await bench.until(job, lambda snapshot: snapshot.state is JobState.QUEUED)
    bench.queue.cancel(job)
    end = await bench.until(job, lambda snapshot: snapshot.state.ended)
    assert end.state is JobState.CANCELLED
    (deleted,) = await bench.requests("DELETE", "/status/")
    assert deleted["path"].endswith(end.horde_id)
    assert (await bench.ended(other)).state is JobState.DONE


async def test_a_cancel_keeps_what_is_finished_and_collects_what_is_being_made(bench: Bench) -> None:
    await bench.ask("/practice/faults", {"workers": 1, "pace": 2.0})
    job = bench.send(image_count=4)
    await bench.until(job, lambda snapshot: snapshot.finished > 0)
    bench.queue.cancel(job)
    end = await bench.ended(job)
    assert end.state is JobState.CANCELLED
    assert 1 <= end.finished < 4
    assert len(bench.canvas.landed) == end.finished
    (status,) = await bench.requests("DELETE", "/status/")
    assert status["status"] == 200


async def test_a_cancel_before_it_is_sent_sends_nothing(bench: Bench) -> None:
    job = bench.send()
    bench.queue.cancel(job)
    assert (await bench.ended(job)).state is JobState.CANCELLED
    assert await bench.requests("POST", "/async") == []


async def test_cancel_all_stops_every_job(bench: Bench) -> None:
    jobs = [bench.send(f"[practice queue=300] {i}") for i in range(3)]
    await bench.until(jobs[0], lambda snapshot: snapshot.state is JobState.QUEUED)
    bench.queue.cancel_all()
    for job in jobs:
        assert (await bench.ended(job)).state is JobState.CANCELLED


async def test_past_max_wait_a_job_is_stopped_and_keeps_what_was_finished(bench: Bench) -> None:
    await bench.ask("/practice/faults", {"workers": 1, "pace": 1.0})
    job = bench.send(image_count=5, max_wait=2.5)
    end = await bench.ended(job)
    assert end.state is JobState.TIMED_OUT
    assert 1 <= end.finished < 5
    assert len(await bench.requests("DELETE", "/status/")) == 1


@pytest.mark.parametrize(
    ("fault", "state", "trouble"),
    [
        ("worker_fails", JobState.DONE, Trouble.NONE),
        ("worker_fails_twice", JobState.FAILED, Trouble.WORKER_FAILED),
        ("nsfw", JobState.DONE, Trouble.CENSORED),
        ("csam", JobState.DONE, Trouble.CENSORED_CSAM),
        ("expired_link", JobState.DONE, Trouble.NONE),
        ("no_upload", JobState.FAILED, Trouble.IMAGE_LOST),
        ("corrupt_image", JobState.FAILED, Trouble.IMAGE_LOST),
    ],
)
async def test_how_jobs_end_that_the_horde_calls_done(
    bench: Bench, fault: str, state: JobState, trouble: Trouble
) -> None:
    end = await bench.ended(bench.send(f"[practice fault={fault}] a fox"))
    assert (end.state, end.trouble) == (state, trouble)
    usable = state is JobState.DONE and trouble is Trouble.NONE
    assert end.finished == len(bench.canvas.landed) == int(usable)
    assert end.censored == int(trouble in (Trouble.CENSORED, Trouble.CENSORED_CSAM))
    assert end.csam == int(trouble is Trouble.CENSORED_CSAM)
    assert (RowAction.SEND_AGAIN in end.actions) == (not usable)
    assert (RowAction.FETCH_AGAIN in end.actions) == (trouble is Trouble.IMAGE_LOST)


async def test_done_while_a_worker_is_at_it_is_not_the_end(bench: Bench) -> None:
    end = await bench.ended(bench.send("[practice fault=done_while_processing] foxes", image_count=2))
    assert end.finished >= 1
    assert len(bench.canvas.landed) == end.finished


async def test_a_request_with_faults_keeps_the_images_it_has(bench: Bench) -> None:
    end = await bench.ended(bench.send("[practice fault=faulted_partial] foxes", image_count=3))
    assert end.state is JobState.DONE
    assert 0 < end.finished < 3
    assert end.trouble is Trouble.WORKER_FAILED


async def test_trouble_on_the_way_fails_no_job(bench: Bench) -> None:
    job = bench.send("[practice delay=2] a fox")
    await bench.until(job, lambda snapshot: snapshot.state is JobState.GENERATING)
    faults = [
        {"name": "html_502", "endpoint": "check", "times": 1},
        {"name": "reset", "endpoint": "check", "times": 1},
        {"name": "rate_limited", "endpoint": "check", "times": 1},
    ]
    await bench.ask("/practice/faults", {"faults": faults})
    end = await bench.ended(job)
    assert end.state is JobState.DONE
    troubles = {snapshot.trouble for snapshot in bench.changes if snapshot.id == job}
    assert Trouble.SERVER in troubles, "the row said what was being waited out"


async def test_an_expired_request_says_so_and_can_be_sent_again(bench: Bench) -> None:
    job = bench.send("[practice queue=600] a fox")
    await bench.until(job, lambda snapshot: snapshot.state is JobState.QUEUED)
    await bench.ask("/practice/faults", {"clock": 21 * 60})
    end = await bench.ended(job)
    assert (end.state, end.trouble) == (JobState.EXPIRED, Trouble.EXPIRED)
    assert RowAction.SEND_AGAIN in end.actions


async def test_a_submit_without_an_answer_is_not_repeated(bench: Bench) -> None:
    """Its seed was typed: another request of the account may have it, so there is no proof."""
    end = await bench.ended(bench.send("[practice fault=reset_after_submit] a fox", seed=7))
    assert end.state is JobState.UNCERTAIN
    assert len(await bench.requests("POST", "/async")) == 1
    bench.queue.send_again(end.id)
    assert len(bench.queue.snapshots()) == 1, "the new job takes the old one's row"


async def test_a_submit_without_an_answer_is_found_by_its_seed(bench: Bench) -> None:
    """Among other requests of the same account, of which one is another client's."""
    await bench.ask("/practice/faults", {"user_cache": 0})
    stranger = build_request(bench.spec("a stranger's", seed=99), None, None)
    await bench.client.submit(stranger)
    mine = bench.send(seed=5)
    lost = bench.send("[practice fault=reset_after_submit] a fox", seed=123456, seed_drawn=True)
    end = await bench.ended(lost)
    assert (end.state, end.finished) == (JobState.DONE, 1)
    assert sum(picture.name.endswith("· 123456") for picture in bench.canvas.landed) == 1
    assert (await bench.ended(mine)).finished == 1
    assert len(bench.canvas.landed) == 2, "the stranger's picture is not ours"


async def test_a_dismissed_uncertain_job_is_looked_for_no_more(bench: Bench) -> None:
    job = bench.send("[practice fault=reset queue=300]", seed=123456, seed_drawn=True)
    await bench.until(job, lambda snapshot: snapshot.state is JobState.UNCERTAIN)
    bench.queue.dismiss(job)
    await asyncio.gather(*bench.tasks, return_exceptions=True)


async def test_too_many_prompts_puts_the_job_back_to_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("krita_AIhorde.jobs.sender.FULL_HORDE_PAUSE", 0.3)
    await bench.ask("/practice/faults", {"faults": [{"name": "too_many_prompts", "times": 1}]})
    job = bench.send()
    waiting = await bench.until(job, lambda snapshot: snapshot.trouble is Trouble.TOO_MANY_JOBS)
    assert waiting.state in (JobState.WAITING, JobState.SUBMITTING)
    assert (await bench.ended(job)).state is JobState.DONE
    assert JobState.WAITING in states(bench, job)


@pytest.mark.parametrize(
    ("fault", "trouble"), [("maintenance", Trouble.MAINTENANCE), ("timeout_ip", Trouble.IP_TIMEOUT)]
)
async def test_a_refusal_that_passes_is_waited_out_with_its_reason_and_its_end(
    bench: Bench, fault: str, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The practice horde bars an address for 180 s: the row says so, and a cancel does not wait for it."""
    monkeypatch.setattr("krita_AIhorde.jobs.sender.MAINTENANCE_PAUSE", 60.0)
    job = bench.send(f"[practice fault={fault}*1] a fox")
    held = await bench.until(job, lambda snapshot: snapshot.state is JobState.WAITING and snapshot.until)
    assert (held.trouble, bool(held.detail), bool(held.rc)) == (trouble, True, True)
    assert 30 < held.until - time.monotonic() < 200
    bench.queue.cancel(job)
    assert (await bench.ended(job)).state is JobState.CANCELLED


async def test_a_job_goes_on_by_itself_after_maintenance(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("krita_AIhorde.jobs.sender.MAINTENANCE_PAUSE", 0.1)
    await bench.ask("/practice/faults", {"faults": [{"name": "maintenance", "times": 1}]})
    assert (await bench.ended(bench.send())).state is JobState.DONE


async def test_a_closed_document_s_images_are_kept_and_can_be_inserted(bench: Bench) -> None:
    bench.canvas.closed = True
    job = bench.send(image_count=2)
    end = await bench.ended(job)
    assert (end.state, end.kept, end.finished) == (JobState.KEPT, 2, 2)
    assert RowAction.INSERT in end.actions
    bench.queue.insert(job)
    assert (await bench.until(job, lambda snapshot: snapshot.state.ended)).state is JobState.DONE
    assert len(bench.canvas.landed) == 2


async def test_a_layer_that_krita_refuses_is_kept(bench: Bench) -> None:
    bench.canvas.broken = True
    end = await bench.ended(bench.send())
    assert (end.state, end.kept, end.trouble) == (JobState.KEPT, 1, Trouble.LANDING)


async def test_an_inpaint_sends_its_mask_and_lands_behind_it(bench: Bench) -> None:
    job = bench.send(operation=Operation.INPAINT)
    assert (await bench.ended(job)).state is JobState.DONE
    (submit,) = await bench.requests("POST", "/async")
    assert submit["body"]["source_processing"] == "img2img"
    assert {"source_image", "source_mask"} <= set(submit["body"])
    assert bench.canvas.landed[0].raster.extent == bench.canvas.landed[0].spec.lands_on.extent
    assert bench.canvas.settled == [(job, True)]


async def test_a_failed_inpaint_gives_its_mask_back(bench: Bench) -> None:
    job = bench.send("[practice fault=worker_fails_twice]", operation=Operation.INPAINT)
    await bench.ended(job)
    assert bench.canvas.settled == [(job, False)]


async def test_a_dismissed_row_is_gone(bench: Bench) -> None:
    job = bench.send()
    bench.queue.dismiss(job)
    assert bench.queue.snapshots(), "a running job cannot be dismissed"
    await bench.ended(job)
    bench.queue.clear_ended()
    assert bench.queue.snapshots() == []


async def test_more_images_than_the_horde_s_concurrency_wait_here(bench: Bench) -> None:
    bench.queue.concurrency = 4
    first = bench.send("[practice queue=300]", image_count=3)
    await bench.until(first, lambda snapshot: snapshot.state is JobState.QUEUED)
    second = bench.send("second", image_count=3)
    await asyncio.sleep(0.3)  # nothing happens that could be awaited: that is the point
    assert bench.snapshot(second).state is JobState.WAITING
    bench.queue.cancel(first)
    assert (await bench.ended(second)).state is JobState.DONE


@pytest.mark.parametrize("jump", [-7200.0, 1800.0, 400 * 86400.0])
async def test_a_clock_that_is_set_anew_ends_no_job(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    """Daylight saving done wrongly, a dead battery: max wait counts on by the clock that cannot be set."""
    job = bench.send("[practice delay=2] a fox", max_wait=60.0)
    await bench.until(job, lambda row: row.state is JobState.GENERATING)
    jumped = types.SimpleNamespace(time=lambda: time.time() + jump, monotonic=time.monotonic)
    for module in ("runner", "sender", "collector", "queue"):  # not the practice horde's clock
        monkeypatch.setattr(f"krita_AIhorde.jobs.{module}.time", jumped)
    assert (await bench.ended(job)).state is JobState.DONE


async def test_a_click_in_the_future_waits_no_longer_than_max_wait(bench: Bench) -> None:
    """The clock was set back between the click and now."""
    spec = attrs.evolve(bench.spec("[practice queue=300] a fox", max_wait=1.0), clicked_at=time.time() + 7200)
    bench.queue.submit(spec)
    assert (await bench.ended(spec.id)).state is JobState.TIMED_OUT


async def test_a_picture_that_the_horde_made_smaller_is_told_and_fitted(bench: Bench) -> None:
    """With "allow downgrade" the Horde says it nowhere but in the picture's size."""
    bench.client.use_key("practice-poor")
    frame = plan_frame(Bounds(0, 0, 800, 600), CANVAS, smallest=512, largest=1536)
    frame = attrs.evolve(frame, requested=Extent(1536, 1152))
    spec = bench.spec("a fox", model="Deliberate", steps=30, allow_downgrade=True)
    bench.queue.submit(attrs.evolve(spec, frame=frame))
    end = await bench.ended(spec.id)
    assert end.state is JobState.DONE
    assert end.made is not None
    assert end.made.area < frame.requested.area
    assert bench.canvas.landed[0].raster.extent == frame.region.extent
