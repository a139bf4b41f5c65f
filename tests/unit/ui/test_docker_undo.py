"""What is written into the prompt by a press can be taken back like what is typed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_scenes import INFOS
from qt_test import LEFT, Key, Modifier, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.editing import change_text


def undo(field):
    QTest.keyClick(field, Key.Key_Z, Modifier.ControlModifier)


@pytest.fixture
def prompt(docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.setFocus()
    QTest.keyClicks(field, "a fox")
    return field


def test_an_undo_takes_back_just_the_trigger_word(studio, docker, prompt):
    studio.set_infos(*INFOS)
    studio.settings.set(s.MODEL, "Comic-Diffusion")
    find(docker, "modelInfoButton").click()
    trigger = docker.findChildren(QtWidgets.QPushButton, "modelTrigger")[0]
    QTest.mouseClick(trigger, LEFT)
    assert prompt.toPlainText() == f"a fox, {trigger.property('words')}"
    assert prompt.hasFocus(), "the next Ctrl+Z would be Krita's"
    QTest.keyClicks(prompt, "!")
    undo(prompt)
    undo(prompt)
    assert studio.settings.get(s.PROMPT) == prompt.toPlainText() == "a fox"
    assert trigger.isEnabled()
    undo(prompt)
    assert prompt.toPlainText() == ""
    for _ in range(2):
        prompt.redo()
    assert studio.settings.get(s.PROMPT) == f"a fox, {trigger.property('words')}"


def test_an_undo_brings_the_prompt_back_after_a_reset_and_an_import(studio, prompt):
    studio.settings.reset()
    assert prompt.toPlainText() == ""
    undo(prompt)
    assert studio.settings.get(s.PROMPT) == prompt.toPlainText() == "a fox"
    studio.settings.take_in(json.dumps({"version": 2, "values": {"prompt": "a castle"}}))
    assert prompt.toPlainText() == "a castle"
    undo(prompt)
    assert studio.settings.get(s.PROMPT) == prompt.toPlainText() == "a fox"


def test_a_new_docker_has_nothing_to_take_back(studio, make_docker):
    studio.settings.set(s.PROMPT, "a fox")
    prompt = find(make_docker(studio), "prompt", QtWidgets.QPlainTextEdit)
    undo(prompt)
    assert prompt.toPlainText() == "a fox"


def test_what_is_typed_in_one_docker_can_be_taken_back_in_the_other(studio, prompt, make_docker):
    there = find(make_docker(studio), "prompt", QtWidgets.QPlainTextEdit)
    QTest.keyClicks(prompt, "es")
    undo(there)
    assert prompt.toPlainText() == there.toPlainText() == "a foxe"


def test_the_cursor_stays_at_its_words(studio, prompt):
    cursor = prompt.textCursor()
    cursor.setPosition(2)
    prompt.setTextCursor(cursor)
    studio.settings.set(s.PROMPT, "a fox, fluffy")
    assert prompt.textCursor().position() == 2


TEXTS = st.text(st.sampled_from("ab \n🦊é猫"), max_size=12)


@given(TEXTS, TEXTS)
def test_any_text_comes_and_goes_in_one_step(app, before, after):
    edit = QtWidgets.QPlainTextEdit()
    edit.setPlainText(before)
    change_text(edit, after)
    assert edit.toPlainText() == after
    if before != after:
        edit.undo()
        assert edit.toPlainText() == before
