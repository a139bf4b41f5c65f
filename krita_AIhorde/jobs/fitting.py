"""Which models can do what: each of the docker's operations against what a model is made of, as data.

Source: horde.md 5 and 6, and the workers' own code. They choose their way by the model: Flux and Cascade look
at no mask, Qwen and Z-Image at no source image, and a model made for inpainting inpaints whatever is asked.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from krita_AIhorde.horde.reading import CASCADE, FLUX, QWEN, Z_IMAGE
from krita_AIhorde.jobs.spec import InpaintMethod, Operation


class Fit(enum.Enum):
    FITS = "fits"
    NEEDS_INPAINTING_MODEL = "needs_inpainting_model"
    MASK_IGNORED = "mask_ignored"  # works as ``whole`` does: the whole frame is repainted, the layer masked
    SOURCE_IGNORED = "source_ignored"  # nothing of the canvas is seen
    FILLS = "fills"  # works as ``fill`` does: denoising is without effect
    ONLY_INPAINTS = "only_inpaints"  # the whole picture is drawn from nothing

    @property
    def works(self) -> bool:
        """Whether the artist gets about what was asked for."""
        return self in (Fit.FITS, Fit.MASK_IGNORED, Fit.FILLS)


class _Model(enum.Enum):
    PAINTS = enum.auto()  # SD1, SD2, SDXL, and every stranger
    INPAINTS = enum.auto()
    SEES_NO_MASK = enum.auto()
    SEES_NO_SOURCE = enum.auto()


_BY_BASELINE: Mapping[str, _Model] = {
    FLUX: _Model.SEES_NO_MASK,
    CASCADE: _Model.SEES_NO_MASK,
    QWEN: _Model.SEES_NO_SOURCE,
    Z_IMAGE: _Model.SEES_NO_SOURCE,
}
_Way = Operation | InpaintMethod
_MISFITS: Mapping[tuple[_Way, _Model], Fit] = {
    (Operation.GENERATE, _Model.INPAINTS): Fit.ONLY_INPAINTS,
    (Operation.IMG2IMG, _Model.INPAINTS): Fit.ONLY_INPAINTS,
    (Operation.IMG2IMG, _Model.SEES_NO_SOURCE): Fit.SOURCE_IGNORED,
    (InpaintMethod.MASKED, _Model.INPAINTS): Fit.FILLS,
    (InpaintMethod.MASKED, _Model.SEES_NO_MASK): Fit.MASK_IGNORED,
    (InpaintMethod.MASKED, _Model.SEES_NO_SOURCE): Fit.SOURCE_IGNORED,
    (InpaintMethod.WHOLE, _Model.INPAINTS): Fit.ONLY_INPAINTS,
    (InpaintMethod.WHOLE, _Model.SEES_NO_SOURCE): Fit.SOURCE_IGNORED,
    (InpaintMethod.FILL, _Model.PAINTS): Fit.NEEDS_INPAINTING_MODEL,
    (InpaintMethod.FILL, _Model.SEES_NO_MASK): Fit.NEEDS_INPAINTING_MODEL,
    (InpaintMethod.FILL, _Model.SEES_NO_SOURCE): Fit.NEEDS_INPAINTING_MODEL,
}


def model_fits(
    operation: Operation, method: InpaintMethod, baseline: object, is_inpainting_model: bool
) -> Fit:
    """How well a model does it. ``method`` counts for Inpaint only.

    ``baseline``: the reference's word, or an enum with that value; "" = not known, as for "any model".
    """
    name = str(getattr(baseline, "value", baseline) or "")
    model = _Model.INPAINTS if is_inpainting_model else _BY_BASELINE.get(name, _Model.PAINTS)
    way: _Way = method if operation is Operation.INPAINT else operation
    return _MISFITS.get((way, model), Fit.FITS)


def heeds_denoising(operation: Operation, method: InpaintMethod, fit: Fit) -> bool:
    """Whether the denoising strength changes anything, with a model that fits so."""
    fills = operation is Operation.INPAINT and method is InpaintMethod.FILL
    if operation is Operation.GENERATE or fills:
        return False
    return fit in (Fit.FITS, Fit.MASK_IGNORED)
