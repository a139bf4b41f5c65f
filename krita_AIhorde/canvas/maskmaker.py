"""Transparency masks that belong to no layer yet.

``Document.createTransparencyMask`` exists from Krita 5.2 on. Before, ``createNode(…, "transparencymask")``
makes a mask without a selection inside: pixel data has no effect on it, and saving it crashes. What works
everywhere is a duplicate of a mask that was loaded from a file: so a tiny file is written, opened and closed.
"""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from pathlib import Path

import krita

_MAIN = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DOC PUBLIC '-//KDE//DTD krita 2.0//EN' 'http://www.calligra.org/DTD/krita-2.0.dtd'>
<DOC xmlns="http://www.calligra.org/DTD/krita" syntaxVersion="2.0" editor="Krita">
 <IMAGE name="mask" mime="application/x-kra" width="1" height="1" x-res="72" y-res="72"
  colorspacename="RGBA" profile="sRGB-elle-V2-srgbtrc.icc">
  <layers>
   <layer name="layer" filename="layer1" nodetype="paintlayer" colorspacename="RGBA" compositeop="normal"
    opacity="255" visible="1" locked="0" x="0" y="0">
    <masks>
     <mask name="mask" filename="mask1" nodetype="transparencymask" visible="1" locked="0" x="0" y="0"/>
    </masks>
   </layer>
  </layers>
 </IMAGE>
</DOC>
"""
_PREFIX = "mask-"
_STALE = 3600.0  # seconds
_NO_TILES = "VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE {}\nDATA 0\n"


class MaskMaker:
    """Makes detached transparency masks, all of them hiding everything until something is written to them.

    To open and to close the file takes Krita 5.1.5 some 60 ms each, once: `load` and `tidy` let that be done
    in two steps at a moment when nobody paints. After `make` there may be something to `tidy`, too.
    """

    def __init__(self, scratch: Path) -> None:
        """``scratch``: a folder of ours, for a file that lives for a few milliseconds."""
        self._scratch = scratch
        self._original: krita.Node | None = None
        self._template: krita.Document | None = None

    def load(self, document: krita.Document) -> None:
        """Make ready for ``document``. Raises OSError if the little file cannot be written or opened."""
        if self._original is None and not hasattr(document, "createTransparencyMask"):
            self._template = _load_template(self._scratch)
            self._original = self._template.rootNode().childNodes()[0].childNodes()[0].duplicate()

    def tidy(self) -> None:
        """Close the file: a document without a view that is open when Krita quits crashes it."""
        template, self._template = self._template, None
        if template is not None:
            template.close()

    def make(self, document: krita.Document, name: str) -> krita.Node:
        """A new mask for ``document``. Raises OSError as `load` does."""
        if hasattr(document, "createTransparencyMask"):
            return document.createTransparencyMask(name)
        self.load(document)
        assert self._original is not None
        mask = self._original.duplicate()
        mask.setName(name)
        return mask


def _load_template(scratch: Path) -> krita.Document:
    try:
        _sweep(scratch)
        return _open_file(scratch / f"{_PREFIX}{os.getpid()}.kra")  # two Kritas may share the folder
    except OSError:  # full, or read-only
        with tempfile.TemporaryDirectory(prefix="aihorde-") as elsewhere:
            return _open_file(Path(elsewhere) / "mask.kra")


def _open_file(path: Path) -> krita.Document:
    try:
        write_file(path)
        document = _open_quietly(str(path))
        if document is None:
            raise OSError("Krita could not open its own little file")
        return document
    finally:
        path.unlink(missing_ok=True)


def _sweep(scratch: Path) -> None:
    """A Krita that was killed in these few milliseconds left its file behind."""
    for left in scratch.glob(f"{_PREFIX}*.kra"):
        if time.time() - left.stat().st_mtime > _STALE:
            left.unlink(missing_ok=True)


def _open_quietly(path: str) -> krita.Document | None:
    """Open it with Krita's dialogs off: one would complain of the colour profile that is not in there."""
    host = krita.Krita.instance()
    before = host.batchmode()
    host.setBatchmode(True)
    try:
        return host.openDocument(path)
    finally:
        host.setBatchmode(before)


def write_file(path: Path) -> None:
    """A document of one pixel, with one layer that has one mask that hides everything."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/x-krita")
        archive.writestr("maindoc.xml", _MAIN)
        archive.writestr("mask/layers/layer1", _NO_TILES.format(4))
        archive.writestr("mask/layers/layer1.defaultpixel", bytes(4))
        archive.writestr("mask/layers/mask1.pixelselection", _NO_TILES.format(1))
        archive.writestr("mask/layers/mask1.pixelselection.defaultpixel", bytes(1))
