"""A bar that moves is painted with everything else, not inside of the call that moves it."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui.quietbar import QuietBar


class Paints(QtCore.QObject):
    def __init__(self, bar: QtWidgets.QProgressBar) -> None:
        super().__init__()
        self.count = 0
        bar.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QtCore.QEvent.Type.Paint
        return False


def shown(app):
    bar = QuietBar()
    bar.setRange(0, 100)
    bar.setValue(0)
    bar.show()
    app.processEvents()
    return bar


def test_a_bar_that_moves_does_not_paint_before_its_turn(app):
    bar = shown(app)
    paints = Paints(bar)
    bar.setValue(40)
    bar.setValue(60)
    assert paints.count == 0
    assert bar.value() == 60
    app.processEvents()
    assert paints.count == 1


def test_a_bar_that_stays_where_it_is_is_not_painted(app):
    bar = shown(app)
    paints = Paints(bar)
    bar.setValue(bar.value())
    app.processEvents()
    assert paints.count == 0
