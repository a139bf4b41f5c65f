"""The weight of words: what a step does to a prompt, and what it never does."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from qt_test import Key, Modifier, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtGui, QtWidgets
from krita_AIhorde.ui.editing import characters, qt_units
from krita_AIhorde.ui.weights import reweighed


def marked(text):
    """``text`` without its marks, and where they were: "a [red] house" selects, "a r|ed" is a cursor."""
    if "|" in text:
        return text.replace("|", ""), text.index("|"), text.index("|")
    plain = text.replace("[", "", 1).replace("]", "", 1)
    return plain, text.index("["), text.index("]") - 1


def step(text, *, up=True):
    """One step on a marked text; the result with its marks, or None."""
    plain, start, end = marked(text)
    change = reweighed(plain, start, end, up=up)
    if change is None:
        return None
    after = change.applied(plain)
    if change.start == change.end:
        return f"{after[: change.start]}|{after[change.start :]}"
    return f"{after[: change.start]}[{after[change.start : change.end]}]{after[change.end :]}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a r|ed house", "a (r|ed:1.1) house"),
        ("a |red house", "a (|red:1.1) house"),
        ("a red| house", "a (red|:1.1) house"),
        ("a [red house]", "a ([red house]:1.1)"),
        ("a [ red, ]house", "a  ([red]:1.1), house"),
        ("a (r|ed:1.1) house", "a (r|ed:1.2) house"),
        ("a (red:1.|1) house", "a (red:1.2|) house"),
        ("a (red:1.1)| house", "a (red:1.2)| house"),
        ("|(red:1.1)", "|(red:1.2)"),
        ("([(red:1.1)]:1.2)", "([(red:1.1)]:1.3)"),
        ("a ([red]:1.1) house", "a ([red]:1.2) house"),
        ("a [(red:1.1)] house", "a ([red]:1.2) house"),
        ("a (red[:1.1]) house", "a ([red]:1.2) house"),
        ("a (r|ed:0.9) house", "a r|ed house"),
        ("a ([red]:0.9) house", "a [red] house"),
        ("a (big r|ed:0.9) house", "a [big red] house"),  # else the next step would weigh "red" alone
        ("a (red:|0.9) house", "a red| house"),
        ("(a (r|ed:1.1):1.2)", "(a (r|ed:1.2):1.2)"),
        ("(a| (red:1.1):1.2)", "(a| (red:1.1):1.3)"),
        ("(a [red]:1.2)", "(a ([red]:1.1):1.2)"),
        ("((re|d)) house", "(((re|d:1.1))) house"),  # brackets without a number are left alone
        (r"a \(re|d\) house", r"a (\(re|d\):1.1) house"),
        (r"a smile \(a[bc\)]", r"a smile \(a([bc\)]:1.1)"),
        ("a (b:1.2) [c (d:1.1]) e", "a (b:1.2) ([c (d:1.1)]:1.1) e"),
        ("(a [b:1.2) c]", "([(a b:1.2) c]:1.1)"),
        ("a re|d, (open", "a (re|d:1.1), (open"),
        ("a [red (open]", None),
        ("a [)]", None),
        ("|", None),
        ("a  |  b", None),
        (" ,| ", None),
        ("[ , ]", None),
        ("(re|d:2.0)", None),
        ("(re|d:1.95)", None),
        ("(re|d:1.25)", "(re|d:1.35)"),
        ("(re|d:1)", "(re|d:1.1)"),
        ("(re|d: 1.1 )", "(re|d: 1.2 )"),
        ("(re|d:.8)", "(re|d:0.9)"),
        ("(:1.|1)", "(:(1.|1:1.1))"),  # nothing is weighed there
        ("((r|ed:0.9):1.2)", "((r|ed:1.0):1.2)"),  # without its brackets, the next step would meet the others
        ("((r|ed:1.0):1.2)", "((r|ed:1.1):1.2)"),
        ("([(red:1.1)]:0.9)", "([(red:1.1)]:1.0)"),
        ("(a (r|ed:0.9):1.2)", "(a [red]:1.2)"),
        ("house|.", "(house|:1.1)."),
        ("house.|", "(house|:1.1)."),
        ("“ho|use”", "(“ho|use”:1.1)"),
        ("美しい|猫、海", "(美しい|猫:1.1)、海"),
        ("🦊 fo|x", "🦊 (fo|x:1.1)"),
        ("بيت أح|مر", "بيت (أح|مر:1.1)"),
        ("16:|9", "(16:|9:1.1)"),
        (r"back\[slash]", r"back([\slash]:1.1)"),
        ("one\ntw|o\nthree", "one\n(tw|o:1.1)\nthree"),
    ],
)
def test_a_step_up(before, after):
    assert step(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a r|ed house", "a (r|ed:0.9) house"),
        ("a (r|ed:1.1) house", "a r|ed house"),
        ("a (r|ed:1.2) house", "a (r|ed:1.1) house"),
        ("a ([red house]:1.1)", "a [red house]"),
        ("(re|d:0.1)", None),
        ("(re|d:1.05)", "(re|d:0.95)"),
        ("(re|d:3)", "(re|d:2.9)"),
        (r"(a\:1.1|)(b)", None),  # the backslash would take the next bracket
    ],
)
def test_a_step_down(before, after):
    assert step(before, up=False) == after


def test_many_steps_in_a_row():
    text, seen = "a r|ed house", []
    while text is not None:
        seen.append(text)
        text = step(text)
    assert seen[:3] == ["a r|ed house", "a (r|ed:1.1) house", "a (r|ed:1.2) house"]
    assert seen[-1] == "a (r|ed:2.0) house"
    down = [seen[-1]]
    while (text := step(down[-1], up=False)) is not None:
        down.append(text)
    assert down[10:12] == ["a r|ed house", "a (r|ed:0.9) house"]
    assert down[-1] == "a (r|ed:0.1) house"


# Whatever the prompt.

WORDS = st.sampled_from(["red", "house", r"\(x\)", "16:9", "猫", "🦊", "it's", "e.g.", "a_b", r"back\slash"])
WEIGHTS = st.sampled_from([f"{tenths / 10}" for tenths in range(1, 21) if tenths != 10])
BETWEEN = st.sampled_from([" ", ", ", ",", "\n", "  ", "、"])


def joined(parts):
    return parts.flatmap(
        lambda found: st.lists(BETWEEN, min_size=len(found), max_size=len(found)).map(
            lambda gaps: "".join(part + gap for part, gap in zip(found, gaps, strict=True)).rstrip(" ,、\n")
        )
    )


PROMPTS = st.recursive(
    joined(st.lists(WORDS, min_size=1, max_size=3)),
    lambda inner: st.one_of(
        joined(st.lists(inner, min_size=1, max_size=3)),
        st.builds("({}:{})".format, inner, WEIGHTS),
        st.builds("({}, )".format, inner),
    ),
    max_leaves=6,
)
ANY_TEXT = st.text(st.sampled_from("ab (),:.1290\\猫🦊\n-+"), max_size=30)


@st.composite
def places(draw, texts):
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)) | st.just(start))


def is_balanced(text):
    depth = 0
    for bracket in re.sub(r"\\[()]", "", text):
        depth += {"(": 1, ")": -1}.get(bracket, 0)
        if depth < 0:
            return False
    return depth == 0


@given(places(PROMPTS), st.booleans())
@example(("(red house:0.9)", 2, 2), True)
@example(("(red house:1.1)", 2, 2), False)
@example(("((red:0.9):1.2)", 3, 3), True)
@example(("((red:1.1):1.2)", 2, 5), False)
@example(("((red:1.1):1.1)", 1, 10), False)
@example(("((red:1.0):1.2)", 3, 3), True)
@example(("((red, ):0.8)", 1, 2), False)
def test_a_step_and_its_opposite_restore_the_text(place, up):
    text, start, end = place
    there = reweighed(text, start, end, up=up)
    assume(there is not None)
    between = there.applied(text)
    assert between != text
    back = reweighed(between, there.start, there.end, up=not up)
    assert back is not None
    assert back.applied(between) == text


@given(places(PROMPTS | ANY_TEXT), st.booleans())
def test_brackets_stay_in_pairs_and_nothing_else_changes(place, up):
    text, start, end = place
    change = reweighed(text, start, end, up=up)
    assume(change is not None)
    after = change.applied(text)
    if is_balanced(text):
        assert is_balanced(after)
    first, last = change.replacements[0], change.replacements[-1]
    assert after.startswith(text[: first.start])
    assert after.endswith(text[last.end :])
    if len(change.replacements) == 2:  # brackets came or went: what is in them stays
        assert after[change.start : change.end] in text
        assert text[first.end : last.start] in after
    assert 0 <= change.start <= change.end <= len(after)


@given(places(ANY_TEXT), st.booleans())
def test_a_step_changes_no_more_than_brackets_and_a_number(place, up):
    text, start, end = place
    change = reweighed(text, start, end, up=up)
    assume(change is not None)
    for edit in change.replacements:
        assert re.fullmatch(r"\(|:[\d.]+\)|[-\d.]*", edit.text)
        assert re.fullmatch(r"\(|:\s*[-+\d.]+\s*\)|[-+\d.]*", text[edit.start : edit.end])


# In the docker.


@given(st.text(max_size=12), st.data())
def test_positions_are_qt_s_and_back(text, data):
    at = data.draw(st.integers(0, len(text)))
    assert characters(text, qt_units(text, at)) == at


def weigh(field, key, times=1):
    for _ in range(times):
        QTest.keyClick(field, key, Modifier.ControlModifier)


def put_cursor(field, at, until=None):
    cursor = field.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at if until is None else until, cursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)


@pytest.mark.parametrize(("name", "setting"), [("prompt", s.PROMPT), ("negativePrompt", s.NEGATIVE_PROMPT)])
def test_keys_weigh_the_word_at_the_cursor_in_both_prompts(studio, docker, name, setting):
    field = find(docker, name, QtWidgets.QPlainTextEdit)
    field.setPlainText("a 🦊 fox\nin snow")
    put_cursor(field, len("a 🦊 fox".encode("utf-16-le")) // 2)
    weigh(field, Key.Key_Up, 2)
    assert studio.settings.get(setting) == "a 🦊 (fox:1.2)\nin snow"
    weigh(field, Key.Key_Down, 3)
    assert studio.settings.get(setting) == "a 🦊 (fox:0.9)\nin snow"
    QTest.keyClicks(field, "es")  # the cursor is still where it was
    assert studio.settings.get(setting) == "a 🦊 (foxes:0.9)\nin snow"


def test_a_selection_stays_selected(docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.setPlainText("a red house")
    put_cursor(field, 2, 11)
    weigh(field, Key.Key_Up)
    assert field.toPlainText() == "a (red house:1.1)"
    assert field.textCursor().selectedText() == "red house"


def test_one_undo_takes_back_one_step(docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.setFocus()
    QTest.keyClicks(field, "a fox")
    weigh(field, Key.Key_Up, 2)
    seen = []
    for _ in range(3):
        seen.append(field.toPlainText())
        field.undo()
    assert seen == ["a (fox:1.2)", "a (fox:1.1)", "a fox"]
    for _ in range(3):
        field.redo()
    assert field.toPlainText() == "a (fox:1.2)"


def test_other_keys_do_not_weigh(docker):
    field = find(docker, "prompt", QtWidgets.QPlainTextEdit)
    field.setPlainText("a fox\nin snow")
    put_cursor(field, 3)
    for modifiers in (Modifier.NoModifier, Modifier.ControlModifier | Modifier.ShiftModifier):
        QTest.keyClick(field, Key.Key_Up, modifiers)
        QTest.keyClick(field, Key.Key_Down, modifiers)
    assert field.toPlainText() == "a fox\nin snow"


@pytest.mark.parametrize("key", [Key.Key_Up, Key.Key_Down])
def test_the_keys_are_ours_while_the_prompt_has_the_keyboard(docker, app, key):
    event = QtGui.QKeyEvent(QtGui.QKeyEvent.Type.ShortcutOverride, key, Modifier.ControlModifier)
    event.ignore()
    app.sendEvent(find(docker, "prompt"), event)
    assert event.isAccepted()
