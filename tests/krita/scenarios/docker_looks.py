"""The docker, docked and floating, at two widths, in a dark and a light theme, with rows in many states.

Each of its sections by itself, too; where the Tab key leads, and which keys Krita takes for its shortcuts.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QAction, QtCore, QtTest, QtWidgets

# What counts as clipped is the same here as in the docker's own tests.
sys.path.append(str(Path(__file__).parents[2] / "unit" / "ui"))
from docker_clipping import clipped

HEIGHT = 900  # of the floating docker
# What Krita does at these keys: the eraser, another layer.
SHORTCUTS = {"E": QtCore.Qt.Key.Key_E, "PgUp": QtCore.Qt.Key.Key_PageUp}
SECTIONS = ("basic", "advanced", "postProcessing", "account", "files")


def scenario(h):
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    artist = Artist(h)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    document = artist.new_document("a picture with a long name, second version.kra", 1200, 900)
    yield 1.0
    artist.select(document, 100, 100, 300, 200)
    artist.control("prompt").setPlainText("a meadow")
    # Before one of the jobs meets a Horde under maintenance: nobody asks that one for prices.
    yield h.wait(lambda: "kudos" in artist.control("generateButton").text(), 20, "the price on the button")
    wanted = send_all(artist)
    for job, state in wanted.items():
        yield artist.until(job, state, seconds=60)
    unfold(artist, "basic", "account")
    for key in ("clipped", "widths", "shown", "gap", "lightness", "sections", "narrowest", "buttons"):
        h.data[key] = {}
    for theme in ("Krita dark", "Krita bright"):
        choose_theme(h, theme)
        yield 0.7
        for width in (300, 450):
            for floating in (False, True):
                if scale != "1" and width > 300 and not floating:
                    continue  # Krita gives no docker more of so small a screen
                artist.docker.setFloating(floating)
                if floating:
                    artist.docker.resize(width, HEIGHT)
                else:
                    artist.arrange(width)
                yield 0.7
                name = f"{theme.split()[1]}-{width}-{'floating' if floating else 'docked'}-x{scale}"
                record(h, artist, name)
                yield from picture_all(artist, name)
        palettes = (artist.docker.widget().palette(), h.window.palette())
        h.data["lightness"][theme] = [palette.window().color().lightness() for palette in palettes]
        yield from each_section(h, artist, f"{theme.split()[1]}-{{section}}-{{width}}-x{scale}")
        unfold(artist, "basic", "account")
    unfold(artist, "basic")
    yield from keyboard(h, artist)
    for job, state in wanted.items():  # what waits tries again now and then
        yield artist.until(job, state)
    h.data["states"] = sorted({row.property("state") for row in artist.rows()})
    h.data["censored"] = sum(row.property("censored") for row in artist.rows())


def send_all(artist):
    """A job for each state that lasts, and the state."""
    return {
        artist.send("[practice fault=worker_fails_twice] a castle above the clouds", "generateButton"): (
            "failed"
        ),
        artist.send("[practice fault=nsfw] a portrait", "img2imgButton"): "done",
        artist.send("[practice fault=reset_after_submit] a lighthouse in a storm"): "uncertain",
        artist.send(
            "[practice queue=900] a very long prompt about a garden behind a wall in autumn"
        ): "queued",
        artist.send("[practice delay=900] a boat"): "generating",
        artist.send("[practice fault=maintenance] " + "averylongwordwithoutanyspaces" * 4): "waiting",
        artist.send("[practice fault=kudos_upfront] a city", "generateButton"): "failed",
        artist.send("a meadow", "generateButton"): "done",
    }


def unfold(artist, *sections):
    """These and no others."""
    for name in SECTIONS:
        header = artist.control(f"{name}Header", QtWidgets.QAbstractButton)
        if header.isChecked() is not (name in sections):
            header.click()


def each_section(h, artist, names):
    """What is clipped in each, and pictures; in the theme chosen last."""
    artist.docker.setFloating(True)
    for width in (300, 450):
        artist.docker.resize(width, HEIGHT)
        for section in SECTIONS:
            unfold(artist, section)
            yield 0.4
            name = names.format(section=section, width=width)
            h.data["sections"][name] = clipped(artist.docker.widget())
            h.data["narrowest"][name] = artist.docker.widget().minimumSizeHint().width()
            yield from picture_all(artist, name)


def keyboard(h, artist):
    """Where the Tab key leads from the prompt, and which keys Krita takes while the keyboard is where."""
    artist.docker.setFloating(False)
    h.window.activateWindow()
    artist.control("prompt").setFocus()
    yield 0.3
    met = []
    for _ in range(14):
        focus = QtWidgets.QApplication.focusWidget()
        met.append(focus.objectName())
        QtTest.QTest.keyClick(focus, QtCore.Qt.Key.Key_Tab)
        yield 0.05
    h.data["tabs"] = met
    taken = []
    for action in artist.krita.actions():
        key = action.shortcut().toString()
        if key in SHORTCUTS:
            action.triggered.connect(lambda *_, key=key: taken.append(key))
    h.data["taken"], h.data["typed"] = {}, [artist.control("prompt").toPlainText()]
    for name in ("generateButton", "prompt", "seed", "steps", "sampler"):
        taken.clear()
        for key in SHORTCUTS.values():
            artist.control(name).setFocus()
            QtTest.QTest.keyClick(QtWidgets.QApplication.focusWidget(), key)
            yield 0.1
        h.data["taken"][name] = list(taken)
    h.data["typed"].append(artist.control("prompt").toPlainText())


def choose_theme(h, name):
    actions = h.window.findChildren(QAction)
    next(action for action in actions if action.text().replace("&", "") == name).trigger()


def record(h, artist, name):
    """What is clipped, how wide the docker is, and how much is to be seen of the two lists that scroll."""
    h.data["clipped"][name] = clipped(artist.docker.widget())
    h.data["widths"][name] = artist.docker.width()
    h.data["buttons"][name] = artist.control("generateButton").text()
    jobs, last = artist.control("jobs"), artist.rows()[-1]
    h.data["gap"][name] = jobs.height() - last.geometry().bottom() - 1
    h.data["shown"][name] = [area.viewport().height() for area in areas(artist)]


def areas(artist):
    return [
        area
        for area in artist.docker.findChildren(QtWidgets.QScrollArea)
        if area.isVisible() and area.widget() is not None
    ]


def picture_all(artist, name):
    """Pictures of the docker with its lists scrolled up and down."""
    out = Path(os.environ["AIHORDE_OUT"])
    for place in ("top", "bottom"):
        for area in areas(artist):
            bar = area.verticalScrollBar()
            bar.setValue(bar.minimum() if place == "top" else bar.maximum())
        yield 0.1
        artist.docker.grab().save(str(out / f"{name}-{place}.png"))
