"""Where the pictures' files are, what is logged, and what to send to somebody who helps."""

from __future__ import annotations

from pathlib import Path

from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, tr
from krita_AIhorde.settings import LOG_LEVEL, RESULTS_LIMIT, Setting

from .binding import Bindings
from .choices import Choice, ChoiceBox
from .diagnostics import Diagnostics
from .flow import FlowLayout
from .intents import Studio
from .sliders import Amount


def log_levels() -> list[Choice]:
    return [
        Choice("warning", tr("Problems only")),
        Choice("info", tr("Normal")),
        Choice("debug", tr("Everything")),
    ]


class Files(QtWidgets.QWidget):
    def __init__(self, studio: Studio, bindings: Bindings, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._diagnostics: Diagnostics | None = None
        self._form = QtWidgets.QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
        self._form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add("resultsLimit", Amount(RESULTS_LIMIT, self), RESULTS_LIMIT, bindings)
        self._add("logLevel", ChoiceBox(log_levels(), self), LOG_LEVEL, bindings)
        self._form.addRow(self._buttons())

    def release(self) -> None:
        if self._diagnostics is not None:
            self._diagnostics.close()

    def _add(
        self,
        name: str,
        control: QtWidgets.QWidget,
        setting: Setting[float] | Setting[str],
        bindings: Bindings,
    ) -> None:
        control.setObjectName(name)
        control.setAccessibleName(tr(setting.label))
        control.setToolTip(tr(setting.tooltip))
        bindings.bind(control, setting)
        label = QtWidgets.QLabel(tr(setting.label), self)
        label.setToolTip(control.toolTip())
        label.setBuddy(control)
        self._form.addRow(label, control)

    def _buttons(self) -> QtWidgets.QWidget:
        line = QtWidgets.QWidget(self)
        flow = FlowLayout(line, self.fontMetrics().height() // 4)
        for name, words, purpose, press in (
            (
                "openResultsButton",
                tr("Open the folder"),
                tr("Shows the files of all pictures that came back."),
                self._open_folder,
            ),
            (
                "collectDiagnosticsButton",
                tr("Collect diagnostics"),
                tr("Gathers versions, settings and the log's end, to ask for help. You see it all first."),
                self._collect,
            ),
        ):
            button = QtWidgets.QPushButton(words, line)
            button.setObjectName(name)
            button.setToolTip(purpose)
            button.setAccessibleName(words)
            button.clicked.connect(press)
            flow.addWidget(button)
        return line

    def _open_folder(self) -> None:
        folder = Path(self._studio.results_folder())
        while not folder.is_dir() and folder != folder.parent:  # there is none before the first picture
            folder = folder.parent
        QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(folder)))

    def _collect(self) -> None:
        self._studio.collect_diagnostics(self._show)

    def _show(self, text: str) -> None:
        if self._diagnostics is None:
            self._diagnostics = Diagnostics(self)
            self._diagnostics.destroyed.connect(self._forget)
        self._diagnostics.show_text(text)

    def _forget(self) -> None:
        self._diagnostics = None
