"""The section "Files and help": nothing is copied before it was seen, nothing reset before it was asked."""

from __future__ import annotations

import json

import pytest
from qt_test import LEFT, Key, QTest, find, read

from krita_AIhorde import settings as s
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.sharing import FILE_NAME, imported_text


def opened(studio, make_docker):
    studio.settings.set(s.SECTION_FILES_OPEN, True)
    return make_docker(studio)


def test_diagnostics_are_shown_before_they_are_copied(studio, make_docker, app):
    docker = opened(studio, make_docker)
    clipboard = QtWidgets.QApplication.clipboard()
    clipboard.setText("mine")
    find(docker, "collectDiagnosticsButton").click()
    shown = find(docker, "diagnostics", QtWidgets.QDialog)
    text = find(shown, "diagnosticsText", QtWidgets.QPlainTextEdit)
    assert shown.isVisible()
    assert not shown.isModal()
    assert "Krita 5.1.5" in text.toPlainText()
    assert text.isReadOnly()
    assert clipboard.text() == "mine"
    find(shown, "copyDiagnosticsButton").click()
    assert clipboard.text() == text.toPlainText()


def test_diagnostics_that_were_closed_can_be_collected_again(studio, make_docker, app):
    docker = opened(studio, make_docker)
    for _ in range(2):
        find(docker, "collectDiagnosticsButton").click()
        shown = find(docker, "diagnostics", QtWidgets.QDialog)
        assert shown.isVisible()
        shown.reject()
        app.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
        assert docker.findChild(QtWidgets.QDialog, "diagnostics") is None


def test_a_released_docker_takes_its_diagnostics_along(studio, make_docker, app):
    docker = opened(studio, make_docker)
    find(docker, "collectDiagnosticsButton").click()
    docker.release()
    app.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    assert docker.findChild(QtWidgets.QDialog, "diagnostics") is None


def test_the_folder_is_opened_or_the_nearest_that_there_is(studio, make_docker, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: seen.append(url.toLocalFile()))
    folder = tmp_path / "data" / "results"
    studio.results_folder = lambda: str(folder)
    docker = opened(studio, make_docker)
    find(docker, "openResultsButton").click()
    folder.mkdir(parents=True)
    find(docker, "openResultsButton").click()
    assert seen == [str(tmp_path), str(folder)]


def test_the_log_s_level_is_the_setting_s_own_word(studio, make_docker):
    docker = opened(studio, make_docker)
    box = find(docker, "logLevel", QtWidgets.QComboBox)
    assert box.currentData() == "info"
    box.setCurrentIndex(box.findData("debug"))
    assert studio.settings.get(s.LOG_LEVEL) == "debug"


# Reset.


def test_a_reset_asks_in_the_docker_and_only_then_resets(studio, make_docker, app):
    docker = opened(studio, make_docker)
    studio.settings.set(s.STEPS, 31)
    studio.settings.set(s.PROMPT, "a fox")
    studio.settings.set(s.API_KEY, "secret")
    question = find(docker, "resetQuestion")
    assert not question.isVisible()
    find(docker, "resetSettingsButton").click()
    assert question.isVisible()
    assert app.activeModalWidget() is None
    assert studio.settings.get(s.STEPS) == 31
    assert app.focusWidget() is find(docker, "resetKeepButton")
    find(docker, "resetConfirmButton").click()
    assert not question.isVisible()
    assert (studio.settings.get(s.STEPS), studio.settings.get(s.PROMPT)) == (20, "")
    assert find(docker, "steps").value() == 20
    assert studio.settings.get(s.API_KEY) == "secret"
    assert find(docker, "filesMessage").isVisible()


@pytest.mark.parametrize("key", [Key.Key_Space, None])
def test_keep_keeps_everything(studio, make_docker, app, key):
    docker = opened(studio, make_docker)
    studio.settings.set(s.STEPS, 31)
    find(docker, "resetSettingsButton").click()
    if key is None:
        QTest.mouseClick(find(docker, "resetKeepButton"), LEFT)
    else:
        QTest.keyClick(app.focusWidget(), key)
    assert not find(docker, "resetQuestion").isVisible()
    assert studio.settings.get(s.STEPS) == 31


def test_what_is_half_typed_does_not_come_after_a_reset(studio, make_docker):
    docker = opened(studio, make_docker)
    spin = find(docker, "maxSize").findChild(QtWidgets.QSpinBox)
    spin.selectAll()
    QTest.keyClicks(spin, "7")
    find(docker, "resetSettingsButton").click()
    find(docker, "resetConfirmButton").click()
    assert spin.value() == studio.settings.get(s.MAX_SIZE) == s.MAX_SIZE.default
    find(docker, "prompt").setFocus()
    find(docker, "generateButton").click()
    assert studio.settings.get(s.MAX_SIZE) == s.MAX_SIZE.default


# Export and import.


@pytest.fixture
def no_dialogs_of_the_desktop(app):
    attribute = QtCore.Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    app.setAttribute(attribute, True)
    yield
    app.setAttribute(attribute, False)


def asked_for_a_file(docker, button, dialog):
    find(docker, button).click()
    shown = find(docker, dialog, QtWidgets.QFileDialog)
    assert shown.isVisible()
    return shown


@pytest.mark.usefixtures("no_dialogs_of_the_desktop")
def test_settings_are_exported_without_holding_anything_up_and_without_the_key(
    studio, make_docker, app, tmp_path
):
    docker = opened(studio, make_docker)
    studio.settings.set(s.STEPS, 31)
    studio.settings.set(s.API_KEY, "secret")
    dialog = asked_for_a_file(docker, "exportSettingsButton", "exportDialog")
    assert dialog.acceptMode() == dialog.AcceptMode.AcceptSave
    assert [name.rsplit("/")[-1] for name in dialog.selectedFiles()] == [FILE_NAME]
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("mine")
    dialog.accept()
    text = (tmp_path / "mine.json").read_text("utf-8")
    assert json.loads(text)["values"]["steps"] == 31
    assert "secret" not in text
    assert find(docker, "filesMessage").text() == "Written to “mine.json”. The API key is not in it."
    app.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
    assert docker.findChild(QtWidgets.QFileDialog) is None


@pytest.mark.usefixtures("no_dialogs_of_the_desktop")
def test_settings_are_imported_and_what_became_of_them_is_said(studio, make_docker, app, tmp_path):
    docker = opened(studio, make_docker)
    values = {"steps": 31, "prompt": "a fox", "min_size": 2048, "api_key": "theirs", "sampler": 7, "new": 1}
    (tmp_path / "theirs.json").write_text(json.dumps({"version": 2, "values": values}), "utf-8")
    dialog = asked_for_a_file(docker, "importSettingsButton", "importDialog")
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("theirs.json")
    dialog.accept()
    assert (find(docker, "steps").value(), find(docker, "prompt").toPlainText()) == (31, "a fox")
    assert find(docker, "maxSize").value() == studio.settings.get(s.MAX_SIZE) == 2048  # they never cross
    assert studio.settings.get(s.API_KEY) == ""
    assert read(find(docker, "filesMessage", QtWidgets.QLabel)) == (
        "3 settings were taken. Left as they were: API key, Sampler. 1 is of another version."
    )


def test_a_file_that_cannot_be_used_changes_nothing(studio, make_docker, tmp_path):
    docker = opened(studio, make_docker)
    said = find(docker, "filesMessage", QtWidgets.QLabel)
    sharing = docker.findChild(QtCore.QObject, "sharing")
    before = dict(studio.settings)
    for content in (b"no JSON", b"\xff\xfe\x00", b"[]", b""):
        (tmp_path / "bad").write_bytes(content)
        sharing._import(str(tmp_path / "bad"))
        assert said.text() == "This is no file of settings. Nothing was changed."
    sharing._import(str(tmp_path / "nowhere"))
    assert said.text() == "The settings could not be read: No such file or directory."
    sharing._export(str(tmp_path / "no" / "folder"))
    assert said.text() == "The settings could not be written: No such file or directory."
    assert dict(studio.settings) == before


@pytest.mark.parametrize(
    ("imported", "text"),
    [
        (s.Imported(), "Nothing in this file could be used."),
        (s.Imported(taken=("steps",)), "1 setting was taken."),
        (s.Imported(taken=("steps",), unknown=("a", "b")), "1 setting was taken. 2 are of another version."),
        (s.Imported(ignored=("steps",)), "Nothing in this file could be used. Left as they were: Steps."),
    ],
)
def test_an_import_in_a_sentence(imported, text):
    assert imported_text(imported) == text


# Updates.


def test_a_newer_version_is_told_in_a_line_with_a_link(studio, docker, app):
    notice = find(docker, "updateNotice", QtWidgets.QLabel)
    assert not notice.isVisible()
    studio.set_update(Update("0.2.0", "https://example.org/?a=1&b=2"))
    assert notice.isVisible()
    assert "Version 0.2.0" in notice.text()
    assert 'href="https://example.org/?a=1&amp;b=2"' in notice.text()
    studio.settings.set(s.UPDATE_CHECK, False)
    assert not notice.isVisible()
    studio.settings.set(s.UPDATE_CHECK, True)
    assert notice.isVisible()
    studio.set_update(None)
    assert not notice.isVisible()


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd"])
def test_only_web_pages_are_linked_to(studio, docker, url):
    studio.set_update(Update("<b>2</b>", url))
    text = find(docker, "updateNotice", QtWidgets.QLabel).text()
    assert "href" not in text
    assert "<b>" not in text
