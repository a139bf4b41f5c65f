"""How the list of models is searched, and how its lines are drawn."""

from __future__ import annotations

from typing import Any

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

from .labels import draw_line
from .modelentries import Group, ModelEntry, rank
from .theme import mix

ENTRY = QtCore.Qt.ItemDataRole.UserRole + 1
STAR = "★ "
Role = QtGui.QPalette.ColorRole


def entry_at(index: QtCore.QModelIndex) -> ModelEntry | None:
    """None for a line between two groups."""
    found = index.data(ENTRY)
    return found if isinstance(found, ModelEntry) else None


class _Found(QtCore.QSortFilterProxyModel):
    """The entries that fit what is typed, those whose names do first."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._typed = ""

    def look_for(self, typed: str) -> None:
        if typed != self._typed:
            self._typed = typed
            self.invalidate()

    def filterAcceptsRow(self, row: int, parent: QtCore.QModelIndex) -> bool:
        return self._rank(row) is not None

    def lessThan(self, left: QtCore.QModelIndex, right: QtCore.QModelIndex) -> bool:
        return (self._rank(left.row()), left.row()) < (self._rank(right.row()), right.row())

    def _rank(self, row: int) -> int | None:
        model = self.sourceModel()
        entry = entry_at(model.index(row, 0)) if model is not None else None
        return rank(entry, self._typed) if entry is not None else None


class ModelSearch(QtWidgets.QCompleter):
    """Finds models by words of their names, then kinds, styles and tags, then of what is told of them."""

    def __init__(self, model: QtCore.QAbstractItemModel, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self._found = _Found(self)
        self._found.setSourceModel(model)
        self._found.sort(0)
        self.setModel(self._found)
        self.setCompletionMode(self.CompletionMode.PopupCompletion)
        self.setFilterMode(QtCore.Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(12)

    def splitPath(self, path: str | None) -> list[str]:
        """Qt asks for the parts of what was typed: we search, and Qt shows all that we have found."""
        self._found.look_for((path or "").strip())
        return [""]


class ModelLine(QtWidgets.QStyledItemDelegate):
    """Name and workers to the left, kind and wait to the right; mirrored from right to left."""

    def paint(
        self,
        painter: QtGui.QPainter | None,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex,
    ) -> None:
        assert painter is not None
        entry = entry_at(index)
        if entry is None:
            self._paint_line_between(painter, option)
            return
        own = QtWidgets.QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        own.text = ""
        _style(own).drawControl(QtWidgets.QStyle.ControlElement.CE_ItemViewItem, own, painter, own.widget)
        selected = bool(own.state & QtWidgets.QStyle.StateFlag.State_Selected)
        text = own.palette.color(Role.HighlightedText if selected else Role.Text)
        ground = own.palette.color(Role.Highlight if selected else Role.Base)
        gap = _gap(own)
        room = own.rect.adjusted(gap // 2, 0, -gap // 2, 0)
        aside = own.fontMetrics.horizontalAdvance(entry.aside)
        first = room.adjusted(0, 0, -(aside + gap if aside else 0), 0)
        last = QtCore.QRect(room.right() + 1 - aside, room.y(), aside, room.height())
        painter.save()
        painter.setFont(own.font)
        for ink, place, words in (
            (mix(text, ground, 0.35), last, entry.aside),
            (text, first, _title(entry)),
        ):
            painter.setPen(ink)
            mirrored = QtWidgets.QStyle.visualRect(own.direction, room, place)
            draw_line(painter, mirrored, words, own.direction)
        painter.restore()

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        entry = entry_at(index)
        gap = _gap(option)
        if entry is None:
            return QtCore.QSize(0, gap // 2)
        wide = option.fontMetrics.horizontalAdvance
        aside = gap + wide(entry.aside) if entry.aside else 0
        return QtCore.QSize(gap + wide(_title(entry)) + aside, super().sizeHint(option, index).height())

    def _paint_line_between(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem) -> None:
        colours = option.palette
        painter.save()
        painter.setPen(mix(colours.color(Role.Text), colours.color(Role.Base), 0.7))
        middle = option.rect.center().y()
        painter.drawLine(option.rect.left(), middle, option.rect.right(), middle)
        painter.restore()


def _title(entry: ModelEntry) -> str:
    return STAR + entry.label if entry.group is Group.FAVOURITES else entry.label


def _gap(option: Any) -> int:
    return int(option.fontMetrics.height())


def _style(option: QtWidgets.QStyleOptionViewItem) -> QtWidgets.QStyle:
    style = option.widget.style() if option.widget is not None else QtWidgets.QApplication.style()
    assert style is not None
    return style
