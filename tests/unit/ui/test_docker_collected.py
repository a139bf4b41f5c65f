"""A docker that nobody holds any more: Python ends it, and none of its parts may object."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: an exception in an event filter that nobody hooks ends it, as it would end Krita.
LET_GO = """
import gc, sys, weakref
from fake_studio import FakeStudio
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.docker import DockerWidget

application = QtWidgets.QApplication(["krita"])
for _ in range(3):  # in which order Python empties what it collects is not for us to say
    docker = DockerWidget(FakeStudio())
    docker.show()
    application.processEvents()
    if sys.argv[1] == "closed":
        docker.close()
    elif sys.argv[1] == "released":
        docker.release()
    elif sys.argv[1] == "with its list of models open":
        docker.findChild(QtWidgets.QComboBox, "model").showPopup()
        application.processEvents()
    gone = weakref.ref(docker)
    del docker
    gc.collect()
    application.processEvents()
    assert gone() is None, "it was not collected: this proves nothing"
print("all went well")
"""


@pytest.mark.parametrize("left", ["open", "closed", "released", "with its list of models open"])
def test_python_may_collect_a_docker_that_was_not_destroyed(left: str) -> None:
    here = Path(__file__)
    ended = subprocess.run(
        [sys.executable, "-c", LET_GO, left],
        env={"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": f"{here.parents[3]}:{here.parent}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "all went well\n"), ended.stderr[-2000:]
