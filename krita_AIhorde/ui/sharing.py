"""Settings as a file: to keep, or to give to another artist."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtWidgets, tr

from .sizes import uncross

FILE_NAME = "ai-horde-settings.json"
LARGEST = 4_000_000  # bytes: a file of settings has some thousand
Say = Callable[[str], None]


class Sharing(QtCore.QObject):
    """Asks for a file without holding Krita up, and says what became of it.

    ``finish`` is called before all values change, so that what is half typed does not come after them.
    """

    def __init__(
        self, settings: s.Settings, say: Say, finish: Callable[[], None], parent: QtWidgets.QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sharing")
        self._settings, self._say, self._finish, self._window = settings, say, finish, parent

    def ask_where_to(self) -> None:
        dialog = self._dialog(tr("Export settings"), self._export)
        dialog.setObjectName("exportDialog")
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile(FILE_NAME)
        dialog.open()

    def ask_where_from(self) -> None:
        dialog = self._dialog(tr("Import settings"), self._import)
        dialog.setObjectName("importDialog")
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def _dialog(self, title: str, then: Callable[[str], None]) -> QtWidgets.QFileDialog:
        dialog = QtWidgets.QFileDialog(self._window, title)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters([tr("Settings (*.json)"), tr("All files (*)")])
        dialog.fileSelected.connect(then)
        return dialog

    def _export(self, path: str) -> None:
        self._finish()
        try:
            Path(path).write_text(self._settings.exported(), encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            self._say(tr("The settings could not be written: {0}.").format(error.strerror or error))
        else:
            self._say(tr("Written to “{0}”. The API key is not in it.").format(Path(path).name))

    def _import(self, path: str) -> None:
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read(LARGEST)
        except OSError as error:
            self._say(tr("The settings could not be read: {0}.").format(error.strerror or error))
            return
        except UnicodeDecodeError:
            text = ""
        self._finish()
        imported = self._settings.take_in(text)
        uncross(self._settings, s.MIN_SIZE)
        self._say(imported_text(imported))


def imported_text(imported: s.Imported) -> str:
    """What was taken, and what was not, in a few sentences."""
    if not imported.readable:
        return tr("This is no file of settings. Nothing was changed.")
    taken, unknown = len(imported.taken), len(imported.unknown)
    labels = {setting.name: tr(setting.label) for setting in s.ALL}
    sentences = [
        tr("Nothing in this file could be used.")
        if not taken
        else tr("1 setting was taken.")
        if taken == 1
        else tr("{0} settings were taken.").format(taken)
    ]
    if imported.ignored:
        sentences.append(tr("Left as they were: {0}.").format(", ".join(labels[n] for n in imported.ignored)))
    if unknown:
        sentences.append(
            tr("1 is of another version.")
            if unknown == 1
            else tr("{0} are of another version.").format(unknown)
        )
    return " ".join(sentences)
