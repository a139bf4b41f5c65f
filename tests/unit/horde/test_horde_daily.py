from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.daily import DAY, is_due

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (NOW, False),
        (NOW - DAY + 1, False),
        (NOW - DAY, True),
        (0.0, True),
        (NOW + 60, False),  # the clock was put right by a minute
        (NOW + 2 * DAY, True),  # it had run ahead: without this, nothing would be done for two days and more
        (math.nan, True),
        (math.inf, True),
        (-math.inf, True),
    ],
)
def test_once_a_day(last: float | None, due: bool) -> None:
    assert is_due(last, NOW) is due


@given(st.floats(0, 4e9), st.floats(0, 4e9))
def test_wherever_a_clock_jumps_it_is_done_within_a_day_and_an_hour(last: float, now: float) -> None:
    assert is_due(last, now) or is_due(last, now + DAY + 3600)


def test_other_intervals() -> None:
    assert is_due(NOW - 8 * DAY, NOW, 7 * DAY)
    assert not is_due(NOW - 6 * DAY, NOW, 7 * DAY)
