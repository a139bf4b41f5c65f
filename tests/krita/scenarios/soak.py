"""One run of the soak: the plan's jobs and mischief until Krita is killed; the last run waits for all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sqlite3
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtWidgets

PLAN = json.loads(Path(os.environ["AIHORDE_SOAK_PLAN"]).read_text("utf-8"))
FOLDER = Path(PLAN["folder"])
NAMES = ("a.kra", "b.kra")


def scenario(h):
    h.krita.setBatchmode(True)  # an autosave of the Krita that was killed must not ask anything
    desk = Desk(h)
    yield 0.5
    (FOLDER / "up").touch()
    for step in PLAN["steps"]:
        if "send" in step:
            desk.send(step)
            yield step["pause"]
        else:
            yield from desk.do(step)
    if not PLAN["last"]:
        yield h.wait(lambda: False, 600, "to be killed")
    try:
        yield h.wait(desk.at_rest, PLAN["patience"], "every job to be at rest")
    except TimeoutError as error:
        told = "\n".join(str(desk.told(row)) for row in desk.restless())
        raise AssertionError(f"these did not come to rest:\n{told}") from error
    for _ in range(20):
        if not desk.states("kept"):
            break
        desk.activate("a.kra")
        desk.insert()
        yield h.wait(desk.at_rest, 60, "what was kept to be inserted")
    h.data["rows"] = [desk.told(row) for row in desk.artist.rows()]


class Desk:
    """The artist's two documents, and what an artist does with them in a hurry."""

    def __init__(self, helper):
        self.h = helper
        self.artist = Artist(helper)
        for name in NAMES:
            self.open(name)
        QtWidgets.QApplication.processEvents()

    # Documents

    def open(self, name):
        path = FOLDER / name
        if path.exists():
            document = self.h.krita.openDocument(str(path))
            self.h.krita.activeWindow().addView(document)
        else:
            document = self.artist.new_document(name, 400, 300)
            document.setFileName(str(path))
            document.save()
        return document

    def document(self, name):
        opened = (d for d in self.h.krita.documents() if Path(d.fileName()).name == name)
        return next(opened, None) or self.open(name)

    def activate(self, name):
        document = self.document(name)
        with contextlib.suppress(AssertionError):
            self.artist.activate(document)
        return document

    # Jobs

    def send(self, step):
        document = self.activate(step["document"])
        self.artist.select(document, *step["region"])
        self.artist.control("imageCount").setValue(step["images"])
        self.artist.control("maxWait").setValue(step["max_wait"])
        before = len(self.artist.rows())
        self.artist.type_prompt(step["send"])
        self.artist.press(step["button"])
        if len(self.artist.rows()) == before:
            # The region lies outside of a canvas that was cropped.
            self.h.krita.action("deselect").trigger()
            self.artist.press("generateButton")

    def states(self, *states):
        return [row for row in self.artist.rows() if row.property("state") in states]

    def restless(self):
        resting = ("done", "cancelled", "timedOut", "failed", "expired", "kept", "uncertain")
        return [row for row in self.artist.rows() if row.property("state") not in resting]

    def at_rest(self):
        return not self.restless()

    def told(self, row):
        names = ("jobId", "hordeId", "state", "finished", "censored", "total", "error")
        return {name: row.property(name) for name in names} | {
            "status": row.findChild(QtWidgets.QLabel, "jobStatus").text()
        }

    def insert(self):
        for row in self.states("kept"):
            button = row.findChild(QtWidgets.QAbstractButton, "insertButton")
            if button is not None and button.isVisible():
                button.click()

    # Mischief

    def do(self, step):
        name = step["do"]
        if name in ("disk_full", "read_only", "no_names"):
            with getattr(self, name)():
                yield step["seconds"]
            return
        if name == "cancel":
            running = self.states("queued", "generating", "downloading", "waiting")
            if running:
                self.artist.cancel(running[0].property("jobId"))
        elif name == "insert":
            self.insert()
        else:
            document = self.document(NAMES[len(self.artist.rows()) % 2])
            getattr(self, name)(document)
        yield 0.2

    def resize(self, document):
        document.resizeImage(0, 0, 420, 320)

    def crop(self, document):
        document.crop(10, 10, 380, 280)

    def scale(self, document):
        document.scaleImage(400, 300, 120, 120, "Bicubic")

    def flatten(self, document):
        document.flatten()
        document.waitForDone()

    def convert(self, document):
        model = "GRAYA" if document.colorModel() == "RGBA" else "RGBA"
        profile = self.h.krita.profiles(model, "U8")[0]
        document.setColorSpace(model, "U8", profile)

    def ungroup(self, document):
        for node in document.rootNode().childNodes():
            if node.type() == "grouplayer":
                node.remove()
                return

    def save(self, document):
        document.save()

    def close(self, document):
        document.waitForDone()
        document.setModified(False)
        document.close()

    def reopen(self, document):
        document.save()
        name = Path(document.fileName()).name
        self.close(document)
        self.open(name)

    # Accidents: inside of our own process, as neither a full disk nor a dead resolver can be had for real.

    @staticmethod
    @contextlib.contextmanager
    def disk_full():
        from krita_AIhorde.jobs import results

        def full(_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with replaced(results.os, "fsync", full):
            yield

    @staticmethod
    @contextlib.contextmanager
    def read_only():
        from krita_AIhorde.jobs.store import Store

        def refused(*_, **__):
            raise sqlite3.OperationalError("attempt to write a readonly database")

        with replaced(Store, "_change", refused):
            yield

    @staticmethod
    @contextlib.contextmanager
    def no_names():
        def unknown(*_, **__):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        with replaced(socket, "getaddrinfo", unknown):
            yield


@contextlib.contextmanager
def replaced(owner, name, value):
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
