"""The section "Files and help": nothing is copied before it was seen."""

from __future__ import annotations

from qt_test import find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets


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
