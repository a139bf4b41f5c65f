"""Img2Img in documents of every colour model and depth, and with every kind of layer in hand.

The practice horde gives back nearly what it is sent (denoising 0.01), so what lands must look as what was
there. Colours are those of the middle of each patch, in sRGB.
"""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist, layer_named
from krita import InfoObject

from krita_AIhorde.canvas.maskmaker import MaskMaker
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

REGION = (40, 20, 512, 512)
PATCH = 128
COLOURS = [
    (255, 255, 255), (0, 0, 0), (128, 128, 128), (64, 64, 64),
    (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0),
    (0, 255, 255), (255, 0, 255), (200, 120, 80), (80, 40, 20),
    (240, 200, 180), (20, 80, 120), (120, 20, 60), (190, 220, 90),
]  # fmt: skip
SPACES = [
    ("RGBA", "U8", ""), ("RGBA", "U8", "ClayRGB-elle-V2-srgbtrc.icc"), ("RGBA", "U16", ""),
    ("RGBA", "U16", "Rec2020-elle-V4-g10.icc"), ("RGBA", "F16", ""), ("RGBA", "F32", ""),
    ("GRAYA", "U8", ""), ("GRAYA", "U16", ""), ("GRAYA", "F32", ""),
    ("CMYKA", "U8", ""), ("CMYKA", "U16", ""), ("CMYKA", "F32", ""),
    ("LABA", "U8", ""), ("LABA", "U16", ""), ("LABA", "F32", ""),
    ("XYZA", "U16", ""), ("XYZA", "F32", ""),
]  # fmt: skip


def scenario(h):
    artist = Artist(h)
    artist.arrange(300)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    yield from colour_spaces(h, artist)
    yield from kinds_of_layer(h, artist)
    yield from animation(h, artist)
    yield from reference_image(h, artist)
    yield from huge(h, artist)


def start(artist, document, prompt):
    artist.control("denoisingStrength").setValue(0.01)
    artist.select(document, *REGION)
    return artist.send(prompt, "img2imgButton")


def colour_spaces(h, artist):
    jobs, h.data["spaces"] = {}, {}
    for model, depth, profile in SPACES:
        name = " ".join(part for part in (model, depth, profile.split("-")[0]) if part)
        document = artist.new_document(name, 600, 560, model, depth, profile)
        yield 0.5
        paint(document)
        yield 0.3
        seen = colours(document)
        jobs[name] = (document, seen, start(artist, document, f"in {name}"))
    for name, (document, seen, job) in jobs.items():
        yield artist.until(job, "done", seconds=120)
        artist.activate(document)
        yield 0.2
        document.waitForDone()
        after = colours(document)
        # What Krita makes of these colours by itself, in a layer of sRGB: CMYK gives back others.
        lay_patches(document, "control", [tuple(colour) for colour in seen])
        document.refreshProjection()
        document.waitForDone()
        h.data["spaces"][name] = {
            "space": [document.colorModel(), document.colorDepth()],
            "seen": seen,
            "after": after,
            "krita's own": colours(document),
            "layers": [node.name() for node in document.rootNode().childNodes()],
        }
        close(document)


def kinds_of_layer(h, artist):
    """What is active at the click, and where the result is then."""
    h.data["kinds"] = {}
    for kind, make in KINDS.items():
        document = artist.new_document(kind, 600, 560)
        yield 0.5
        paint(document)
        active = make(document)
        yield 0.5
        document.setActiveNode(active)
        document.refreshProjection()
        document.waitForDone()
        yield is_active(h, document, active.name())
        seen = colours(document)
        job = start(artist, document, f"above {kind}")
        yield artist.until(job, "done", seconds=60)
        yield 0.5
        document.waitForDone()
        landed = next(node for node in every(document.rootNode()) if node.name().startswith("above"))
        siblings = landed.parentNode().childNodes()
        at = [sibling.name() for sibling in siblings].index(landed.name())
        h.data["kinds"][kind] = {
            "below": siblings[at - 1].name() if at else "",
            "parent": landed.parentNode().name(),
            "active after": document.activeNode().name(),
            "seen": seen,
            "after": colours(document),
            "alone": alone(document, landed),
        }
        close(document)


def child(document, parent, name, kind="paintlayer"):
    node = document.createNode(name, kind)
    parent.addChildNode(node, None)
    return node


def locked(document):
    node = child(document, document.rootNode(), "locked one")
    node.setLocked(True)
    return node


def hidden(document):
    node = child(document, document.rootNode(), "hidden one")
    node.setPixelData(QtCore.QByteArray(bytes((0, 0, 255, 255)) * 512 * 512), *REGION)
    node.setVisible(False)
    return node


def in_hidden_group(document):
    group = child(document, document.rootNode(), "hidden group", "grouplayer")
    node = child(document, group, "in a hidden group")
    group.setVisible(False)
    return node


def in_pass_through_group(document):
    group = document.createGroupLayer("open group")
    document.rootNode().addChildNode(group, None)
    group.setPassThroughMode(True)
    return child(document, group, "in a pass-through group")


def in_locked_group(document):
    group = child(document, document.rootNode(), "locked group", "grouplayer")
    node = child(document, group, "in a locked group")
    group.setLocked(True)
    return node


def group(document):
    node = child(document, document.rootNode(), "a group", "grouplayer")
    child(document, node, "in the group")
    return node


def vector(document):
    node = document.createVectorLayer("a vector layer")
    document.rootNode().addChildNode(node, None)
    return node


def fill(document):
    info = InfoObject()
    info.setProperty("color", "<color channeldepth='U8'><sRGB r='0.9' g='0.8' b='0.1'/></color>")
    from krita import Selection

    selection = Selection()
    selection.select(100, 100, 60, 60, 255)
    node = document.createFillLayer("a fill layer", "color", info, selection)
    document.rootNode().addChildNode(node, None)
    return node


def clone(document):
    node = document.createCloneLayer("a clone", document.rootNode().childNodes()[0])
    document.rootNode().addChildNode(node, None)
    return node


def mask_of_a_layer(document):
    node = child(document, document.rootNode(), "under a mask")
    # Not by createNode: Krita crashes over a mask that it makes without a selection inside.
    mask = MaskMaker(Path(os.environ["AIHORDE_OUT"])).make(document, "a mask")
    node.addChildNode(mask, None)
    return mask


KINDS = {
    "locked": locked,
    "hidden": hidden,
    "in hidden group": in_hidden_group,
    "in pass-through group": in_pass_through_group,
    "in locked group": in_locked_group,
    "group": group,
    "vector": vector,
    "fill": fill,
    "clone": clone,
    "mask": mask_of_a_layer,
}


def animation(h, artist):
    """Two frames: the one in sight is sent, and what lands is there in both."""
    folder = Path(os.environ["AIHORDE_OUT"])
    document = artist.new_document("animated", 600, 560)
    yield 0.5
    paint(document)
    files = []
    for number, colour in enumerate(((200, 60, 40), (40, 90, 210))):
        image = QtGui.QImage(600, 560, QtGui.QImage.Format.Format_ARGB32)
        image.fill(QtGui.QColor(*colour))
        files.append(str(folder / f"frame{number}.png"))
        image.save(files[-1])
    artist.krita.setBatchmode(True)
    assert document.importAnimation(files, 0, 1)
    yield 1.0
    document.setCurrentTime(1)
    yield 1.0
    document.waitForDone()
    seen = colours(document)
    job = start(artist, document, "animated")
    yield artist.until(job, "done", seconds=60)
    yield 0.5
    document.waitForDone()
    after = colours(document)
    document.setCurrentTime(0)
    yield 1.0
    document.waitForDone()
    h.data["animation"] = {"seen": seen, "after": after, "other frame": colours(document)}
    close(document)


def reference_image(h, artist):
    """A reference lies on the canvas, not in the picture: it is not sent."""
    document = artist.new_document("reference", 600, 560)
    yield 0.5
    paint(document)
    image = QtGui.QImage(600, 560, QtGui.QImage.Format.Format_ARGB32)
    image.fill(QtGui.QColor(1, 2, 250))
    QtWidgets.QApplication.clipboard().setImage(image)
    # What comes from a clipboard has no colour profile, and Krita asks.
    QtCore.QTimer.singleShot(500, lambda: QtWidgets.QApplication.activeModalWidget().accept())
    artist.krita.action("paste_as_reference").trigger()
    yield 1.0
    h.screenshot(os.path.join(os.environ["AIHORDE_OUT"], "reference.png"))
    seen = colours(document)
    job = start(artist, document, "beside a reference")
    yield artist.until(job, "done", seconds=60)
    yield 0.5
    h.data["reference"] = {"seen": seen, "after": colours(document)}
    close(document)


def huge(h, artist):
    """16,384 x 16,384: what it costs must be that of the selected region."""
    document = artist.new_document("huge", 16384, 16384)
    yield 3.0
    paint(document, refresh=False)
    yield 1.0
    before = resident()
    job = start(artist, document, "a corner of it")
    clicked = resident()
    yield artist.until(job, "done", seconds=120)
    yield 1.0
    h.data["huge"] = {
        "click": clicked - before,
        "all": resident() - before,
        "bounds": [getattr(layer_named(document, "a corner").bounds(), side)() for side in BOX],
    }
    close(document)


BOX = ("x", "y", "width", "height")


def resident():
    """Bytes of memory in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def paint(document, *, refresh=True):
    """The patches, as a layer in the document's own colour space."""
    layer = lay_patches(document, "patches", COLOURS)
    layer.setColorSpace(document.colorModel(), document.colorDepth(), document.colorProfile())
    document.setActiveNode(layer)
    if refresh:
        document.refreshProjection()
        document.waitForDone()


def lay_patches(document, name, colours):
    """A layer of sRGB on top."""
    data = bytearray()
    for row in range(REGION[3] // PATCH):
        line = b"".join(bytes((*reversed(colours[row * 4 + i]), 255)) * PATCH for i in range(4))
        data += line * PATCH
    layer = document.createNode(name, "paintlayer")
    layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    layer.setPixelData(QtCore.QByteArray(bytes(data)), *REGION)
    document.rootNode().addChildNode(layer, None)
    return layer


def colours(document):
    image = document.projection(*REGION)
    return middles(image)


def middles(image):
    return [
        list(image.pixelColor(column * PATCH + PATCH // 2, row * PATCH + PATCH // 2).getRgb()[:3])
        for row in range(4)
        for column in range(4)
    ]


def alone(document, node):
    """The landed layer's own colours, whatever covers it."""
    x, y, width, height = REGION
    data = bytes(node.pixelData(x, y, width, height))
    return middles(QtGui.QImage(data, width, height, QtGui.QImage.Format.Format_ARGB32))


def is_active(h, document, name):
    return h.wait(lambda: document.activeNode().name() == name, 5, f"{name} to be active")


def every(node):
    for below in node.childNodes():
        yield below
        yield from every(below)


def close(document):
    document.setBatchmode(True)
    document.setModified(False)
    document.close()
