"""The docker of a plugin whose packages are missing; its actions do nothing, quietly."""

from __future__ import annotations

from aihorde_driver.qt import QtWidgets


def scenario(h):
    docker = h.docker("AIHorde")
    assert docker is not None
    docker.show()
    yield 0.3
    labels = docker.widget().findChildren(QtWidgets.QLabel)
    h.data["notice"] = " ".join(label.text() for label in labels)
    h.krita.action("aihorde_generate").trigger()
    yield 0.3
