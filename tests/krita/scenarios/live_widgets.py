"""What the docker knows of the Horde, through its widgets: account, models, workers, health, settings."""

from __future__ import annotations

import os
from pathlib import Path

from aihorde_driver.artist import Artist
from aihorde_driver.qt import QtCore, QtGui, QtWidgets

NEEDY = "Pony Diffusion XL"


def scenario(h):
    artist = Artist(h)
    artist.new_document("live", 600, 400)
    yield h.wait(lambda: artist.control("model").count() > 3, 30, "the model list")
    for section in ("advanced", "account", "files"):
        header = artist.control(f"{section}Header", QtWidgets.QAbstractButton)
        if not header.isChecked():
            header.click()
    yield from account(h, artist)
    yield from model(h, artist)
    yield from workers(h, artist)
    light = artist.control("statusLight")
    yield h.wait(lambda: light.property("level") == "ok", 20, "the Horde's health")
    h.data["light"] = light.toolTip() or light.accessibleDescription()
    yield from reset(h, artist)
    yield from share(h, artist)
    yield from update(h, artist)


def account(h, artist):
    key = artist.control("apiKey", QtWidgets.QLineEdit)
    key.setText("practice-nobody")
    key.editingFinished.emit()
    state = artist.control("accountState", QtWidgets.QLabel)
    yield h.wait(lambda: "key" in state.text().lower(), 20, "a wrong key to be told")
    yield h.wait(lambda: "API key" in artist.message(), 10, "a message on the wrong key")
    key.setText("practice-user")
    key.editingFinished.emit()
    name = artist.control("userName", QtWidgets.QLabel)
    yield h.wait(lambda: "#" in name.text(), 20, "the account's name")
    yield h.wait(lambda: not artist.message(), 10, "the wrong key's message to go")
    h.data["account"] = [name.text(), artist.control("userKudos", QtWidgets.QLabel).text()]
    artist.press("giveKudosHeader")
    artist.control("kudosRecipient", QtWidgets.QLineEdit).setText("nobody#999999")
    artist.control("kudosAmount").setValue(5)
    artist.press("offerKudosButton")
    yield 0.2
    artist.press("giveKudosButton")
    outcome = artist.control("kudosOutcome", QtWidgets.QLabel)
    yield h.wait(outcome.text, 20, "the outcome of a gift")
    h.data["gift to nobody"] = outcome.text()
    artist.control("kudosRecipient", QtWidgets.QLineEdit).setText(os.environ["AIHORDE_FRIEND"])
    artist.press("offerKudosButton")
    yield 0.2
    artist.press("giveKudosButton")
    yield h.wait(lambda: outcome.text().startswith("You gave"), 20, "a gift to a friend")
    h.data["gift to a friend"] = outcome.text().replace("\u00a0", " ")


def model(h, artist):
    box = artist.control("model", QtWidgets.QComboBox)
    box.setCurrentIndex(box.findData(NEEDY))
    artist.control("clipSkip").setValue(1)
    yield h.wait(lambda: any("Clip skip" in text for text in texts(artist)), 20, "what the model needs")
    press_visible(artist, "Use what this model needs")
    yield 0.2
    h.data["clip skip"] = artist.control("clipSkip").value()
    artist.press("favouriteModelButton")
    artist.press("modelInfoButton")
    yield 0.3
    h.data["info shown"] = artist.control("modelInfo").isVisible()
    artist.press("modelInfoButton")
    h.data["favourite on top"] = next(box.itemData(i) for i in range(box.count()) if box.itemData(i))
    box.setCurrentIndex(box.findData(""))


def workers(h, artist):
    choice = artist.control("workerChoice", QtWidgets.QComboBox)
    choice.setCurrentIndex(choice.findData("prefer"))
    artist.press("preferredWorkersAdd")
    yield 0.3
    dialogs = [w for w in QtWidgets.QApplication.topLevelWidgets() if w.objectName() == "workerDialog"]
    dialog = dialogs[0] if dialogs else artist.control("workerDialog")
    found = dialog.findChild(QtWidgets.QListWidget, "workerList")
    yield h.wait(found.count, 20, "the list of workers")
    found.setCurrentRow(0)
    dialog.findChild(QtWidgets.QAbstractButton, "takeWorkerButton").click()
    yield 0.2
    h.data["chosen workers"] = len(artist.control("preferredWorkers").value())
    h.data["dialog is modal"] = dialog.isModal()
    dialog.close()
    choice.setCurrentIndex(choice.findData("any"))


def reset(h, artist):
    prompt = artist.control("prompt", QtWidgets.QPlainTextEdit)
    prompt.setPlainText("red house")
    prompt.moveCursor(QtGui.QTextCursor.MoveOperation.Start)
    prompt.setFocus()
    event = QtGui.QKeyEvent(
        QtCore.QEvent.Type.KeyPress, QtCore.Qt.Key.Key_Up, QtCore.Qt.KeyboardModifier.ControlModifier
    )
    QtWidgets.QApplication.sendEvent(prompt, event)
    yield 0.2
    h.data["weighed"] = prompt.toPlainText()
    artist.control("steps").setValue(33)
    artist.press("resetSettingsButton")
    yield 0.2
    artist.press("resetConfirmButton")
    yield 0.2
    h.data["after the reset"] = [
        artist.control("steps").value(),
        artist.control("apiKey", QtWidgets.QLineEdit).text(),
    ]


def share(h, artist):
    """Export, change, import; and a file that is none."""
    folder = Path(os.environ["AIHORDE_OUT"])
    file, nonsense = folder / "mine.json", folder / "nonsense.json"
    nonsense.write_text("[1, 2", encoding="utf-8")
    prompt, message = artist.control("prompt", QtWidgets.QPlainTextEdit), artist.control("filesMessage")
    prompt.setPlainText("an exported house")
    artist.control("steps").setValue(41)
    modal = []
    artist.press("exportSettingsButton")
    yield from choose_file(h, artist, "exportDialog", file, modal)
    yield h.wait(file.exists, 10, "the exported file")
    h.data["exported"] = [message.text(), file.read_text(encoding="utf-8")]
    artist.control("steps").setValue(12)
    prompt.setPlainText("another house")
    artist.press("importSettingsButton")
    yield from choose_file(h, artist, "importDialog", file, modal)
    yield h.wait(lambda: artist.control("steps").value() == 41, 10, "the imported steps")
    key = artist.control("apiKey", QtWidgets.QLineEdit).text()
    h.data["imported"] = [message.text(), artist.control("steps").value(), prompt.toPlainText(), key]
    artist.press("importSettingsButton")
    yield from choose_file(h, artist, "importDialog", nonsense, modal)
    yield h.wait(lambda: "no file of settings" in message.text(), 10, "a word on the file that is none")
    h.data["imported nonsense"] = message.text()
    h.data["file dialogs are modal to Krita"] = modal[:2]


def choose_file(h, artist, name, file, modal):
    def found():
        return [
            dialog for dialog in artist.docker.findChildren(QtWidgets.QFileDialog, name) if dialog.isVisible()
        ]

    yield h.wait(found, 10, f"the {name}")
    (dialog,) = found()
    modal.append(dialog.windowModality() == QtCore.Qt.WindowModality.ApplicationModal)
    dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit").setText(str(file))
    yield 0.3
    dialog.accept()
    yield h.wait(lambda: not found(), 10, f"the {name} to close")


def update(h, artist):
    notice = artist.control("updateNotice", QtWidgets.QLabel)
    yield h.wait(lambda: "99.1" in notice.text(), 60, "the notice of an update")
    h.data["update"] = notice.text()
    artist.control("updateCheck", QtWidgets.QAbstractButton).click()
    yield 0.2
    h.data["update after switching it off"] = notice.isVisible()


def texts(artist):
    return [label.text() for label in artist.docker.findChildren(QtWidgets.QLabel) if label.isVisible()]


def press_visible(artist, words):
    buttons = artist.docker.findChildren(QtWidgets.QAbstractButton)
    next(button for button in buttons if button.isVisible() and button.text() == words).click()
