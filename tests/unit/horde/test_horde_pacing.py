from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krita_AIhorde.horde.messages import Check
from krita_AIhorde.horde.pacing import Bucket, CheckSchedule, Governor

NETWORK_DELAY = 0.3  # seconds by which one call may be later at the Horde than another

# (bucket, whether every key counts for itself, calls, seconds): the Horde's documented limits.
LIMITS = [
    (Bucket.SUBMIT, False, 2, 1.0),
    (Bucket.SUBMIT, False, 90, 60.0),
    (Bucket.CHECK, False, 10, 1.0),
    (Bucket.STATUS, True, 10, 60.0),
    (Bucket.CANCEL, True, 10, 60.0),
    (Bucket.TRANSFER, False, 1, 1.0),
    (Bucket.OTHER, True, 90, 60.0),
]
Run = Callable[[Any], Any]


def most_in_a_window(times: Sequence[float], seconds: float) -> int:
    """The most calls that a moving window of ``seconds`` ever held."""
    ordered = sorted(times)
    most = first = 0
    for last, time in enumerate(ordered):
        while time - ordered[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


async def granted(
    governor: Governor, wishes: Sequence[tuple[float, Bucket, str]]
) -> dict[tuple[Bucket, str], list[float]]:
    """When each wish (time, bucket, key) got its turn."""
    times: dict[tuple[Bucket, str], list[float]] = {}
    loop = asyncio.get_running_loop()

    async def one(at: float, bucket: Bucket, key: str) -> None:
        await asyncio.sleep(at)
        async with governor.call(bucket, key):
            times.setdefault((bucket, key), []).append(loop.time())

    await asyncio.gather(*(one(*wish) for wish in wishes))
    return times


async def one_call(governor: Governor) -> None:
    async with governor.call(Bucket.SUBMIT):
        pass


def assert_limits_kept(times: dict[tuple[Bucket, str], list[float]], delay: float) -> None:
    for bucket, each, calls, seconds in LIMITS:
        of_bucket = [(key, when) for (b, key), when in times.items() if b is bucket]
        groups = [when for _, when in of_bucket] if each else [[t for _, when in of_bucket for t in when]]
        for group in groups:
            assert most_in_a_window(group, seconds + delay) <= calls, (bucket, calls, seconds)


wishes = st.lists(
    st.tuples(st.floats(0, 90), st.sampled_from(Bucket), st.sampled_from(["a", "b", "c"])),
    min_size=1,
    max_size=60,
)
crowds = st.tuples(st.sampled_from(Bucket), st.integers(20, 120), st.integers(1, 30), st.floats(0, 3))


@settings(max_examples=40)
@given(
    strays=wishes, crowd=crowds, pauses=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=3)
)
def test_no_crowd_of_calls_ever_breaks_a_limit_of_the_hordes_moving_windows(
    in_virtual_time: Run, strays: Any, crowd: Any, pauses: Any
) -> None:
    bucket, size, ids, gap = crowd
    rush = [(i * gap / 10, bucket, f"id {i % ids}") for i in range(size)]

    async def main() -> dict[tuple[Bucket, str], list[float]]:
        governor, loop = Governor(), asyncio.get_running_loop()
        for at, seconds in pauses:
            loop.call_later(at, lambda s=seconds: governor.pause(bucket, s))
        return await granted(governor, rush + strays)

    times = in_virtual_time(main())
    assert sum(map(len, times.values())) == len(rush) + len(strays)
    assert_limits_kept(times, NETWORK_DELAY)


# Seconds from a submit's turn until the Horde counts it, and from there to its answer.
journeys = st.tuples(st.sampled_from([0.0, 0.1, 0.6, 1.5, 9.0]), st.sampled_from([0.0, 0.2, 3.0]))


@settings(max_examples=100)
@given(journeys=st.lists(journeys, min_size=3, max_size=110))
def test_uploads_that_differ_by_seconds_break_no_limit_of_submitting(
    in_virtual_time: Run, journeys: list[tuple[float, float]]
) -> None:
    async def main() -> list[float]:
        governor, counted = Governor(), list[float]()
        loop = asyncio.get_running_loop()

        async def submit(upload: float, answer: float) -> None:
            async with governor.call(Bucket.SUBMIT):
                await asyncio.sleep(upload)
                counted.append(loop.time())
                await asyncio.sleep(answer)

        await asyncio.gather(*(submit(*journey) for journey in journeys))
        return counted

    counted = in_virtual_time(main())
    assert len(counted) == len(journeys)
    assert most_in_a_window(counted, 1.0) <= 2
    assert most_in_a_window(counted, 60.0) <= 90


def test_a_submit_without_an_answer_does_not_stop_the_others(in_virtual_time: Run) -> None:
    async def main() -> list[float]:
        governor, loop = Governor(), asyncio.get_running_loop()
        turns: list[float] = []

        async def submit(seconds: float) -> None:
            async with governor.call(Bucket.SUBMIT):
                turns.append(loop.time())
                await asyncio.sleep(seconds)

        await asyncio.gather(submit(60.0), *(submit(0.1) for _ in range(5)))
        return turns

    assert in_virtual_time(main())[-1] == pytest.approx(5.5, abs=0.1)


def test_the_first_calls_of_a_quiet_client_do_not_wait(in_virtual_time: Run) -> None:
    wishes = [(0.0, Bucket.SUBMIT, "x"), (0.0, Bucket.CHECK, "a")]
    wishes += [(0.0, Bucket.STATUS, "a")] * 2 + [(0.0, Bucket.OTHER, "status/models")] * 5
    times = in_virtual_time(granted(Governor(), wishes))
    assert max(t for when in times.values() for t in when) < 0.01


def test_ten_jobs_are_submitted_in_seven_seconds(in_virtual_time: Run) -> None:
    times = in_virtual_time(granted(Governor(), [(0.0, Bucket.SUBMIT, str(i)) for i in range(10)]))
    assert max(t for when in times.values() for t in when) == pytest.approx(6.3, abs=0.05)


def test_a_pause_of_one_requests_status_leaves_the_others_alone(in_virtual_time: Run) -> None:
    async def main() -> Any:
        governor = Governor()
        governor.pause(Bucket.STATUS, 60, "a")
        return await granted(governor, [(0.0, Bucket.STATUS, "a"), (0.0, Bucket.STATUS, "b")])

    times = in_virtual_time(main())
    assert times[Bucket.STATUS, "a"][0] == pytest.approx(60, abs=0.01)
    assert times[Bucket.STATUS, "b"][0] < 0.01


def test_a_pause_of_submitting_holds_also_for_those_already_in_line(in_virtual_time: Run) -> None:
    async def main() -> Any:
        governor, loop = Governor(), asyncio.get_running_loop()
        loop.call_later(1.0, lambda: governor.pause(Bucket.SUBMIT, 30, "generate/async"))
        return await granted(governor, [(0.0, Bucket.SUBMIT, str(i)) for i in range(6)])

    times = sorted(t for when in in_virtual_time(main()).values() for t in when)
    assert [t for t in times if 1.0 < t < 31.0] == []
    assert len([t for t in times if t >= 31.0]) == 4


def test_a_shorter_pause_does_not_end_a_longer_one(in_virtual_time: Run) -> None:
    async def main() -> Any:
        governor = Governor()
        governor.pause(Bucket.OTHER, 20, "find_user")
        governor.pause(Bucket.OTHER, 1, "find_user")
        return await granted(governor, [(0.0, Bucket.OTHER, "find_user")])

    assert in_virtual_time(main())[Bucket.OTHER, "find_user"][0] == pytest.approx(20, abs=0.01)


def test_a_call_given_up_while_waiting_does_not_hold_up_the_next(in_virtual_time: Run) -> None:
    async def main() -> float:
        governor, loop = Governor(), asyncio.get_running_loop()
        await one_call(governor)
        given_up = [asyncio.ensure_future(one_call(governor)) for _ in range(20)]
        await asyncio.sleep(0)
        for task in given_up:
            task.cancel()
        await one_call(governor)
        return loop.time()

    assert in_virtual_time(main()) == pytest.approx(0.7, abs=0.01)


async def spared(governor: Governor, times: list[float]) -> None:
    async with governor.call(Bucket.SUBMIT, spare=True):
        times.append(asyncio.get_running_loop().time())


def test_a_spare_turn_is_taken_at_once_where_nobody_is_in_line(in_virtual_time: Run) -> None:
    async def main() -> list[float]:
        governor, times = Governor(), list[float]()
        await spared(governor, times)
        await spared(governor, times)
        return times

    first, second = in_virtual_time(main())
    assert first < 0.01
    assert 0.7 <= second < 1.0


def test_a_spare_turn_comes_after_everybody_in_line_and_holds_up_none(in_virtual_time: Run) -> None:
    async def main() -> tuple[Any, list[float]]:
        governor, times = Governor(), list[float]()
        spare = [asyncio.ensure_future(spared(governor, times)) for _ in range(3)]
        line = granted(governor, [(i / 100, Bucket.SUBMIT, str(i)) for i in range(1, 11)])
        in_line = await line
        await asyncio.gather(*spare)
        return in_line, times

    in_line, spare = in_virtual_time(main())
    turns = sorted(time for when in in_line.values() for time in when)
    assert spare[0] < 0.01, "it came before the others, and was sent before they were there"
    assert turns == pytest.approx([0.7 * (i + 1) for i in range(10)], abs=0.01)
    assert turns[-1] < spare[1] < spare[2]
    assert most_in_a_window([*turns, *spare], 1.0 + NETWORK_DELAY) <= 2


def test_spare_turns_wait_for_the_end_of_a_pause_and_then_let_the_others_first(in_virtual_time: Run) -> None:
    async def main() -> tuple[list[float], Any]:
        governor, times = Governor(), list[float]()
        governor.pause(Bucket.SUBMIT, 30)
        spare = asyncio.ensure_future(spared(governor, times))
        await asyncio.sleep(1)
        in_line = await granted(governor, [(0.0, Bucket.SUBMIT, "a"), (0.0, Bucket.SUBMIT, "b")])
        await spare
        return times, in_line

    (spare,), in_line = in_virtual_time(main())
    assert max(time for when in in_line.values() for time in when) < spare
    assert 31.4 <= spare < 32


def test_one_who_leaves_the_line_is_not_waited_for(in_virtual_time: Run) -> None:
    async def main() -> list[float]:
        governor, times = Governor(), list[float]()
        await one_call(governor)
        given_up = asyncio.ensure_future(one_call(governor))
        await asyncio.sleep(0.1)
        given_up.cancel()
        await spared(governor, times)
        return times

    assert 0.7 <= in_virtual_time(main())[0] < 1.0


def test_a_finished_id_leaves_nothing_behind(in_virtual_time: Run) -> None:
    async def main() -> Governor:
        governor = Governor()
        for i in range(5):
            for bucket in (Bucket.CHECK, Bucket.STATUS, Bucket.CANCEL):
                async with governor.call(bucket, f"id {i}"):
                    pass
                governor.pause(bucket, 1, f"id {i}")
            governor.forget(f"id {i}")
        return governor

    kept = vars(in_virtual_time(main()))
    assert not any("id " in str(place) for state in kept.values() for place in state)


def check(**values: Any) -> Check:
    return Check(**{"done": False, **values})


SCHEDULE = CheckSchedule()


@pytest.mark.parametrize(
    ("last", "quiet", "low", "high"),
    [
        (None, 0, 1.8, 2.2),  # the first look, two seconds after the submit
        (check(processing=1, waiting=3), 0, 1.8, 2.2),
        (check(processing=1), 20, 2.7, 3.3),
        (check(processing=1), 600, 3.6, 4.4),
        (check(waiting=1), 0, 3.6, 4.4),
        (check(waiting=1), 600, 5.4, 6.6),
        (check(waiting=1), -5, 3.6, 4.4),
    ],
)
def test_when_to_look_again(last: Check | None, quiet: float, low: float, high: float) -> None:
    delays = [SCHEDULE.next_delay(last, quiet, chance / 100) for chance in range(100)]
    assert low - 1e-9 <= min(delays)
    assert max(delays) <= high + 1e-9
    assert max(delays) - min(delays) > 0.1  # a hundred jobs must not all look at once


@given(wait_time=st.integers(), place=st.integers(), processing=st.integers(0, 1), chance=st.floats(0, 1))
def test_no_guess_of_the_horde_changes_when_we_look(
    wait_time: int, place: int, processing: int, chance: float
) -> None:
    guessed = check(wait_time=wait_time, queue_position=place, processing=processing)
    plain = check(processing=processing)
    assert SCHEDULE.next_delay(guessed, 5.0, chance) == SCHEDULE.next_delay(plain, 5.0, chance)


@given(processing=st.integers(), quiet=st.floats(allow_nan=False), chance=st.floats(0, 1))
def test_no_check_is_sooner_than_the_hordes_cache_or_later_than_seven_seconds(
    processing: int, quiet: float, chance: float
) -> None:
    assert 1.0 <= SCHEDULE.next_delay(check(processing=processing), quiet, chance) <= 7.0


@given(in_queue=st.floats(0, 60), chances=st.randoms(use_true_random=True))
def test_a_job_of_a_minute_costs_at_most_22_checks(in_queue: float, chances: Any) -> None:
    """With the submit, one status and one download: at most 25 requests, whenever a worker takes it."""
    now, checks, last, news_at = 0.0, 0, None, 0.0
    while now < 60.0:
        now += SCHEDULE.next_delay(last, now - news_at, chances.random())
        checks += 1
        seen = check(processing=int(now >= in_queue), waiting=int(now < in_queue))
        if last is None or seen.counts != last.counts:
            news_at = now
        last = seen
    assert checks <= 22
