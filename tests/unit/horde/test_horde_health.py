"""The status light: what it shows, how seldom it asks."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, cast

import aiohttp
import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.errors import (
    BadAnswer,
    HordeError,
    Maintenance,
    NoAnswer,
    RateLimited,
    Refused,
    ServerTrouble,
    TlsFailure,
    TooManyPrompts,
    Unreachable,
)
from krita_AIhorde.horde.health import HealthLevel, HealthState
from krita_AIhorde.horde.live import Listeners
from krita_AIhorde.horde.messages import Heartbeat, Modes, Newspiece, Performance
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]
WELL: dict[str, Any] = {
    "heartbeat": Heartbeat("OK", "5.1.5"),
    "modes": Modes(),
    "performance": Performance(12, 60.0, 60.0, 5, 9),
    "news": (Newspiece("Hello"),),
}


class Horde:
    """Answers each call with what ``answers`` holds for it; an exception is raised."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {**WELL, **answers}
        self.failures = Listeners()
        self.asked: list[tuple[str, float]] = []

    def times(self, what: str) -> list[float]:
        return [time for name, time in self.asked if name == what]

    def __getattr__(self, name: str) -> Any:
        async def call() -> Any:
            self.asked.append((name, asyncio.get_running_loop().time()))
            answer = self.answers[name]
            if isinstance(answer, HordeError):
                if name != "heartbeat":
                    self.failures.tell(answer)
                raise answer
            return answer

        return call


def health_of(horde: Horde) -> HealthState:
    return HealthState(cast(HordeClient, horde))


def looked(in_virtual_time: Run, horde: Horde) -> HealthState:
    health = health_of(horde)
    assert health.level is None
    in_virtual_time(health.refresh())
    return health


async def watched(
    health: HealthState, seconds: float, *actions: tuple[float, Callable[[], Any]]
) -> list[Any]:
    """The levels that listeners saw in so many seconds of ``keep_fresh``."""
    seen: list[Any] = []
    health.subscribe(lambda: seen.append(health.level))
    task = asyncio.ensure_future(health.keep_fresh())
    for at, action in actions:
        asyncio.get_running_loop().call_later(at, action)
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.wait([task])
    return seen


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({}, HealthLevel.OK),
        ({"heartbeat": Heartbeat("DOWN")}, HealthLevel.DOWN),
        ({"heartbeat": Heartbeat("OVERLOADED")}, HealthLevel.BUSY),
        ({"heartbeat": Heartbeat("something new")}, HealthLevel.OK),
        ({"modes": Modes(maintenance_mode=True)}, HealthLevel.MAINTENANCE),
        (
            {"modes": Modes(maintenance_mode=True), "heartbeat": Heartbeat("OVERLOADED")},
            HealthLevel.MAINTENANCE,
        ),
        ({"modes": Modes(maintenance_mode=True), "heartbeat": Heartbeat("DOWN")}, HealthLevel.DOWN),
        ({"modes": Modes(invite_only_mode=True)}, HealthLevel.OK),
        ({"performance": Performance(900, 6000.0, 600.0, 50, 90)}, HealthLevel.BUSY),
        ({"performance": Performance(900, 1200.0, 600.0, 50, 90)}, HealthLevel.OK),
        ({"performance": Performance(9, 12.0, 0.0, 50, 90)}, HealthLevel.BUSY),
        ({"performance": Performance(0, 0.0, 0.0, 50, 90)}, HealthLevel.OK),
        ({"performance": Performance(0, 0.0, 0.0, 0, 0)}, HealthLevel.BUSY),
        ({"modes": ServerTrouble(status=502), "performance": NoAnswer()}, HealthLevel.OK),
        ({"heartbeat": Unreachable()}, HealthLevel.UNREACHABLE),
        ({"heartbeat": TlsFailure()}, HealthLevel.UNREACHABLE),
        ({"heartbeat": NoAnswer()}, HealthLevel.UNREACHABLE),
        ({"heartbeat": NoAnswer(status=524)}, HealthLevel.DOWN),
        ({"heartbeat": ServerTrouble(status=502)}, HealthLevel.DOWN),
        ({"heartbeat": ServerTrouble(status=200)}, HealthLevel.UNREACHABLE),  # a hotel's login page
        ({"heartbeat": ServerTrouble(status=302)}, HealthLevel.UNREACHABLE),
        ({"heartbeat": BadAnswer(status=200)}, HealthLevel.DOWN),
        ({"heartbeat": Refused(status=403)}, HealthLevel.DOWN),
        ({"heartbeat": RateLimited(status=429)}, HealthLevel.BUSY),
    ],
)
def test_what_the_light_shows(in_virtual_time: Run, answers: dict[str, Any], level: HealthLevel) -> None:
    health = looked(in_virtual_time, Horde(**answers))
    assert health.level is level
    assert (health.problem is not None) == isinstance(answers.get("heartbeat"), HordeError)


def test_numbers_and_news_for_the_tooltip(in_virtual_time: Run) -> None:
    health = looked(in_virtual_time, Horde())
    assert health.performance is not None
    assert (health.performance.queued_requests, health.performance.worker_count) == (12, 5)
    assert health.performance.seconds_queued == 60
    assert [piece.title for piece in health.news] == ["Hello"]
    assert health.modes == Modes()
    assert health.updated_at is not None


def test_a_horde_that_is_gone_is_asked_for_nothing_but_a_heartbeat_and_its_numbers_stay(
    in_virtual_time: Run,
) -> None:
    async def main() -> HealthState:
        horde = Horde()
        health = health_of(horde)
        await health.refresh()
        await asyncio.sleep(60)
        horde.answers["heartbeat"] = Unreachable()
        horde.asked.clear()
        await health.refresh()
        assert [name for name, _ in horde.asked] == ["heartbeat"]
        return health

    health = in_virtual_time(main())
    assert health.level is HealthLevel.UNREACHABLE
    assert health.performance == WELL["performance"]
    assert health.news == WELL["news"]


def test_a_well_horde_is_looked_at_every_five_minutes_and_its_news_every_hour(in_virtual_time: Run) -> None:
    horde = Horde()
    in_virtual_time(watched(health_of(horde), 7300))
    for name in ("heartbeat", "modes", "performance"):
        assert horde.times(name) == pytest.approx([300 * i for i in range(25)], abs=0.1)
    assert horde.times("news") == pytest.approx([0, 3600, 7200], abs=0.1)


def test_news_that_could_not_be_had_are_asked_for_at_the_next_look(in_virtual_time: Run) -> None:
    horde = Horde(news=NoAnswer())
    in_virtual_time(watched(health_of(horde), 50, (20, lambda: None)))
    assert len(horde.times("news")) == 1
    in_virtual_time(watched(health_of(horde), 130))
    assert len(horde.times("news")) == 4, "at 0, 60 and 120: that it failed is a reason to look again"


@pytest.mark.parametrize("failure", [Unreachable(), NoAnswer(), ServerTrouble(), Maintenance()])
def test_a_failed_call_of_ours_is_a_reason_to_look(in_virtual_time: Run, failure: HordeError) -> None:
    horde = Horde()
    in_virtual_time(watched(health_of(horde), 200, (100, lambda: horde.failures.tell(failure))))
    assert horde.times("heartbeat") == pytest.approx([0, 100], abs=0.1)


@pytest.mark.parametrize("failure", [Refused(), TooManyPrompts(), RateLimited()])
def test_a_refusal_is_none(in_virtual_time: Run, failure: HordeError) -> None:
    horde = Horde()
    in_virtual_time(watched(health_of(horde), 200, (100, lambda: horde.failures.tell(failure))))
    assert len(horde.times("heartbeat")) == 1


def test_however_many_calls_fail_no_address_is_asked_twice_in_a_minute(in_virtual_time: Run) -> None:
    horde = Horde(modes=ServerTrouble(), performance=Unreachable(), news=NoAnswer())
    failing = [(second / 3, lambda: horde.failures.tell(Unreachable())) for second in range(900)]
    health = health_of(horde)

    async def main() -> None:
        impatient = [asyncio.ensure_future(asyncio.sleep(second)) for second in range(300)]
        for waiting in impatient:
            waiting.add_done_callback(lambda _: asyncio.ensure_future(health.refresh()))
        await watched(health, 310, *failing)

    in_virtual_time(main())
    for name in ("heartbeat", "modes", "performance", "news"):
        times = horde.times(name)
        assert len(times) == 6
        assert min(later - sooner for sooner, later in itertools.pairwise(times)) >= 59.99


def test_a_horde_in_trouble_is_looked_at_every_minute_until_it_is_back(in_virtual_time: Run) -> None:
    horde = Horde(heartbeat=ServerTrouble(status=502))
    health = health_of(horde)
    seen = in_virtual_time(watched(health, 700, (130, lambda: horde.answers.update(WELL))))
    assert horde.times("heartbeat") == pytest.approx([0, 60, 120, 180, 480], abs=0.1)
    assert seen == [HealthLevel.DOWN] * 3 + [HealthLevel.OK] * 2


def test_without_a_network_it_is_tried_a_few_times_a_minute(in_virtual_time: Run) -> None:
    horde = Horde(heartbeat=Unreachable())
    health = health_of(horde)
    in_virtual_time(watched(health, 600, (580, lambda: horde.answers.update(WELL))))
    times = horde.times("heartbeat")
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    assert min(gaps) >= 9.99
    assert max(gaps) <= 31, "a network that is back is noticed within half a minute"


def test_a_network_that_is_back_is_noticed_as_soon_as_anybody_notices(in_virtual_time: Run) -> None:
    horde = Horde(heartbeat=Unreachable())
    health = health_of(horde)

    def back() -> None:
        horde.answers.update(WELL)
        health.network_is_back()

    seen = in_virtual_time(watched(health, 101, (100, back)))
    assert seen[-1] is HealthLevel.OK


async def test_the_practice_horde_through_its_days(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("krita_AIhorde.horde.health.CLOSEST_LOOKS", 0.0)
    async with PracticeHorde() as horde:
        client = connect(horde.url.removesuffix("/api/v2"))
        health = HealthState(client)
        await health.refresh()
        assert health.level is HealthLevel.OK
        assert health.news[-1].text.endswith("Real ones come from the AI Horde.")
        for change, level in (
            ({"faults": ["html_502@modes", "garbage@performance"]}, HealthLevel.OK),
            ({"heartbeat": "OVERLOADED", "faults": []}, HealthLevel.BUSY),
            ({"heartbeat": "DOWN"}, HealthLevel.DOWN),
            ({"heartbeat": "OK", "faults": ["maintenance"]}, HealthLevel.MAINTENANCE),
            ({"faults": ["html_502@heartbeat"]}, HealthLevel.DOWN),
            ({"faults": ["html_200@heartbeat"]}, HealthLevel.UNREACHABLE),
            ({"faults": ["reset@heartbeat"]}, HealthLevel.UNREACHABLE),
        ):
            await control(horde, change)
            await health.refresh()
            assert health.level is level, change
    await health.refresh()
    assert health.level is HealthLevel.UNREACHABLE


async def control(horde: PracticeHorde, change: dict[str, Any]) -> None:
    address = f"{horde.url.removesuffix('/api/v2')}/practice/faults"
    async with aiohttp.ClientSession() as session, session.post(address, json=change) as answer:
        assert answer.status == 200
