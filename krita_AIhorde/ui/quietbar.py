"""A progress bar that does not paint at once."""

from __future__ import annotations

from krita_AIhorde.qt import QtWidgets


class QuietBar(QtWidgets.QProgressBar):
    """Qt's own paints inside of ``setValue``, and with it the whole window is put on the screen anew.

    In Krita's, whose canvas is OpenGL, that waits for the graphics card: measured in Krita 5.1.5 with
    software rendering, 10 to 115 ms for each bar that moved. This one is painted once, with whatever else is.
    """

    def setValue(self, value: int) -> None:
        if value == self.value():
            return
        self.setUpdatesEnabled(False)
        super().setValue(value)
        self.setUpdatesEnabled(True)  # which asks for a repaint
