"""Three inpaints at once, one in another document, two cancelled, one past its max wait.

Meanwhile the artist goes on working elsewhere.
"""

from __future__ import annotations

import os

from aihorde_driver.artist import Artist, changed_outside, layer_named, layers, paint_known, projection
from aihorde_driver.qt import QtCore, QtWidgets

WIDTH, HEIGHT = 900, 700


def scenario(h):
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    h.data["models"] = [artist.control("model").itemText(i) for i in range(5)]
    one = artist.new_document("one", WIDTH, HEIGHT)
    yield 1.0
    two = artist.new_document("two", 640, 512)
    yield 1.0
    before, before_two = paint_known(one), paint_known(two)
    artist.activate(one)
    yield 0.5
    assert artist.krita.activeDocument() == one
    work = one.createNode("my work", "paintlayer")
    one.rootNode().addChildNode(work, None)
    yield 0.5
    one.setActiveNode(work)
    one.setModified(False)

    artist.control("denoisingStrength").setValue(1.0)  # nothing of the source shows through

    # Three regions: a rectangle, a feathered ellipse, a painted mask.
    covered = bytearray(WIDTH * HEIGHT)
    artist.select(one, 40, 60, 300, 200)
    cover(covered, one.selection())
    rectangle = artist.send("[practice delay=4] rectangle of roses")
    artist.select_ellipse(one, (480, 80, 240, 180), 10)
    cover(covered, one.selection())
    ellipse = artist.send("[practice delay=4] ellipse of clouds")
    artist.krita.action("deselect").trigger()
    yield 0.3
    tool_before = current_tool(h)
    artist.press("maskButton")
    yield 0.3
    mask = one.activeNode()
    h.data["mask layer"] = mask.name()
    assert current_tool(h) == "KritaShape/KisToolBrush", current_tool(h)
    colour = artist.krita.activeWindow().activeView().foregroundColor().components()
    assert all(part > 0.99 for part in colour), colour
    painted = bytes([255, 255, 255, 255]) * (150 * 150)
    mask.setPixelData(QtCore.QByteArray(painted), 200, 420, 150, 150)
    half = bytes([255, 255, 255, 128]) * (50 * 150)
    mask.setPixelData(QtCore.QByteArray(half), 350, 420, 50, 150)
    one.refreshProjection()
    one.waitForDone()
    for y in range(420, 570):
        covered[y * WIDTH + 200 : y * WIDTH + 400] = b"\xff" * 200
    assert projection(one) != before, "the mask layer is visible while it is painted"
    brush = artist.send("[practice delay=4] painted garden")
    yield 0.3
    h.data["mask visible after click"] = mask.visible()
    assert one.activeNode().name() == "my work", one.activeNode().name()
    assert current_tool(h) == tool_before, (current_tool(h), tool_before)

    # And four more, in flight with them.
    artist.select(one, 600, 400, 128, 128)
    yield 0.3
    assert one.activeNode().name() == "my work", one.activeNode().name()
    waiting = artist.send("[practice queue=300] cancelled while queued")
    generating = artist.send("[practice delay=6] cancelled while generating")
    artist.control("maxWait").setValue(0.1)
    late = artist.send("[practice queue=300] past its max wait")
    artist.control("maxWait").setValue(10)
    artist.activate(two)
    yield 0.3
    artist.control("denoisingStrength").setValue(1.0)  # each document has its own
    artist.select(two, 100, 100, 200, 200)
    second = artist.send("[practice delay=3] in the second document")
    assert artist.row(second).property("documentName") == "two"
    h.data["in flight at once"] = sum(row.property("state") not in ENDED for row in artist.rows())

    # The artist goes on: another selection, another document, the docker closed and opened again.
    artist.select(two, 5, 5, 20, 20)
    artist.docker.hide()
    yield 0.3
    artist.docker.show()
    yield artist.until(waiting, "queued")
    yield h.wait(lambda: artist.row(waiting).property("queuePosition") >= 0, 10, "a queue position")
    h.data["queued status"] = artist.status(waiting)
    artist.cancel(waiting)
    yield artist.until(generating, "generating")
    h.data["generating status"] = artist.status(generating)
    h.screenshot(os.path.join(os.environ["AIHORDE_OUT"], "in-flight.png"))
    artist.cancel(generating)
    for job in (rectangle, ellipse, brush, second):
        yield artist.until(job, "done", seconds=60)
    yield artist.until(waiting, "cancelled")
    yield artist.until(generating, "cancelled")
    yield artist.until(late, "timedOut")
    h.data["rows"] = {
        name: {
            key: artist.row(job).property(key) for key in ("state", "finished", "total", "hordeId", "error")
        }
        | {"status": artist.status(job)}
        for name, job in {
            "rectangle": rectangle,
            "ellipse": ellipse,
            "brush": brush,
            "waiting": waiting,
            "generating": generating,
            "late": late,
            "second": second,
        }.items()
    }
    assert artist.krita.activeDocument() == two, "the artist's document is still the active one"
    two_selection = two.selection()
    assert (two_selection.x(), two_selection.width()) == (5, 20), "the artist's selection is as it was"
    h.screenshot(os.path.join(os.environ["AIHORDE_OUT"], "landed.png"))

    # What landed, and what did not change.
    artist.activate(one)
    yield 0.5
    assert one.activeNode().name() == "my work", one.activeNode().name()
    one.waitForDone()
    for y in range(400, 528):  # the job cancelled while generating landed here: it was paid for
        covered[y * WIDTH + 600 : y * WIDTH + 728] = b"\xff" * 128
    h.data["layers"] = layers(one)
    h.data["layers of two"] = layers(two)
    after = projection(one)
    h.data["changed outside the masks"] = changed_outside(before, after, covered)
    h.data["changed inside"] = before != after
    h.data["placed"] = {}
    for name, start in {
        "rectangle": "[practice delay=4] rectangle",
        "ellipse": "[practice delay=4] ellipse",
        "brush": "[practice delay=4] painted",
    }.items():
        h.data["placed"][name] = describe(layer_named(one, start))
    h.data["placed"]["second"] = describe(layer_named(two, "[practice delay=3] in the"))
    outside_two = bytearray(640 * 512)
    for y in range(100, 300):
        outside_two[y * 640 + 100 : y * 640 + 300] = b"\xff" * 200
    two.waitForDone()
    h.data["changed outside in two"] = changed_outside(before_two, projection(two), outside_two)

    # Undo takes away one image with its mask; redo brings both back.
    count = len(one.rootNode().childNodes())
    artist.undo()
    yield 0.5
    h.data["layers after one undo"] = count - len(one.rootNode().childNodes())
    artist.redo()
    yield 0.5
    one.waitForDone()
    h.data["redone"] = projection(one) == after

    # Saved, closed, opened again: whole.
    path = os.path.join(os.environ["AIHORDE_OUT"], "one.kra")
    artist.krita.setBatchmode(True)
    one.setBatchmode(True)
    assert one.saveAs(path)
    again = artist.krita.openDocument(path)
    artist.krita.activeWindow().addView(again)
    yield 1.0
    again.waitForDone()
    h.data["reopened layers"] = layers(again)
    h.data["reopened whole"] = projection(again) == after

    # Krita is left with jobs running, requests open and images on their way.
    artist.activate(two)
    yield 0.3
    artist.control("denoisingStrength").setValue(1.0)  # each document has its own
    artist.select(two, 100, 100, 200, 200)
    for number in range(4):
        artist.send(f"[practice delay=60] left running {number}")
    last = artist.newest()
    yield artist.until(last, "queued", "generating")
    h.data["running at quit"] = sum(row.property("state") not in ENDED for row in artist.rows())


ENDED = ("done", "cancelled", "timedOut", "failed", "expired", "kept", "uncertain")


def cover(covered, selection):
    x, y, width, height = selection.x(), selection.y(), selection.width(), selection.height()
    data = bytes(selection.pixelData(x, y, width, height))
    for row in range(height):
        for column in range(width):
            if data[row * width + column]:
                covered[(y + row) * WIDTH + x + column] = 255


def describe(layer):
    """Bounds, mask and middle colour of a landed layer."""
    bounds = layer.bounds()
    masks = [child for child in layer.childNodes() if child.type() == "transparencymask"]
    x, y, width, height = bounds.x(), bounds.y(), bounds.width(), bounds.height()
    shown = bytes(masks[0].pixelData(x, y, width, height)) if masks else b""
    inked = [i for i, value in enumerate(shown) if value]
    columns = [i % width for i in inked]
    box = inked and [x + min(columns), y + inked[0] // width, max(columns) + 1 - min(columns)]
    return {
        "name": layer.name(),
        "bounds": [x, y, width, height],
        "masks": len(masks),
        "mask box": ([*box, inked[-1] // width + 1 - inked[0] // width]) if box else [],
        "mask values": sorted(set(shown)),
        "middle": list(bytes(layer.pixelData(x + width // 2, y + height // 2, 1, 1))),
        "visible": layer.visible(),
    }


def current_tool(h):
    toolbox = h.find(QtWidgets.QDockWidget, "ToolBox")
    return next(b.objectName() for b in toolbox.findChildren(QtWidgets.QToolButton) if b.isChecked())
