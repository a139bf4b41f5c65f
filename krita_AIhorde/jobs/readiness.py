"""What each button would do right now, or why it cannot: computed by the canvas, shown by the docker."""

from __future__ import annotations

import enum

from attrs import frozen

from krita_AIhorde.imaging.geometry import Extent


class Obstacle(enum.Enum):
    NO_DOCUMENT = "no_document"
    NO_PROMPT = "no_prompt"
    NO_SELECTION = "no_selection"  # Inpaint needs a selection or a painted mask
    MASK_OUTSIDE = "mask_outside"  # nothing of the painted mask is selected
    OUTSIDE = "outside"  # the selection lies outside of the canvas


@frozen
class Readiness:
    """``None`` = the button works. Sizes are what the Horde would be asked for, None where unknown."""

    generate: Obstacle | None = Obstacle.NO_DOCUMENT
    img2img: Obstacle | None = Obstacle.NO_DOCUMENT
    inpaint: Obstacle | None = Obstacle.NO_DOCUMENT
    mask: Obstacle | None = Obstacle.NO_DOCUMENT
    masking: bool = False  # mask mode is on in the active document
    generate_size: Extent | None = None
    img2img_size: Extent | None = None
    inpaint_size: Extent | None = None
