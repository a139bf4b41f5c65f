"""What is written down of a job, and how it becomes text and bytes."""

from __future__ import annotations

import functools
import json
import struct
import zlib
from typing import Any

from attrs import field, frozen
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from krita_AIhorde.horde.messages import Generation
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.images import Fate
from krita_AIhorde.jobs.spec import Encoded, JobSpec
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.trouble import NO_REASON, Reason

_EXTENT = struct.Struct(">II")


@frozen
class ImageRecord:
    generation: Generation
    name: str
    fate: Fate
    layer: str = ""


@frozen
class JobRecord:
    """A job as the journal knows it. ``state`` is the last step's: WAITING, SUBMITTING (sent, and no answer
    was written down), QUEUED (it has an id) or where it ended.
    """

    spec: JobSpec
    state: JobState
    horde_id: str = ""
    stopping: JobState | None = None
    reason: Reason = NO_REASON
    warnings: tuple[str, ...] = ()
    group: str = ""
    kudos: float = 0.0
    account: str = ""  # a mark of the key that it was sent with, "" = anonymous
    favourite: bool = False
    images: tuple[ImageRecord, ...] = field(default=())
    held: frozenset[str] = frozenset()  # the generations that landed and whose files are still there


@functools.cache
def _converter() -> Converter:
    converter = Converter()
    pixels: Any = {"source": override(omit=True), "mask": override(omit=True)}  # kept beside the text
    converter.register_structure_hook(JobSpec, make_dict_structure_fn(JobSpec, converter, **pixels))
    converter.register_unstructure_hook(JobSpec, make_dict_unstructure_fn(JobSpec, converter, **pixels))
    return converter


def to_text(value: object) -> str:
    """JSON of a value type. A spec's source and mask are left out."""
    return json.dumps(_converter().unstructure(value), ensure_ascii=True)


def spec_of(text: str, source: bytes | None, mask: bytes | None) -> JobSpec:
    """Raises ValueError for what is no spec."""
    from attrs import evolve

    spec: JobSpec = _structured(text, JobSpec)
    pixels = pixels_of(source, mask)
    return evolve(spec, source=pixels[0], mask=pixels[1])


def pixels_of(source: bytes | None, mask: bytes | None) -> tuple[Encoded | None, Coverage | None]:
    """A job's source and mask, of what was written down. Raises ValueError for what is no packed mask."""
    return None if source is None else Encoded(source), None if mask is None else unpacked(mask)


def generation_of(text: str) -> Generation:
    """Raises ValueError."""
    generation: Generation = _structured(text, Generation)
    return generation


def _structured(text: str, kind: type[Any]) -> Any:
    try:
        return _converter().structure(json.loads(text), kind)
    except Exception as error:  # cattrs raises groups of whatever the fields raise
        raise ValueError(f"no {kind.__name__}: {type(error).__name__}") from error


def packed(mask: Coverage) -> bytes:
    """A mask's bytes; most masks are a thousandth of their size."""
    return _EXTENT.pack(mask.extent.width, mask.extent.height) + zlib.compress(mask.data, 1)


def unpacked(data: bytes) -> Coverage:
    """Raises ValueError for what is no packed mask."""
    try:
        width, height = _EXTENT.unpack_from(data)
        return Coverage(Extent(width, height), zlib.decompress(data[_EXTENT.size :]))
    except (struct.error, zlib.error) as error:
        raise ValueError(f"no mask: {error}") from error
