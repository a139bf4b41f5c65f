"""What a Krita whose Python is too old gets: a docker with a sentence. For Python 3.8.

An ImportError would grey the plugin out and hide its words at the end of a traceback, in a tooltip of Krita's
plugin manager. So the plugin loads, and the manager shows its description and manual, which name the Krita
that is needed, as they do everywhere.
"""

import sys


def sentence() -> str:
    found = sys.version.split()[0]
    return (
        f"Krita AI Horde needs Krita 5.2 or newer. This one is too old: it has Python {found}, and 3.10 is "
        "needed. Download a newer Krita from krita.org; your settings stay."
    )


def register() -> None:
    """Called once by Krita's import of the package, in place of the plugin's own."""
    import krita

    from krita_AIhorde.qt import QtCore, QtWidgets  # which Python 3.8 can read, too

    Qt = QtCore.Qt

    class Docker(krita.DockWidget):  # type: ignore[misc]
        """The plugin's docker, with nothing in it but why."""

        def __init__(self) -> None:
            super().__init__()
            self.setWindowTitle("AI Horde")
            label = QtWidgets.QLabel(sentence())
            label.setObjectName("notice")
            label.setWordWrap(True)
            label.setMinimumWidth(240)  # a docker that has only this is made very narrow
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.setWidget(label)

        def canvasChanged(self, canvas: object) -> None:
            """Krita calls this at every change of document or view."""

    area = krita.DockWidgetFactoryBase.DockPosition.DockLeft
    krita.Krita.instance().addDockWidgetFactory(krita.DockWidgetFactory("AIHorde", area, Docker))
