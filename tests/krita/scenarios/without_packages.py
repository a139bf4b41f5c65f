"""The docker of a plugin whose packages are missing; its actions do nothing, quietly."""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.qt import QtWidgets


def scenario(h):
    docker = h.docker("AIHorde")
    assert docker is not None
    docker.show()
    yield 0.3
    labels = docker.widget().findChildren(QtWidgets.QLabel)
    h.data["notice"] = " ".join(label.text() for label in labels)
    lib = Path(os.environ["AIHORDE_DATA_DIR"]) / "lib"
    h.data["left"] = [path.name for path in lib.iterdir()] if lib.is_dir() else []
    h.krita.action("aihorde_generate").trigger()
    yield 0.3
