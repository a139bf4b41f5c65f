"""Labels beside their controls, all controls beginning on one line."""

from __future__ import annotations

from collections.abc import Iterator

from krita_AIhorde.qt import QtCore, QtWidgets

from .labels import LeadingLabel
from .words import breakable

Policy = QtWidgets.QSizePolicy.Policy
NOTE_GAP = 2  # px between a control and what is said of it


class FieldLabel(LeadingLabel):
    """Says what the control beside it is; on two lines where one is too wide for a narrow docker."""

    def __init__(self, text: str, control: QtWidgets.QWidget, parent: QtWidgets.QWidget) -> None:
        super().__init__(breakable(text), parent)
        self.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setBuddy(control)

        self._widths: tuple[int, int] | None = None

    def one_line(self) -> int:
        """The width in pixels that all of it takes on one line."""
        return self._measured()[0]

    def longest_word(self) -> int:
        return self._measured()[1]

    def _measured(self) -> tuple[int, int]:
        if self._widths is None:
            words = self.text().replace("-", "- ").split()  # a line may end at a hyphen, too
            self._widths = self._advance(self.text()), max(map(self._advance, words), default=0)
        return self._widths

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + 2  # else Qt breaks what fits to the pixel

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        self._widths = None  # of another font, perhaps


class _Row:
    def __init__(
        self, label: QtWidgets.QWidgetItem | None, field: QtWidgets.QWidgetItem, words: FieldLabel | None
    ) -> None:
        self.label, self.field, self.words = label, field, words
        self.note: QtWidgets.QWidgetItem | None = None

    def items(self) -> Iterator[QtWidgets.QWidgetItem]:
        yield from (item for item in (self.label, self.field, self.note) if item is not None)


class FormLayout(QtWidgets.QLayout):
    """Rows of a label and a control, or of one widget as wide as the form; each with a note below it.

    The labels' column is as wide as the longest label, but leaves half of the width to the controls; forms
    that are ``peers``, a list that all of them share, have one column. Hidden widgets take no room. Mirrored
    where text runs from right to left.
    """

    def __init__(self, parent: QtWidgets.QWidget, peers: list[FormLayout]) -> None:
        super().__init__(parent)
        self._peers = peers
        peers.append(self)
        self._rows: list[_Row] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(parent.fontMetrics().height() // 3)

    def add_row(self, label: FieldLabel, field: QtWidgets.QWidget) -> None:
        self._rows.append(_Row(self._item(label), self._item(field), label))

    def add_wide(self, widget: QtWidgets.QWidget) -> None:
        self._rows.append(_Row(None, self._item(widget), None))

    def set_note(self, field: QtWidgets.QWidget, note: QtWidgets.QWidget) -> None:
        """Put ``note`` under ``field``, which is in the form."""
        row = next(row for row in self._rows if row.field.widget() is field)
        row.note = self._item(note)
        self.invalidate()

    def _item(self, widget: QtWidgets.QWidget) -> QtWidgets.QWidgetItem:
        self.addChildWidget(widget)
        return QtWidgets.QWidgetItem(widget)

    # What Qt asks of a layout.

    def addItem(self, item: QtWidgets.QLayoutItem | None) -> None:
        raise NotImplementedError("add_row and add_wide")

    def count(self) -> int:
        return len(self._items())

    def itemAt(self, index: int) -> QtWidgets.QLayoutItem | None:
        items = self._items()
        return items[index] if 0 <= index < len(items) else None

    def takeAt(self, index: int) -> QtWidgets.QLayoutItem | None:
        """Qt calls this for a widget that goes away; its row goes with the control."""
        taken = self.itemAt(index)
        for row in list(self._rows):
            if taken is row.field:
                self._rows.remove(row)
            elif taken is row.note:
                row.note = None
            elif taken is row.label:
                row.label = row.words = None
        return taken

    def expandingDirections(self) -> QtCore.Qt.Orientations:
        return QtCore.Qt.Orientation.Horizontal  # type: ignore[return-value]

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QtCore.QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QtCore.QSize:
        wanted = max(
            (row.field.sizeHint().width() for row in self._shown() if row.words is not None), default=0
        )
        width = max((label.one_line() for label in self._labels()), default=0) + self.spacing() + wanted
        return QtCore.QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QtCore.QSize:
        beside = self._longest_word() + self.spacing() + self._narrowest_field()
        alone = (row.field.minimumSize().width() for row in self._shown() if row.words is None)
        width = max([beside, *alone])
        return QtCore.QSize(width, self.heightForWidth(width))

    def setGeometry(self, rect: QtCore.QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    # Arranging.

    def _items(self) -> list[QtWidgets.QWidgetItem]:
        return [item for row in self._rows for item in row.items()]

    def _shown(self) -> list[_Row]:
        return [row for row in self._rows if not (row.field.isEmpty() and _is_gone(row.note))]

    def _labels(self) -> list[FieldLabel]:
        return [row.words for peer in self._peers for row in peer._rows if row.words is not None]

    def _longest_word(self) -> int:
        return max((label.longest_word() for label in self._labels()), default=0)

    def _narrowest_field(self) -> int:
        return max(
            (row.field.minimumSize().width() for row in self._shown() if row.words is not None), default=0
        )

    def _column(self, width: int) -> int:
        """The labels' width."""
        widest = max((label.one_line() for label in self._labels()), default=0)
        room = min(width // 2, width - self.spacing() - self._narrowest_field())
        return max(self._longest_word(), min(widest, room))

    def _arrange(self, rect: QtCore.QRect, *, move: bool) -> int:
        """The height that is needed in ``rect``'s width."""
        column = self._column(rect.width())
        y = rect.y()
        for row in self._shown():
            y += self.spacing() if y > rect.y() else 0
            beside = column + self.spacing() if row.words is not None else 0
            field = QtCore.QRect(rect.x() + beside, y, rect.width() - beside, 0)
            field.setHeight(0 if row.field.isEmpty() else _height(row.field, field.width()))
            height = field.height()
            if row.label is not None:
                label = QtCore.QRect(rect.x(), y, column, _height(row.label, column))
                height = max(height, label.height())
                _move_within(label, y, height)
                self._place(row.label, label, rect, move=move)
            _move_within(field, y, height)
            self._place(row.field, field, rect, move=move)
            y += height
            if row.note is not None and not _is_gone(row.note):
                note = QtCore.QRect(rect.x(), y + NOTE_GAP, rect.width(), 0)
                note.setHeight(_height(row.note, note.width()))
                self._place(row.note, note, rect, move=move)
                y = note.bottom() + 1
        return y - rect.y()

    def _place(
        self, item: QtWidgets.QWidgetItem, where: QtCore.QRect, whole: QtCore.QRect, *, move: bool
    ) -> None:
        parent = self.parentWidget()
        if move and parent is not None:
            item.setGeometry(QtWidgets.QStyle.visualRect(parent.layoutDirection(), whole, where))


def _is_gone(item: QtWidgets.QWidgetItem | None) -> bool:
    return item is None or item.isEmpty()


def _height(item: QtWidgets.QWidgetItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _move_within(rect: QtCore.QRect, y: int, height: int) -> None:
    """To the middle of the line that begins at ``y``."""
    rect.moveTop(y + (height - rect.height()) // 2)
