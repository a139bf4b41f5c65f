"""A mask from the click, where nothing may take long, to what is sent and lands."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import ge, instance_of

from .geometry import Bounds
from .raster import Coverage


@frozen
class PlannedMask(Coverage):
    """What was selected, over all of the frame that is canvas, and what is still to be done to it.

    ``grow`` and ``feather`` are canvas pixels, see `growth`.
    """

    grow: int = field(default=0, validator=[instance_of(int), ge(0)])
    feather: int = field(default=0, validator=[instance_of(int), ge(0)])


def finished(mask: Coverage) -> Coverage:
    """The mask grown, and then feathered, as planned; one without a plan as it is.

    Both what is sent and the result's layer get this very mask. For a worker thread.
    """
    if not isinstance(mask, PlannedMask):
        return mask
    from .growth import feathered, grown

    plain = Coverage(mask.extent, mask.data)
    reach, selected = mask.grow + mask.feather, plain.bounds()
    if not reach or selected is None:
        return plain
    # The rest of a large frame has nothing to do with it.
    near = selected.grown(reach).intersection(Bounds.of_extent(mask.extent))
    assert near is not None
    rim = feathered(grown(plain.cropped(near), mask.grow), mask.feather)
    return rim.within(mask.extent, near.x, near.y)
