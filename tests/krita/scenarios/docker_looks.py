"""The docker at two widths, in a dark and a light theme, with rows in many states: nothing is clipped."""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist
from PyQt5 import QtWidgets


def scenario(h):
    out = Path(os.environ["AIHORDE_OUT"])
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    document = artist.new_document("a picture.kra", 1200, 900)
    yield 1.0
    artist.select(document, 100, 100, 300, 200)
    ended = [
        artist.send("[practice fault=worker_fails_twice] a castle above the clouds", "generateButton"),
        artist.send("[practice fault=nsfw] a portrait", "img2imgButton"),
        artist.send("[practice fault=reset_after_submit] a lighthouse in a storm"),
    ]
    artist.send("[practice queue=300] a very long prompt about a garden behind a wall in autumn, with leaves")
    artist.send("[practice delay=300] a boat")
    ended.append(artist.send("a meadow", "generateButton"))
    for job in ended:
        yield artist.until(job, "done", "failed", "uncertain", seconds=60)
    h.data["clipped"] = {}
    for theme in ("Krita dark", "Krita bright"):
        action = next(
            a for a in h.window.findChildren(QtWidgets.QAction) if a.text().replace("&", "") == theme
        )
        action.trigger()
        yield 0.7
        for width in (300, 450):
            artist.arrange(width)
            yield 0.7
            name = f"docker-{theme.split()[1]}-{width}-x{scale}"
            artist.docker.grab().save(str(out / f"{name}.png"))
            h.data["clipped"][name] = clipped(artist.docker)
            h.data.setdefault("widths", []).append(artist.docker.width())
        lightness = artist.docker.widget().palette().window().color().lightness()
        h.data[f"{theme} lightness"] = [lightness, h.window.palette().window().color().lightness()]


def clipped(docker):
    """Texts that have less room than they need; those that are cut with an ellipsis on purpose say so."""
    found = []
    for widget in docker.findChildren(QtWidgets.QWidget):
        if not widget.isVisible() or not isinstance(widget, (QtWidgets.QLabel, QtWidgets.QAbstractButton)):
            continue
        text = widget.text()
        wraps = isinstance(widget, QtWidgets.QLabel) and widget.wordWrap()
        needed = widget.minimumSizeHint()
        narrow = not wraps and widget.width() < needed.width()
        high = widget.heightForWidth(widget.width()) if wraps else needed.height()
        if text and (narrow or widget.height() < high):
            found.append([text, widget.width(), needed.width(), widget.height(), high])
    return found
