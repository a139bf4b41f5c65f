"""A picture goes on into what is transparent; a mask is grown and feathered; a cut-out keeps its alpha."""

from __future__ import annotations

import io
import os
from pathlib import Path

from aihorde_driver.artist import Artist, changed_outside, layer_named
from aihorde_driver.artist import projection as hidden_and_seen
from aihorde_driver.qt import QtCore, QtWidgets

from krita_AIhorde.canvas.easel import Easel
from krita_AIhorde.canvas.windows import Windows
from krita_AIhorde.eventloop import Host
from krita_AIhorde.imaging.mask import finished
from krita_AIhorde.imaging.result import decode_result
from krita_AIhorde.jobs.landing import Picture, Sizes
from krita_AIhorde.jobs.spec import JobSpec, Operation, Params

WIDTH, HEIGHT, BORDER = 900, 600, 450  # what is left of the border is transparent
SELECTED = (300, 150, 300, 260)
GREEN = (20, 200, 40)


def scenario(h):
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    artist.control("denoisingStrength").setValue(1.0)  # nothing of the source shows through

    # Through the docker: a selection across the border of the picture.
    document = artist.new_document("half", WIDTH, HEIGHT)
    yield 1.0
    paint_right_half(document)
    before = projection(document)
    h.data["transparent before"] = transparent(before)
    artist.select(document, *SELECTED)
    yield 0.3
    job = artist.send("the picture goes on")
    yield artist.until(job, "done")
    artist.krita.action("deselect").trigger()
    yield 0.5
    document.waitForDone()
    after, mask = projection(document), mask_of(layer_named(document, "the picture goes on"))
    selected = inside(SELECTED)
    h.data["changed outside the mask"] = changed_outside(before, after, mask)
    h.data["transparent after"] = transparent(after)
    h.data["transparent outside the mask"] = sum(
        1 for i, value in enumerate(mask) if not value and not before[4 * i + 3]
    )
    h.data["selected but transparent"] = sum(
        1 for i, value in enumerate(selected) if value and (mask[i] != 255 or after[4 * i + 3] != 255)
    )

    # A picture that its frame is larger than.
    small = artist.new_document("small", 400, 300)
    yield 1.0
    paint(small, 0)
    h.data["small"] = [small.width(), small.height()]
    job = artist.send("all of a small one", "img2imgButton")
    yield artist.until(job, "done")

    # Growth, feathering and context have no controls in this scenario: the canvas itself is asked.
    document = artist.new_document("grown", WIDTH, HEIGHT)
    yield 1.0
    paint_right_half(document)
    before = projection(document)
    artist.select(document, *SELECTED)
    yield 0.3
    errors = []
    host = Host(QtWidgets.QApplication.instance(), lambda what, error: errors.append(repr(error)))
    windows = Windows(lambda: None)
    easel = Easel(Path(os.environ["AIHORDE_OUT"]), windows)
    sizes = Sizes(512, 1024, context=32, mask_grow=4, mask_feather=8)
    taken = easel.capture(Operation.INPAINT, sizes)
    h.data["size shown"] = str(easel.readiness(sizes).inpaint_size)
    h.data["size sent"] = str(taken.frame.requested)
    spec = JobSpec(
        id="grown",
        operation=Operation.INPAINT,
        params=Params(prompt="a cut-out"),
        seed=1,
        document=taken.document,
        canvas=taken.canvas,
        frame=taken.frame,
        source=taken.source,
        mask=finished(taken.mask),
        anchor=taken.anchor,
    )
    place = spec.lands_on
    h.data["region"] = box(taken.frame.region)
    h.data["context"] = [SELECTED[0] - place.x, place.right - SELECTED[0] - SELECTED[2]]
    raster = decode_result(cut_out(taken.frame), taken.frame, part=place).raster
    landing = host.spawn(easel.land(Picture(spec, raster, "a cut-out")), "landing")
    yield h.wait(landing.done, 20, "the landing")
    assert not errors, errors
    landing.result()
    host.shutdown()
    windows.forget()
    yield 0.5
    document.waitForDone()
    after = projection(document)
    layer = layer_named(document, "a cut-out")
    mask, (node,) = mask_of(layer), layer.childNodes()
    in_place = bytes(node.pixelData(place.x, place.y, place.width, place.height))
    h.data["mask is what was sent"] = in_place == spec.mask.data
    h.data["mask box"] = box(spec.mask.bounds().moved(place.x, place.y))
    left, top, width, height = SELECTED
    row = mask[(top + height // 2) * WIDTH :]
    h.data["mask across the edge"] = list(row[left - 14 : left + 2])
    selected = inside(SELECTED)
    h.data["selected but not covered"] = sum(1 for i, value in enumerate(selected) if value > mask[i])
    h.data["changed outside the grown mask"] = changed_outside(before, after, mask)

    def pixel(x, y):
        at = 4 * (y * WIDTH + x)
        return list(after[at : at + 4])

    # In the mask, but transparent in the cut-out: its left third, and its lower one, on the picture.
    gone = [(left + 5, top + 20), (left + width - 20, top + height - 10)]
    h.data["where the cut-out is transparent"] = [
        [mask[y * WIDTH + x], pixel(x, y), list(before[4 * (y * WIDTH + x) :][:4])] for x, y in gone
    ]
    h.data["in the mask and the cut-out"] = pixel(left + width - 20, top + height // 2)
    h.data["in the picture's transparent half"] = pixel(BORDER - 5, top + 20)
    # On the slope: partly the cut-out's, partly the picture's.
    slope = left + width + 8
    h.data["on the slope"] = [pixel(slope, top + height // 2), row[slope]]
    h.screenshot(os.path.join(os.environ["AIHORDE_OUT"], "outpaint.png"))


def paint(document, border):
    """Right of ``border`` a gradient of middling colours, left of it nothing, over all of the document."""
    width, height = document.width(), document.height()
    data = bytearray()
    for y in range(height):
        row = bytearray(4 * border)  # transparent, and black where nobody sees it
        for x in range(border, width):
            row += bytes((100 + x * 80 // width, 200 - y * 80 // height, 110 + y * 90 // height, 255))
        data += row
    background = document.rootNode().childNodes()[0]
    background.setPixelData(QtCore.QByteArray(bytes(data)), 0, 0, width, height)
    document.refreshProjection()
    document.waitForDone()


def paint_right_half(document):
    paint(document, BORDER)


def cut_out(frame):
    """A worker's picture after a twofold upscaler: green, and its left and its lower third transparent."""
    from PIL import Image

    size = frame.requested.width * 2, frame.requested.height * 2
    image = Image.new("RGBA", size, (*GREEN, 255))
    image.paste((255, 0, 0, 0), (0, 0, size[0] // 3, size[1]))
    image.paste((255, 0, 0, 0), (0, size[1] * 2 // 3, *size))
    packed = io.BytesIO()
    image.save(packed, "WEBP", lossless=True, exact=True)
    return packed.getvalue()


def inside(selected):
    """One byte a pixel of the canvas, 255 in the rectangle."""
    x, y, width, height = selected
    covered = bytearray(WIDTH * HEIGHT)
    for row in range(y, y + height):
        covered[row * WIDTH + x : row * WIDTH + x + width] = b"\xff" * width
    return covered


def mask_of(layer):
    """The layer's transparency mask, over all of the canvas."""
    (node,) = layer.childNodes()
    return bytes(node.pixelData(0, 0, WIDTH, HEIGHT))


def projection(document):
    """What is seen. Under an alpha of 0 Krita 5.1.5 may leave another colour, in a few pixels by a rim."""
    pixels = bytearray(hidden_and_seen(document))
    for i in range(0, len(pixels), 4):
        if not pixels[i + 3]:
            pixels[i : i + 4] = bytes(4)
    return bytes(pixels)


def transparent(pixels):
    return sum(1 for alpha in pixels[3::4] if not alpha)


def box(bounds):
    return [bounds.x, bounds.y, bounds.width, bounds.height]
