"""The images of a job, and what became of each."""

from __future__ import annotations

import enum

from attrs import define

from krita_AIhorde.horde.messages import Generation


class Fate(enum.Enum):
    """What became of one generation."""

    DOWNLOADING = "downloading"  # announced by the Horde
    SAVED = "saved"  # its file is safely on disk
    LANDING = "landing"  # its layer is made, and perhaps inserted
    LANDED = "landed"
    KEPT = "kept"  # its document is not open
    CENSORED = "censored"
    LOST = "lost"


@define
class Image:
    """A generation of ours, as far as it has come."""

    generation: Generation
    name: str  # its layer's
    fate: Fate = Fate.DOWNLOADING
    layer: str = ""  # unique id, known before the layer is in the document

    @property
    def id(self) -> str:
        return self.generation.id
