"""What an artist asked for with one click: complete when the click returns, and never changed afterwards."""

from __future__ import annotations

import enum

from attrs import field, frozen

from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame
from krita_AIhorde.imaging.raster import Coverage, Raster


class Operation(enum.Enum):
    GENERATE = "generate"
    IMG2IMG = "img2img"
    INPAINT = "inpaint"


class InpaintMethod(enum.Enum):
    """How the Horde is asked to repaint; all three put the mask on the result's layer."""

    MASKED = "masked"  # img2img with the mask sent along: honours denoising, any SD1/SD2/SDXL model
    WHOLE = "whole"  # img2img of the whole frame, the mask on the result only
    FILL = "fill"  # the Horde's inpainting: from nothing, needs an inpainting model


class WorkerChoice(enum.Enum):
    """What ``Params.workers`` are: not looked at, the only ones wanted, or those not wanted."""

    ANY = "any"
    PREFER = "prefer"
    BLOCK = "block"


@frozen
class Params:
    """The controls' values at the click, in the API's own units. ``max_wait`` is in seconds.

    A default is what a job did before there was that control: jobs in an older journal have no more.
    """

    prompt: str
    negative_prompt: str = ""
    model: str = ""  # "" = any model
    sampler: str = "k_euler_a"
    steps: int = 20
    cfg_scale: float = 7.0
    denoising_strength: float = 0.75
    image_count: int = 1
    karras: bool = True
    nsfw: bool = False
    hires_fix: bool = False
    tiling: bool = False
    clip_skip: int = 1
    inpaint_method: InpaintMethod = InpaintMethod.MASKED
    extra_slow_workers: bool = False
    max_wait: float = 600.0
    seed_variation: int = 1  # by how much the seeds of several images differ
    hires_fix_strength: float = 0.65
    transparent: bool = False
    upscaler: str = ""  # these two: the API's own name, "" = none
    post_processing: str = ""
    strip_background_too: bool = False
    facefixer_strength: float = 0.75
    censor_nsfw: bool = True
    trusted_workers: bool = False
    slow_workers: bool = True
    allow_downgrade: bool = False
    worker_choice: WorkerChoice = WorkerChoice.ANY
    workers: tuple[str, ...] = ()
    # How the frame and its mask were made of what was selected; in pixels of the canvas.
    context: int = 0
    mask_grow: int = 0
    mask_feather: int = 0


@frozen
class DocumentRef:
    """A document as jobs know it: an id that only the canvas can resolve, and its name for the row.

    ``path`` is its file, "" while it has none: with the id, how it is known again once it was closed.
    """

    id: str
    name: str
    path: str = ""


@frozen
class Change:
    """What is done differently when a job is sent again."""

    model: str | None = None  # another one; "" = any
    smaller: bool = False  # as large as needs no kudos
    slower: bool = False  # very slow workers may take it too


NO_CHANGE = Change()


@frozen
class Encoded:
    """A source image as the Horde gets it: a file of exactly ``frame.requested`` pixels."""

    data: bytes = field(repr=False)


@frozen
class JobSpec:
    id: str
    operation: Operation
    params: Params
    seed: int  # of the first image; image i has seed + i * seed_variation (see jobs.request)
    document: DocumentRef
    canvas: Extent
    frame: Frame
    # What is visible in frame.visible(canvas); encoded, which is much smaller, before it is written down.
    source: Raster | Encoded | None = field(default=None, repr=False)
    mask: Coverage | None = field(default=None, repr=False)  # over lands_on; None = no mask at all
    anchor: str = ""  # unique id of the layer that was active; "" = land on top
    mask_layer: str = ""  # unique id of the Inpaint Mask layer that the mask came from
    seed_drawn: bool = True  # at random, so that no other request has it; not typed by the artist
    clicked_at: float = 0.0  # seconds since the epoch: max wait counts from here, in a later Krita too

    @property
    def seeds(self) -> range:
        """Those of its images."""
        step = self.params.seed_variation
        return range(self.seed, self.seed + step * self.params.image_count, step)

    @property
    def lands_on(self) -> Bounds:
        """What the result's layer covers: with a mask all of the frame that is canvas, else the region."""
        return self.frame.region if self.mask is None else self.frame.visible(self.canvas)
