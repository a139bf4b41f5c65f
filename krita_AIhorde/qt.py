"""The one place that names PyQt5 (Krita 5) or PyQt6 (Krita 6).

Everything else imports ``QtCore``, ``QtGui`` and ``QtWidgets`` from here and writes enums in their scoped
form (``QtCore.Qt.Orientation.Horizontal``), which both bindings understand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PyQt5 import QtCore, QtGui, QtWidgets
    from PyQt5.QtCore import pyqtSignal as Signal
else:
    try:
        # PyQt5 first: a Krita 6 refuses it in words of its own (ModuleNotFoundError), while an old Krita 5
        # would load a PyQt6 that happens to be installed and crash.
        from PyQt5 import QtCore, QtGui, QtWidgets
        from PyQt5.QtCore import pyqtSignal as Signal
    except ImportError:
        from PyQt6 import QtCore, QtGui, QtWidgets
        from PyQt6.QtCore import pyqtSignal as Signal

CONTEXT = "krita_AIhorde"


def tr(text: str) -> str:
    """The text in the artist's language: every sentence that an artist reads goes through here."""
    return QtCore.QCoreApplication.translate(CONTEXT, text)


__all__ = ["QtCore", "QtGui", "QtWidgets", "Signal", "tr"]
