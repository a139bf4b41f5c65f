"""What an artist sees of the plugin in Krita's plugin manager, and in its docker."""

from __future__ import annotations

from aihorde_driver.qt import QtCore, QtWidgets


def scenario(h):
    docker = h.docker("AIHorde")
    assert docker is not None, "no docker says anything"
    docker.show()
    h.data["notice"] = docker.findChild(QtWidgets.QLabel, "notice").text()
    yield 0.3
    # From a timer: the dialog turns an event loop of its own, in which this goes on.
    QtCore.QTimer.singleShot(0, h.krita.action("options_configure").trigger)
    yield h.wait(QtWidgets.QApplication.activeModalWidget, 20, "the settings dialog")
    dialog = QtWidgets.QApplication.activeModalWidget()
    pages = next(
        view for view in dialog.findChildren(QtWidgets.QListView) if index(view, "Python Plugin Manager")
    )
    pages.setCurrentIndex(index(pages, "Python Plugin Manager"))
    yield h.wait(lambda: listed(dialog), 20, "the list of plugins")
    plugins = listed(dialog)
    row = index(plugins, "Krita AI Horde")
    plugins.setCurrentIndex(row)
    plugins.clicked.emit(row)
    yield 0.3
    h.data["tooltip"] = row.data(QtCore.Qt.ItemDataRole.ToolTipRole)
    h.data["comment"] = row.siblingAtColumn(1).data()
    h.data["greyed"] = not row.flags() & QtCore.Qt.ItemFlag.ItemIsEnabled
    h.data["manual"] = " ".join(text.toPlainText() for text in dialog.findChildren(QtWidgets.QTextEdit))
    dialog.reject()
    yield 0.3


def listed(dialog):
    return dialog.findChild(QtWidgets.QAbstractItemView, "pluginsList")


def index(view, text):
    """The row of ``view`` called ``text``; None if there is none."""
    model = view.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    return next((row for row in rows if row.data() == text), None)
