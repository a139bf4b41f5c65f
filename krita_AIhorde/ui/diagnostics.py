"""Shows what would be shared before anything is copied."""

from __future__ import annotations

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr

from .labels import Sentence


class Diagnostics(QtWidgets.QDialog):
    """A window beside Krita's, never in its way; gone for good when it is closed."""

    def __init__(self, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("diagnostics")
        self.setWindowTitle(tr("AI Horde: diagnostics"))
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        words = Sentence(self)
        words.say(tr("This is all that will be copied. No key, no prompt and no picture is in it."))
        self._text = QtWidgets.QPlainTextEdit(self)
        self._text.setObjectName("diagnosticsText")
        self._text.setReadOnly(True)
        self._text.setLineWrapMode(QtWidgets.QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(tr("Diagnostics"))
        copy = QtWidgets.QPushButton(tr("Copy"), self)
        copy.setObjectName("copyDiagnosticsButton")
        copy.clicked.connect(self._copy)
        close = QtWidgets.QPushButton(tr("Close"), self)
        close.clicked.connect(self.reject)
        line = QtWidgets.QHBoxLayout()
        line.addStretch(1)
        line.addWidget(copy)
        line.addWidget(close)
        layout = QtWidgets.QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self._text, 1)
        layout.addLayout(line)
        em = self.fontMetrics().height()
        self.resize(40 * em, 28 * em)

    def show_text(self, text: str) -> None:
        self._text.setPlainText(text)
        self.show()
        self.raise_()

    def _copy(self) -> None:
        clipboard = QtWidgets.QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self._text.toPlainText())
