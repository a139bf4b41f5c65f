"""Prompts in many scripts, and the theme switched while jobs are in many states."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aihorde_driver.artist import Artist, layers
from aihorde_driver.menus import action_called

from krita_AIhorde.qt import QtWidgets

TESTS = Path(__file__).parents[2]
sys.path += [str(TESTS / "krita"), str(TESTS / "unit" / "ui")]
from docker_clipping import clipped  # noqa: E402 (what counts is the same here as in the docker's own tests)
from scripts import PROMPTS  # noqa: E402

OUT = Path(os.environ["AIHORDE_OUT"])
LASTING = {
    "[practice fault=worker_fails_twice] a castle": "failed",
    "[practice fault=nsfw] a portrait": "done",
    "[practice fault=reset_after_submit] a lighthouse": "uncertain",
    "[practice queue=900] a garden": "queued",
    "[practice delay=900] a boat": "generating",
}


def scenario(h):
    h.krita.setBatchmode(True)
    artist = Artist(h)
    h.data["scale"] = artist.docker.devicePixelRatioF()
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    artist.control("seed", QtWidgets.QLineEdit).setText("7")
    document = artist.new_document("\u6c34\u5f69 \u05e6\u05d9\u05d5\u05e8.kra", 200, 200)
    yield 0.3
    jobs = {artist.send(prompt, "generateButton"): name for name, prompt in PROMPTS.items()}
    for job in jobs:
        yield artist.until(job, "done", seconds=60)
    yield from saved(h, document)
    seed = artist.control("seed", QtWidgets.QLineEdit)
    seed.setText("")  # and Qt's own cross goes, which is as small as the field
    crosses = seed.findChildren(QtWidgets.QToolButton)
    yield h.wait(lambda: not any(cross.isVisible() for cross in crosses), 5, "the cross to fade away")
    lasting = {artist.send(prompt, "generateButton"): state for prompt, state in LASTING.items()}
    for job, state in lasting.items():
        yield artist.until(job, state, seconds=60)
    artist.docker.setFloating(True)
    artist.docker.resize(300, 640)
    h.data["clipped"], h.data["colours"] = {}, {}
    for theme in ("Krita bright", "Krita dark"):
        action_called(h.window, theme).trigger()
        yield 0.5
        h.data["clipped"][theme] = clipped(artist.docker.widget())
        h.data["colours"][theme] = colours(artist.docker.widget())
        yield from pictures(artist, theme)
    h.data["width"] = artist.docker.width()
    h.data["states"] = sorted({row.property("state") for row in artist.rows()})
    h.data["rows"] = {
        jobs[row.property("jobId")]: row.accessibleName()
        for row in artist.rows()
        if row.property("jobId") in jobs
    }
    artist.press("cancelAllButton")


def saved(h, document):
    """A file that Krita reads again, with the same names in it."""
    h.data["layers"] = [name for name, _, _ in layers(document)]
    document.waitForDone()
    document.setFileName(str(OUT / "named.kra"))
    document.save()
    again = h.krita.openDocument(str(OUT / "named.kra"))
    h.data["layers read again"] = [name for name, _, _ in layers(again)]
    again.close()
    yield 0.1


def colours(root):
    """The lightness of the docker, of Krita's window, and the least that any text stands out from it."""
    ground = root.palette().window().color().lightness()
    labels = [label for label in root.findChildren(QtWidgets.QLabel) if label.isVisibleTo(root)]
    least = min(abs(label.palette().color(label.foregroundRole()).lightness() - ground) for label in labels)
    return [ground, root.window().parentWidget().palette().window().color().lightness(), least]


def pictures(artist, name):
    """For a person's eyes, with the rows scrolled up and down."""
    areas = artist.docker.findChildren(QtWidgets.QScrollArea)
    for place in ("top", "middle", "bottom"):
        for area in areas:
            bar = area.verticalScrollBar()
            share = {"top": 0, "middle": 0.5, "bottom": 1}[place]
            bar.setValue(round(bar.minimum() + (bar.maximum() - bar.minimum()) * share))
        yield 0.05
        artist.docker.grab().save(str(OUT / f"{name}-{place}.png"))
