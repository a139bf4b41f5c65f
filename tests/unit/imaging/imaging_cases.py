"""Canvases, regions and limits for property tests."""

from __future__ import annotations

from attrs import frozen
from hypothesis import settings
from hypothesis import strategies as st

from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame, plan_frame

LONGEST_CANVAS = 30_000
LONGEST_REQUEST = 5_000

# A time limit for one example would tell of the machine's other work, not of this code.
untimed = settings(deadline=None)
untimed_pixels = settings(deadline=None, max_examples=40)


@frozen
class Case:
    canvas: Extent
    region: Bounds
    smallest: int
    largest: int
    context: int

    def plan(self) -> Frame:
        return plan_frame(
            self.region, self.canvas, smallest=self.smallest, largest=self.largest, context=self.context
        )


@st.composite
def extents(draw: st.DrawFn, longest: int = LONGEST_CANVAS) -> Extent:
    # Half of them small: there every pixel counts.
    sides = st.one_of(st.integers(1, min(300, longest)), st.integers(1, longest))
    return Extent(draw(sides), draw(sides))


@st.composite
def regions(draw: st.DrawFn, canvas: Extent) -> Bounds:
    """At least one pixel of it is inside the canvas."""
    x, right = _overlapping(draw, canvas.width)
    y, bottom = _overlapping(draw, canvas.height)
    return Bounds.between(x, y, right, bottom)


@st.composite
def cases(draw: st.DrawFn, longest: int = LONGEST_CANVAS, request: int = LONGEST_REQUEST) -> Case:
    canvas = draw(extents(longest))
    usual = st.sampled_from([side for side in (128, 256, 512, 768, 1024, 2048) if side <= request])
    limits = st.one_of(usual, st.integers(-100, request))
    context = draw(st.one_of(st.just(0), st.integers(0, 300)))
    return Case(canvas, draw(regions(canvas)), draw(limits), draw(limits), context)


def _overlapping(draw: st.DrawFn, side: int) -> tuple[int, int]:
    first = draw(st.integers(-200, side - 1))
    end = draw(st.integers(max(first, 0) + 1, side + 200))
    return first, end
