"""The button that folds and unfolds what belongs to it."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets

Style = QtWidgets.QStyle
Arrow = QtCore.Qt.ArrowType
GAP = 4  # px beside an arrow, as Qt's styles have it (QCommonStyle, CE_ToolButtonLabel)


class FoldButton(QtWidgets.QToolButton):
    """An arrow and some words; checked while it is unfolded.

    Where text runs from right to left, Qt's styles (5.15 and 6, Fusion too) mirror the words of such a button
    but not its arrow, which a narrow button then shows in its words: there it is painted here.
    """

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggled.connect(self._turn_arrow)
        self._turn_arrow()

    def changeEvent(self, event: QtCore.QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QtCore.QEvent.Type.LayoutDirectionChange:
            self._turn_arrow()

    def _turn_arrow(self) -> None:
        """Down while it is unfolded, else the way that one reads."""
        onwards = Arrow.LeftArrow if self.isRightToLeft() else Arrow.RightArrow
        self.setArrowType(Arrow.DownArrow if self.isChecked() else onwards)

    def paintEvent(self, event: QtGui.QPaintEvent | None) -> None:
        if not self.isRightToLeft():
            super().paintEvent(event)
            return
        option = QtWidgets.QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features = option.ToolButtonFeature.None_  # type: ignore[assignment]
        option.arrowType = Arrow.NoArrow
        option.icon = _empty_icon(option.iconSize)  # keeps the words off the arrow
        painter = QtWidgets.QStylePainter(self)
        painter.drawComplexControl(Style.ComplexControl.CC_ToolButton, option)
        place = QtCore.QRect(option.rect)
        place.setWidth(option.iconSize.width() + GAP)
        option.rect = Style.visualRect(self.layoutDirection(), self.rect(), place)
        arrow = Style.PrimitiveElement
        painter.drawPrimitive(
            arrow.PE_IndicatorArrowDown if self.isChecked() else arrow.PE_IndicatorArrowLeft, option
        )


def _empty_icon(size: QtCore.QSize) -> QtGui.QIcon:
    picture = QtGui.QPixmap(size)
    picture.fill(QtCore.Qt.GlobalColor.transparent)
    return QtGui.QIcon(picture)
