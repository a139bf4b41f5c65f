"""Loads the rest of the plugin in a thread, while Krita makes its first window.

Importing the network stack, Pillow and our own rooms takes a fifth of a second, and after an installation,
when Python compiles them, some seconds. Krita waits for none of it: its own start is C++, which needs no
Python, and when its event loop begins to turn the thread is mostly done.
"""

from __future__ import annotations

import importlib
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from krita_AIhorde import paths
from krita_AIhorde.qt import QtCore, Signal, tr

if TYPE_CHECKING:
    from krita_AIhorde.archives import Hold


class Loading(QtCore.QObject):
    """``start`` it on the main thread; ``ended`` comes there, too."""

    ended = Signal()

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.data = Path()
        """The plugin's folder for settings, jobs and pictures; valid once loading has ended well."""
        self.obstacle = ""
        """Why the plugin cannot start, for the artist; "" if it can."""
        self._pillow: Hold | None = None  # kept as long as the process runs
        self._thread: threading.Thread | None = None

    def start(self, krita_data: str) -> None:
        """``krita_data`` is Krita's own folder. A second call does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, args=(krita_data,), name="aihorde-loading", daemon=True
            )
            self._thread.start()

    def _run(self, krita_data: str) -> None:
        try:
            self.obstacle = self._load(krita_data)
        except Exception:  # noqa: BLE001 (the thread's boundary: without a word, the docker would wait for ever)
            QtCore.qWarning(traceback.format_exc())
            self.obstacle = tr(
                "Krita AI Horde cannot start: something went wrong while it was loaded. What it was can be "
                "read in Krita's log (Help ▸ Show Krita log for bug reports)."
            )
        self.ended.emit()

    def _load(self, krita_data: str) -> str:
        from krita_AIhorde import vendoring  # costs some milliseconds itself

        try:
            self.data = paths.make_private(paths.data_dir(krita_data))
            self._pillow = vendoring.activate(self.data)
        except vendoring.InTheWay as error:
            return tr("Krita AI Horde cannot start. {0}").format(error)
        except vendoring.VendorMissing as missing:
            return tr(
                "Krita AI Horde cannot start. {0}\n\nDownload the zip for your system, and choose it in "
                "Tools ▸ Scripts ▸ Import Python Plugin from File. Or, in the folder that you "
                "downloaded, run “python3 krita_AIhorde.py install”. Then start Krita again."
            ).format(missing)
        except OSError as error:
            return no_folder(error)
        importlib.import_module("krita_AIhorde.app")
        return ""


def no_folder(error: OSError) -> str:
    """What the artist reads when the plugin's folder cannot be used."""
    return tr(
        "The folder for settings, jobs and pictures cannot be used: {0}\n\n"
        "Make room on its disk, or allow Krita to write there, then start Krita again. Another "
        "folder can be chosen with the environment variable AIHORDE_DATA_DIR."
    ).format(error)
