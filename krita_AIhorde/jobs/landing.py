"""What jobs and the docker need of the canvas. The room ``canvas`` fulfils it in Krita."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from attrs import field, frozen
from attrs.validators import ge, instance_of

from krita_AIhorde.imaging.geometry import Bounds, Extent, Frame, plan_frame
from krita_AIhorde.imaging.mask import PlannedMask
from krita_AIhorde.imaging.raster import Coverage, Raster
from krita_AIhorde.jobs.readiness import Obstacle, Readiness
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation


class NotReady(Exception):
    """A click that cannot become a job now."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


class Busy(Exception):
    """Krita let a click in while something of ours is under way in it: see ``Canvas.when_free``."""


class DocumentClosed(Exception):
    """The document that the image was made for is not open."""


class LandingFailed(Exception):
    """Krita did not take the layer; the text says why, for the log and the row's details."""


@frozen
class Sizes:
    """What a click needs of the settings, all in pixels.

    The smallest and the largest side that the artist allows for what is generated. And for Inpaint, in canvas
    pixels: how much around the mask is shown to the Horde, how far the mask is grown, and how wide its slope
    outside of that is.
    """

    smallest: int
    largest: int
    context: int = field(default=0, validator=[instance_of(int), ge(0)])
    mask_grow: int = field(default=0, validator=[instance_of(int), ge(0)])
    mask_feather: int = field(default=0, validator=[instance_of(int), ge(0)])

    def frame_for(self, operation: Operation, region: Bounds, canvas: Extent) -> Frame:
        """The frame that ``operation`` sends for ``region``, which is what was selected or painted.

        Inpaint's frame holds the grown and feathered mask, and context around that. What the others send is
        the region itself, as their result's layer is. Raises `NothingInside` for a region off the canvas.
        """
        context = 0
        if operation is Operation.INPAINT:
            region, context = region.grown(self.mask_grow + self.mask_feather), self.context
        return plan_frame(region, canvas, smallest=self.smallest, largest=self.largest, context=context)

    def mask_for(self, operation: Operation, selected: Coverage) -> Coverage:
        """The mask from what was selected, over all of the frame that is canvas.

        Inpaint's is grown and feathered later (`imaging.mask.finished`): that takes too long for a click.
        """
        if operation is not Operation.INPAINT or not self.mask_grow + self.mask_feather:
            return selected
        return PlannedMask(selected.extent, selected.data, self.mask_grow, self.mask_feather)


@frozen
class Capture:
    """All that a job must know of the document, taken at the click. The fields are those of ``JobSpec``."""

    document: DocumentRef
    canvas: Extent
    frame: Frame
    source: Raster | None = field(default=None, repr=False)
    mask: Coverage | None = field(default=None, repr=False)
    anchor: str = ""
    mask_layer: str = ""


@frozen
class Picture:
    """One image, ready to become a layer. ``raster`` covers ``spec.lands_on``."""

    spec: JobSpec
    raster: Raster = field(repr=False)
    name: str
    group_name: str = ""  # "" = no group: the job has one image
    group: str = ""  # unique id of the job's group layer, once it has one
    first: bool = True  # of the job: later ones land hidden


@frozen
class Landed:
    """``layer`` and ``group`` are unique ids. ``resized``: the canvas has another size than at the click, so
    that the picture may be beside its place (Krita tells nobody how a document was cropped or scaled).
    """

    layer: str
    group: str = ""
    resized: bool = False


BeforeLanding = Callable[[Landed], Awaitable[None]]  # told the ids that the layer and its group will have


class Canvas(Protocol):
    def readiness(self, sizes: Sizes) -> Readiness:
        """What each button would do in the active document."""

    def document_key(self) -> str:
        """An id of the active document, the same as its ``DocumentRef``'s; "" = there is none."""

    def capture(self, operation: Operation, sizes: Sizes) -> Capture:
        """Read the active document for a job. Raises NotReady, Busy."""

    def toggle_mask(self) -> None:
        """Enter mask mode, or leave it. Raises NotReady, Busy."""

    def when_free(self, act: Callable[[], None]) -> None:
        """Call ``act`` in a moment, when nothing of ours is under way in Krita: then it is not Busy."""

    async def land(
        self, picture: Picture, *, into_active: bool = False, before: BeforeLanding | None = None
    ) -> Landed:
        """Put the picture into its document (or into the active one). Waits for the end of a stroke.

        ``before`` is awaited once the layer is made but not yet inserted. Raises DocumentClosed,
        LandingFailed.
        """

    def is_open(self, document: DocumentRef) -> bool:
        """Whether the document is open, perhaps opened again since it was referred to."""

    def has_layer(self, document: DocumentRef, layer: str) -> bool:
        """Whether the document is open and has the layer with this unique id."""

    def settle_mask(self, spec: JobSpec, *, landed: bool) -> None:
        """The painted mask of ``spec`` has served (an image landed: remove it) or not (show it again)."""
