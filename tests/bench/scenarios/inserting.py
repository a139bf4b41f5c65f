"""What Krita itself needs to insert layers as the plugin does: nothing of the plugin is in here."""

from __future__ import annotations

import os
import time
import zipfile
from collections import defaultdict
from pathlib import Path

from aihorde_driver.artist import ellipse
from aihorde_driver.qt import QtCore
from krita import Krita, Selection
from meter import Heart

SIDE = 1024
CANVAS = int(os.environ.get("AIHORDE_BENCH_CANVAS", "2048"))
COUNT = int(os.environ.get("AIHORDE_BENCH_COUNT", "20"))
CALM = 10.0  # seconds of doing nothing
PAUSE = 0.4  # seconds between two insertions, as in the plugin

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
_NO_TILES = "VERSION 2\nTILEWIDTH 64\nTILEHEIGHT 64\nPIXELSIZE {}\nDATA 0\n"


def write_template(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/x-krita")
        archive.writestr("maindoc.xml", _MAIN)
        archive.writestr("mask/layers/layer1", _NO_TILES.format(4))
        archive.writestr("mask/layers/layer1.defaultpixel", bytes(4))
        archive.writestr("mask/layers/mask1.pixelselection", _NO_TILES.format(1))
        archive.writestr("mask/layers/mask1.pixelselection.defaultpixel", bytes(1))


class Clock:
    def __init__(self):
        self.times = defaultdict(list)

    def __call__(self, name, function, *arguments):
        began = time.perf_counter()
        result = function(*arguments)
        self.times[name].append(round(1000 * (time.perf_counter() - began), 2))
        return result


def scenario(h):
    host = Krita.instance()
    document = host.createDocument(CANVAS, CANVAS, "inserting", "RGBA", "U8", "", 120.0)
    host.activeWindow().addView(document)
    yield 2.0
    clock = Clock()
    active = document.activeNode()
    selection = Selection()
    selection.select((CANVAS - SIDE) // 2, (CANVAS - SIDE) // 2, SIDE, SIDE, 255)
    document.setSelection(selection)
    document.setActiveNode(active)
    yield 1.0
    heart = Heart(QtCore, 2)
    heart.start()
    yield CALM
    calm = len(heart.late)
    path = Path(os.environ["AIHORDE_VERDICT"]).with_name("template.kra")
    write_template(path)
    host.setBatchmode(True)
    original = None
    for wait in (0.0, 0.5, 0.5):
        template = clock("open template", host.openDocument, str(path))
        original = template.rootNode().childNodes()[0].childNodes()[0].duplicate()
        yield wait
        clock(f"close template after {wait}", template.close)
        yield 0.3
    host.setBatchmode(False)
    templates = len(heart.late)
    artist_layer = document.activeNode()
    place = ((CANVAS - SIDE) // 2, (CANVAS - SIDE) // 2, SIDE, SIDE)
    pixels = QtCore.QByteArray(b"\x30\x60\x90\xff" * (SIDE * SIDE))
    shape = QtCore.QByteArray(ellipse(SIDE, SIDE))
    for number in range(COUNT):
        layer = clock("createNode", document.createNode, f"layer {number}", "paintlayer")
        clock("setColorSpace", layer.setColorSpace, "RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
        clock("setPixelData", layer.setPixelData, pixels, *place)
        if number % 2 == 0:
            mask = clock("duplicate mask", original.duplicate)
            clock("setPixelData of mask", mask.setPixelData, shape, *place)
            clock("addChildNode of mask", layer.addChildNode, mask, None)
        yield 0.02
        clock("insert", document.rootNode().addChildNode, layer, artist_layer)
        if number == 0:  # masked, and the second layer at all: see ``_borrows_projection`` in the plugin
            clock("refreshProjection", document.refreshProjection)
        yield 0.02
        clock("setActiveNode", document.setActiveNode, artist_layer)
        yield PAUSE
    heart.stop()
    h.data["times"] = clock.times
    h.data["late in calm"] = [round(1000 * one, 2) for one in heart.late[:calm]]
    h.data["late while inserting"] = [round(1000 * one, 2) for one in heart.late[templates:]]
