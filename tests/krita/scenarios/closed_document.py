"""A document is closed while its job runs: the image is kept, and its row offers to insert it elsewhere.

A stroke is under way when an image arrives: it lands after the stroke. Several images of a job make a group.
"""

from __future__ import annotations

import subprocess

from aihorde_driver.artist import Artist, layer_named, layers, paint_known, projection
from aihorde_driver.qt import QtCore, QtWidgets


def scenario(h):
    artist = Artist(h)
    closed = artist.new_document("closed", 400, 300)
    yield 1.0
    artist.select(closed, 20, 20, 200, 200)
    job = artist.send("[practice delay=3] for a closed document", "generateButton")
    yield 0.5
    closed.setModified(False)
    closed.close()
    other = artist.new_document("other", 400, 300)
    yield 1.0
    before = paint_known(other)
    yield artist.until(job, "kept")
    h.data["kept"] = {"finished": artist.row(job).property("finished"), "status": artist.status(job)}
    assert projection(other) == before, "nothing may land in another document by itself"
    insert = next(b for b in buttons(artist.row(job)) if b.isVisible() and "nsert" in b.text())
    insert.click()
    yield artist.until(job, "done")
    h.data["inserted"] = [name for name, _, _ in layers(other)]

    # Four images of one job: a group, the first one visible, seeds one after the other.
    artist.control("imageCount").setValue(4)
    artist.control("seed", QtWidgets.QLineEdit).setText("700")
    artist.select(other, 10, 10, 128, 128)
    several = artist.send("four of them", "generateButton")
    yield artist.until(several, "done", seconds=60)
    group = layer_named(other, "four of them")
    h.data["group"] = {
        "type": group.type(),
        "layers": [(child.name(), child.visible()) for child in group.childNodes()],
        "finished": artist.row(several).property("finished"),
    }
    count = len(group.childNodes())
    artist.undo()
    yield 0.5
    h.data["images after one undo"] = count - len(group.childNodes())
    artist.control("imageCount").setValue(1)
    artist.control("seed", QtWidgets.QLineEdit).setText("")

    # A stroke under way.
    artist.krita.action("KritaShape/KisToolBrush").trigger()
    artist.krita.action("deselect").trigger()
    yield 0.3
    late = artist.send("[practice delay=2] while painting", "generateButton")
    area = h.window.findChild(QtWidgets.QMdiArea).activeSubWindow()
    middle = area.mapToGlobal(area.rect().center())
    subprocess.run(["xdotool", "mousemove", str(middle.x()), str(middle.y()), "mousedown", "1"], check=True)
    yield artist.until(late, "landing")
    for _ in range(10):
        subprocess.run(["xdotool", "mousemove_relative", "--", "4", "2"], check=True)
        yield 0.1
        assert artist.state(late) == "landing", "an image landed in the middle of a stroke"
    assert layer_named(other, "[practice delay=2] while") is None
    subprocess.run(["xdotool", "mouseup", "1"], check=True)
    yield artist.until(late, "done")
    h.data["after the stroke"] = layer_named(other, "[practice delay=2] while").name()


def buttons(row):
    return row.findChildren(QtWidgets.QAbstractButton)


assert QtCore  # the name is part of this module's Qt
