"""What a click makes of the settings for size, context and mask."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.mask import PlannedMask, finished
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.landing import Sizes
from krita_AIhorde.jobs.spec import Operation

CANVAS = Extent(2000, 1500)
REGION = Bounds(700, 600, 300, 200)
ALL = Sizes(64, 1024, context=32, mask_grow=4, mask_feather=8)
OTHERS = (Operation.GENERATE, Operation.IMG2IMG)


def test_inpaint_sends_the_grown_mask_and_what_is_around_it() -> None:
    frame = ALL.frame_for(Operation.INPAINT, REGION, CANVAS)
    assert frame.region == REGION.grown(12)
    assert frame.bounds.contains(REGION.grown(12 + 32))
    assert frame.requested == Extent(448, 320)


@pytest.mark.parametrize("operation", OTHERS)
def test_the_others_send_what_was_selected_and_no_more(operation: Operation) -> None:
    assert ALL.frame_for(operation, REGION, CANVAS) == Sizes(64, 1024).frame_for(operation, REGION, CANVAS)
    assert ALL.frame_for(operation, REGION, CANVAS).region == REGION


@pytest.mark.parametrize("operation", Operation)
def test_with_sizes_alone_every_frame_is_that_of_the_selection(operation: Operation) -> None:
    planned = plan_frame(REGION, CANVAS, smallest=512, largest=1024)
    assert Sizes(512, 1024).frame_for(operation, REGION, CANVAS) == planned
    selected = Coverage.uniform(Extent(9, 9))
    assert Sizes(512, 1024).mask_for(operation, selected) is selected


@pytest.mark.parametrize("operation", OTHERS)
def test_only_inpaint_s_mask_is_grown(operation: Operation) -> None:
    selected = Coverage.uniform(Extent(9, 9))
    assert ALL.mask_for(operation, selected) is selected
    assert ALL.mask_for(Operation.INPAINT, selected) == PlannedMask(Extent(9, 9), selected.data, 4, 8)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 380),
    st.integers(0, 280),
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 40),
)
def test_the_frame_holds_all_of_the_finished_mask(
    x: int, y: int, width: int, height: int, grow: int, feather: int, context: int
) -> None:
    """Near the canvas's edges too; on the layer and in what is sent, no edge of the frame cuts the mask."""
    canvas, region = Extent(400, 300), Bounds(x, y, width, height)
    sizes = Sizes(64, 512, context, grow, feather)
    frame = sizes.frame_for(Operation.INPAINT, region, canvas)
    visible = frame.visible(canvas)
    at = region.relative_to(visible)
    mask = Coverage.uniform(region.extent).within(visible.extent, at.x, at.y)
    bounds = finished(sizes.mask_for(Operation.INPAINT, mask)).bounds()
    whole = Coverage.uniform(region.extent).within(canvas, x, y)
    bounds_on_all = finished(sizes.mask_for(Operation.INPAINT, whole)).bounds()
    assert bounds is not None
    assert bounds.moved(visible.x, visible.y) == bounds_on_all
    assert frame.region.contains(bounds.moved(visible.x, visible.y))


@pytest.mark.parametrize("name", ["context", "mask_grow", "mask_feather"])
def test_nothing_of_it_is_negative(name: str) -> None:
    with pytest.raises(ValueError, match="must be >= 0"):
        Sizes(64, 1024, **{name: -1})
