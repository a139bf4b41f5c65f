"""Krita's own Qt, for driver and scenarios: PyQt5 in Krita 5, PyQt6 in Krita 6.

Not from the plugin's ``qt``: the driver starts Kritas that have no plugin of ours.
"""

try:
    # PyQt5 first: a Krita 6 refuses it in words of its own (ModuleNotFoundError).
    from PyQt5 import QtCore, QtGui, QtTest, QtWidgets
    from PyQt5.QtWidgets import QAction
except ImportError:
    from PyQt6 import QtCore, QtGui, QtTest, QtWidgets
    from PyQt6.QtGui import QAction

__all__ = ["QAction", "QtCore", "QtGui", "QtTest", "QtWidgets"]
