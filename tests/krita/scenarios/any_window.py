"""Two of Krita's windows, each with its docker; dockers that float, hide and come back; every action."""

from __future__ import annotations

import gc
import weakref

from aihorde_driver.artist import Artist, layer_named, layers

from krita_AIhorde.app import App
from krita_AIhorde.jobs.observers import Observers
from krita_AIhorde.plugin import ACTIONS, DOCKER
from krita_AIhorde.qt import QtWidgets

BUTTONS = ("generateButton", "img2imgButton", "maskButton", "inpaintButton")


class At(Artist):
    """The artist at one window of several."""

    def __init__(self, h, window):
        self.h, self.krita, self.window = h, h.krita, window
        self.main = window.qwindow()
        self.docker = self.main.findChild(QtWidgets.QDockWidget, DOCKER)
        self.docker.show()
        self.docker.raise_()

    def new_document(self, name, width=600, height=400):
        document = self.krita.createDocument(width, height, name, "RGBA", "U8", "", 120.0)
        self.window.addView(document)
        return document

    def turn(self):
        """To be yielded: the window becomes the active one."""
        self.main.activateWindow()
        return self.h.wait(
            lambda: QtWidgets.QApplication.activeWindow() is self.main, 5, "the window to be active"
        )

    def prompt(self):
        return self.control("prompt").toPlainText()

    def job_states(self):
        return [(row.property("jobId"), row.property("state")) for row in self.rows()]


def scenario(h):
    h.krita.setBatchmode(True)
    first = At(h, h.krita.activeWindow())
    yield h.wait(lambda: first.control("model").count() > 3, 30, "the model list")
    yield from no_document(h, first)
    yield from two_windows(h, first)
    last = At(h, h.krita.windows()[0])
    yield from one_docker(h, last)


def no_document(h, first):
    """Every button and every action says in a sentence what is missing."""
    first.type_prompt("a meadow")
    said = h.data["without a document"] = {}
    for name in BUTTONS:
        first.press(name)
        said[name] = first.message()
    for name, _text, _intent in ACTIONS:
        first.control("message").setText("")
        h.krita.action(name).trigger()
        said[name] = first.message()
    first.docker.hide()
    h.krita.action("aihorde_show_docker").trigger()
    assert first.docker.isVisible()
    assert first.rows() == []
    yield 0.1


def subscribers():
    app = next(thing for thing in gc.get_objects() if isinstance(thing, App))
    told = [thing for thing in gc.get_objects() if isinstance(thing, Observers)]
    return sum(len(observers._callbacks) for observers in told) + len(app.studio.settings._listeners)


def two_windows(h, first):
    one = first.new_document("one")
    yield 0.3
    first.type_prompt("a meadow")
    before = subscribers()
    h.krita.action("view_newwindow").trigger()
    yield h.wait(lambda: len(h.krita.windows()) == 2, 10, "the second window")
    second = At(h, next(w for w in h.krita.windows() if w.qwindow() is not first.main))
    first.main.setGeometry(0, 0, 800, 1000)
    second.main.setGeometry(800, 0, 800, 1000)
    both = (first, second)
    assert second.docker is not first.docker
    yield second.turn()
    two = second.new_document("two")
    yield 0.5

    # Settings are the active document's, whichever docker shows them.
    second.type_prompt("a city")
    seen = h.data["prompts"] = {"typed in the second": [at.prompt() for at in both]}
    yield first.turn()
    seen["first active"] = [at.prompt() for at in both]
    yield second.turn()
    seen["second active"] = [at.prompt() for at in both]
    view = second.window.addView(one)
    yield h.wait(lambda: h.krita.activeDocument() == one, 5, "one document in both windows")
    yield h.wait(lambda: first.prompt() == "a meadow", 5, "the document's own prompt")
    second.type_prompt("a meadow at dawn")
    seen["one document in both"] = [at.prompt() for at in both]
    assert view is not None
    yield activated(h, second, two)
    yield h.wait(lambda: second.prompt() == "a city", 5, "the other document's prompt")
    seen["back"] = [at.prompt() for at in both]

    # A click, an action: on the document of the window where it is made.
    asked = {second.send("in the second [practice delay=1]", "generateButton"): two}
    yield first.turn()
    asked[first.send("in the first [practice delay=1]", "generateButton")] = one
    second.press("generateButton")  # a click that came before the window became active
    asked[second.newest()] = two
    yield second.turn()
    stranger = QtWidgets.QMessageBox()  # as a browser: none of Krita's windows is active
    stranger.show()
    stranger.activateWindow()
    yield h.wait(lambda: QtWidgets.QApplication.activeWindow() is stranger, 5, "another window")
    h.data["krita says"] = h.krita.activeDocument().name()
    second.type_prompt("after a look at the browser [practice delay=1]")
    second.control("generateButton").click()
    asked[second.newest()] = two
    stranger.close()
    for at in both:
        yield at.turn()
        for name in ("aihorde_generate", "aihorde_img2img"):
            h.krita.action(name).trigger()
            asked[at.newest()] = one if at is first else two
    assert len(asked) == 8
    assert first.job_states() == second.job_states()
    for job in asked:
        yield first.until(job, "done")
    assert first.job_states() == second.job_states()
    h.data["names"] = {
        name: sorted(landed for landed, _, _ in layers(document))
        for name, document in (("one", one), ("two", two))
    }

    yield from masks(h, first, second, one, two)
    yield from actions(h, both)

    # The first window closes, with jobs under way: that in its only document is kept, the other two land.
    yield first.turn()
    three = first.new_document("three")
    yield 0.3
    gone = weakref.ref(first.docker.widget())
    kept = first.send("goes [practice delay=2]", "generateButton")
    yield activated(h, first, one)
    shared = first.send("stays [practice delay=2]", "generateButton")
    yield second.turn()
    other = second.send("other [practice delay=2]", "generateButton")
    for document in (one, two, three):
        document.waitForDone()
        document.setModified(False)
    first.main.close()
    yield h.wait(lambda: len(h.krita.windows()) == 1, 10, "the first window to be gone")
    yield second.turn()
    yield second.until(kept, "kept")
    for job in (shared, other):
        yield second.until(job, "done")
    assert layer_named(one, "stays") is not None
    assert layer_named(two, "other") is not None
    first = None
    yield h.wait(lambda: gc.collect() is not None and gone() is None, 10, "the docker to be gone")
    yield h.wait(lambda: subscribers() == before, 5, "as many listeners as with one window")
    h.data["left"] = [document.name() for document in h.krita.documents()]
    second.main.setGeometry(0, 0, 1600, 1000)
    second.send("still at work", "generateButton")
    yield second.until(second.newest(), "done")


def activated(h, at, document):
    """To be yielded: the tab of ``document`` in this window."""
    area = at.main.findChild(QtWidgets.QMdiArea)
    for tab in area.subWindowList():
        area.setActiveSubWindow(tab)
        if at.window.activeView().document() == document:
            break
    return h.wait(lambda: at.window.activeView().document() == document, 5, "the tab")


def masks(h, first, second, one, two):
    """Each window has a brush, and its document a mask."""
    button = [at.control("maskButton") for at in (first, second)]
    told = h.data["mask"] = {}
    yield second.turn()
    second.press("maskButton")
    told["in the second"] = [b.isChecked() for b in button]
    yield first.turn()
    told["turned to the first"] = [b.isChecked() for b in button]
    first.press("maskButton")
    told["in both"] = [b.isChecked() for b in button]
    told["layers"] = [layer_named(document, "Inpaint Mask") is not None for document in (one, two)]
    first.press("maskButton")
    yield second.turn()
    told["left in the first"] = [b.isChecked() for b in button]
    second.press("maskButton")
    told["left"] = [b.isChecked() for b in button]
    yield 0.2
    told["layers afterwards"] = [layer_named(document, "Inpaint Mask") is not None for document in (one, two)]


def actions(h, both):
    """The rest of Krita's actions, in each of the two windows."""
    h.data["shown by actions"], h.data["actions"] = {}, {}
    for at in both:
        yield at.turn()
        at.docker.hide()
        h.krita.action("aihorde_show_docker").trigger()
        h.data["shown by actions"][h.krita.activeDocument().name()] = at.docker.isVisible()
        at.type_prompt("for long [practice delay=60]")
        at.select(h.krita.activeDocument(), 20, 20, 100, 100)
        h.krita.action("aihorde_inpaint").trigger()
        assert not at.message(), at.message()
    h.krita.action("aihorde_mask").trigger()
    masking = [at.control("maskButton").isChecked() for at in both]
    h.krita.action("aihorde_mask").trigger()
    h.data["actions"]["masking"] = [all(masking), any(at.control("maskButton").isChecked() for at in both)]
    jobs = [row.property("jobId") for row in both[0].rows()[:2]]
    h.krita.action("aihorde_cancel_all").trigger()
    for job in jobs:
        yield both[0].until(job, "cancelled")
    h.data["actions"]["cancelled"] = [both[1].state(job) for job in jobs]


def one_docker(h, at):
    """Where the docker is changes nothing of what it shows, and results land meanwhile."""
    main, docker = at.main, at.docker
    other = main.findChild(QtWidgets.QDockWidget, "KisLayerBox")
    plain = main.saveState()
    ways = {
        "floating": (lambda: docker.setFloating(True), lambda: docker.setFloating(False)),
        "tabbed": (lambda: (main.tabifyDockWidget(docker, other), other.raise_()), docker.raise_),
        "closed": (docker.close, lambda: h.krita.action("aihorde_show_docker").trigger()),
        "another workspace": (lambda: choose_workspace(h, main, "Minimal"), lambda: main.restoreState(plain)),
        "canvas only": (
            lambda: trigger(h, "view_show_canvas_only"),
            lambda: trigger(h, "view_show_canvas_only"),
        ),
        "full screen": (lambda: trigger(h, "fullscreen"), lambda: trigger(h, "fullscreen")),
    }
    seen = h.data["docker"] = {}
    for way, (go, back) in ways.items():
        prompt = f"{way} [practice delay=0.5]"
        job = at.send(prompt, "generateButton")
        go()
        yield 0.5
        shown = docker.isVisible() and not docker.visibleRegion().isEmpty()
        yield at.until(job, "done")
        back()
        yield 0.3
        if way == "another workspace":
            h.krita.action("aihorde_show_docker").trigger()
        landed = layer_named(h.krita.activeDocument(), way) is not None
        seen[way] = [shown, landed, docker.isVisible(), docker.isFloating(), at.prompt() == prompt]
        assert at.newest() == job


def trigger(h, name):
    h.krita.action(name).trigger()


def choose_workspace(h, main, name):
    """As a click into Krita's own list does."""
    chooser = next(
        widget
        for widget in main.findChildren(QtWidgets.QWidget)
        if widget.metaObject().className() == "KisWorkspaceChooser"
    )
    found = []
    for view in chooser.findChildren(QtWidgets.QAbstractItemView):
        model = view.model()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            found.append(str(index.data()))
            if name in [str(model.index(row, column).data()) for column in range(model.columnCount())]:
                view.clicked.emit(index)
                view.setCurrentIndex(index)
                return
    h.data["workspaces"] = found
