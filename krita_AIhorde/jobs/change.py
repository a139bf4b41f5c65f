"""Sending a job again, differently."""

from __future__ import annotations

from attrs import evolve

from krita_AIhorde.imaging.geometry import HARD_MINIMUM, STEP, Extent
from krita_AIhorde.jobs.spec import Change, JobSpec, WorkerChoice

# Areas below which the Horde asks for no kudos beforehand: always, when it is less busy, and for SDXL
# (max_res = 576 to 1024, an area test; measured on a real server).
FREE_SIDES = (1024, 768, 576)


def can_be_smaller(spec: JobSpec) -> bool:
    return spec.frame.requested.area > FREE_SIDES[-1] ** 2


def changed(spec: JobSpec, change: Change) -> JobSpec:
    """The spec with ``change``. An encoded source is fitted when it is sent (``runner.encode``)."""
    params = spec.params
    if change.model is not None:
        params = evolve(params, model=change.model)
        if params.worker_choice is WorkerChoice.PREFER:  # workers or a model: the one chosen last
            params = evolve(params, worker_choice=WorkerChoice.ANY, workers=())
    if change.slower:
        params = evolve(params, extra_slow_workers=True)
    frame = spec.frame
    if change.smaller and can_be_smaller(spec):
        frame = evolve(frame, requested=smaller(frame.requested))
    return evolve(spec, params=params, frame=frame)


def smaller(extent: Extent) -> Extent:
    """The next size below that may be free, of the same shape, or as nearly as steps of 64 allow.

    The frame stays: the same part of the picture, in fewer pixels. Between sizes of nearly the same shape the
    largest wins: what is left of a difference stretches the picture by a few per cent.
    """
    limit = next(side**2 for side in FREE_SIDES if side**2 < extent.area)
    sides = range(HARD_MINIMUM, max(extent.width, extent.height) + 1, STEP)
    fitting = [
        Extent(width, height)
        for width in sides
        for height in sides
        if width <= extent.width and height <= extent.height and width * height <= limit
    ]

    def loss(candidate: Extent) -> float:
        stretch = (candidate.width * extent.height) / (candidate.height * extent.width)
        return 8 * abs(max(stretch, 1 / stretch) - 1) - candidate.area / limit

    return min(fitting, key=loss)
