"""Each document has its own values: switching between them mixes nothing up."""

from __future__ import annotations

import pytest
from qt_test import LEFT, Key, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets


@pytest.fixture
def docker(studio, make_docker):
    studio.settings.use_document("castle")
    studio.settings.set(s.PROMPT, "a castle above the clouds")
    studio.settings.set(s.SEED, "1234567")
    studio.settings.use_document("fox")
    studio.settings.set(s.PROMPT, "a fox")
    studio.settings.set(s.SEED, "4711")
    studio.settings.use_document("castle")
    return make_docker(studio)


def value_in(studio, document, setting):
    """Another listener than the docker's would have to see the same, so look at what is kept."""
    return studio.settings._content.documents[document].get(setting.name, setting.default)


def half_type(docker, name, keys):
    spin = find(docker, name).findChild(QtWidgets.QAbstractSpinBox)
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, keys)
    return spin


def test_what_is_half_typed_belongs_to_the_document_where_it_was_typed(studio, docker):
    spin = half_type(docker, "maxSize", "768")
    assert value_in(studio, "castle", s.MAX_SIZE) == 1024
    studio.settings.use_document("fox")
    assert value_in(studio, "castle", s.MAX_SIZE) == 768
    assert value_in(studio, "fox", s.MAX_SIZE) == spin.value() == 1024
    find(docker, "prompt").setFocus()
    find(docker, "generateButton").click()
    assert value_in(studio, "fox", s.MAX_SIZE) == 1024
    studio.settings.use_document("castle")
    assert spin.value() == 768


def test_both_dockers_keep_what_is_half_typed_in_one(studio, docker, make_docker):
    other = make_docker(studio)
    half_type(other, "minSize", "64")
    studio.settings.use_document("fox")
    studio.settings.use_document("castle")
    assert find(docker, "minSize").value() == find(other, "minSize").value() == 64
    assert value_in(studio, "fox", s.MIN_SIZE) == 512


def test_half_a_key_is_no_document_s(studio, docker):
    studio.settings.set(s.SECTION_ACCOUNT_OPEN, True)
    key = find(docker, "apiKey", QtWidgets.QLineEdit)
    QTest.keyClicks(key, "secr")
    studio.settings.use_document("fox")
    assert studio.settings.get(s.API_KEY) == ""
    assert key.text() == "secr"


def test_half_a_search_for_a_model_chooses_nothing(studio, docker):
    studio.set_models(("Deliberate", 12), ("Dreamshaper", 6))
    box = find(docker, "model", QtWidgets.QComboBox)
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "drea")
    studio.settings.use_document("fox")
    assert value_in(studio, "castle", s.MODEL) == value_in(studio, "fox", s.MODEL) == ""


@pytest.mark.parametrize("name", ["prompt", "seed"])
def test_the_text_cursor_stays(studio, docker, name):
    field = find(docker, name)

    def at():
        plain = isinstance(field, QtWidgets.QPlainTextEdit)
        return field.textCursor().position() if plain else field.cursorPosition()

    if name == "prompt":
        cursor = field.textCursor()
        cursor.setPosition(3)
        field.setTextCursor(cursor)
    else:
        field.setCursorPosition(3)
    for document in ("fox", "castle", "fox"):
        studio.settings.use_document(document)
        assert at() == 3
    studio.settings.use_document("")  # the same values as the last used
    assert at() == 3


def test_the_text_cursor_goes_no_further_than_the_text(studio, docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.moveCursor(field.textCursor().MoveOperation.End)
    studio.settings.use_document("fox")
    assert field.textCursor().position() == len("a fox")


def test_what_is_typed_goes_to_the_document_that_is_shown(studio, docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.moveCursor(field.textCursor().MoveOperation.End)
    QTest.keyClicks(field, "!")
    studio.settings.use_document("fox")
    QTest.keyClicks(field, "?")
    assert value_in(studio, "castle", s.PROMPT) == "a castle above the clouds!"
    assert value_in(studio, "fox", s.PROMPT) == "a fox?"


def test_an_undo_brings_no_other_document_s_prompt_even_of_the_same_words(studio, docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    studio.settings.set(s.PROMPT, "a secret")
    studio.settings.set(s.PROMPT, "a fox")
    studio.settings.use_document("fox")
    field.undo()
    assert value_in(studio, "fox", s.PROMPT) == field.toPlainText() == "a fox"
    studio.settings.set(s.PROMPT, "a fox in snow")
    field.undo()
    assert value_in(studio, "fox", s.PROMPT) == field.toPlainText() == "a fox"


def test_an_undo_brings_no_other_document_s_prompt(studio, docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    QTest.keyClicks(field, "x")
    studio.settings.use_document("fox")
    field.undo()
    assert value_in(studio, "fox", s.PROMPT) == field.toPlainText() == "a fox"


class InputMethod:
    """Types what it has put together when it is told to end."""

    def __init__(self, field):
        self.field = field

    def commit(self):
        event = QtGui.QInputMethodEvent()
        event.setCommitString("猫")
        QtWidgets.QApplication.sendEvent(self.field, event)


@pytest.mark.parametrize("then", ["another document", "a click"])
def test_a_word_that_is_still_put_together_counts_where_it_was_typed(studio, docker, monkeypatch, then):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    monkeypatch.setattr(QtGui.QGuiApplication, "inputMethod", lambda: InputMethod(field))
    field.setFocus()
    field.moveCursor(field.textCursor().MoveOperation.End)
    composing = QtGui.QInputMethodEvent("ねこ", [])
    QtWidgets.QApplication.sendEvent(field, composing)
    assert studio.settings.get(s.PROMPT) == "a castle above the clouds"
    if then == "a click":
        QTest.mouseClick(find(docker, "generateButton"), LEFT)
    else:
        studio.settings.use_document("fox")
        assert value_in(studio, "fox", s.PROMPT) == field.toPlainText() == "a fox"
    assert value_in(studio, "castle", s.PROMPT) == "a castle above the clouds猫"


def test_the_input_method_of_others_is_left_alone(studio, docker, app, monkeypatch):
    elsewhere = QtWidgets.QLineEdit()
    elsewhere.show()
    elsewhere.activateWindow()
    elsewhere.setFocus()
    app.processEvents()
    monkeypatch.setattr(QtGui.QGuiApplication, "inputMethod", lambda: InputMethod(elsewhere))
    studio.settings.use_document("fox")
    assert elsewhere.text() == ""


def test_controls_that_need_others_follow_the_document(studio, docker):
    studio.settings.set(s.HIRES_FIX, True)
    assert find(docker, "hiresFixStrength").isEnabled()
    studio.settings.use_document("fox")
    assert not find(docker, "hiresFixStrength").isEnabled()
    studio.settings.use_document("castle")
    assert find(docker, "hiresFixStrength").isEnabled()


def test_a_number_that_is_being_typed_is_replaced_as_a_whole(studio, docker):
    spin = half_type(docker, "steps", "3")
    studio.settings.use_document("fox")
    assert spin.text() == "20"
    QTest.keyClick(spin, Key.Key_Return)
    assert value_in(studio, "fox", s.STEPS) == 20
    assert value_in(studio, "castle", s.STEPS) == 3


def test_a_released_docker_is_asked_no_more(studio, docker):
    half_type(docker, "maxSize", "768")
    docker.release()
    studio.settings.use_document("fox")
    assert value_in(studio, "castle", s.MAX_SIZE) == 1024


def test_right_to_left_and_wide_characters_are_kept(studio, docker, app):
    docker.setLayoutDirection(QtCore.Qt.LayoutDirection.RightToLeft)
    for text in ("قلعة فوق الغيوم", "雲の上の城、夕暮れ", "🏰👩🏽‍🎨 é"):
        find(docker, "prompt", QtWidgets.QPlainTextEdit).setPlainText(text)
        assert value_in(studio, "castle", s.PROMPT) == text
        studio.settings.use_document("fox")
        studio.settings.use_document("castle")
        assert find(docker, "prompt").toPlainText() == text
