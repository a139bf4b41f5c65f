"""Numbers in languages that write them in other ways: shown as they are used to, kept as numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.sliders import Amount


@pytest.fixture
def speak(app: QtWidgets.QApplication) -> Iterator[Callable[[str], None]]:
    before = QtCore.QLocale()
    yield lambda language: QtCore.QLocale.setDefault(QtCore.QLocale(language))
    QtCore.QLocale.setDefault(before)


def type_in(spin: QtWidgets.QDoubleSpinBox, text: str) -> None:
    kind, plain = QtCore.QEvent.Type.KeyPress, QtCore.Qt.KeyboardModifier.NoModifier
    spin.selectAll()
    for letter in text:
        QtWidgets.QApplication.sendEvent(spin, QtGui.QKeyEvent(kind, ord(letter), plain, letter))
    spin.interpretText()


@pytest.mark.parametrize(
    ("language", "half", "whole"),
    [
        ("en_US", "7.5", "7"),
        ("de_DE", "7,5", "7"),
        ("de_CH", "7.5", "7"),
        ("fr_FR", "7,5", "7"),
        ("tr_TR", "7,5", "7"),
        ("ar_EG", "٧٫٥", "٧"),
        ("fa_IR", "۷٫۵", "۷"),
    ],
)
@pytest.mark.parametrize("typed", ["7.5", "7,5", "7٫5"])
def test_any_decimal_point_can_be_typed(
    speak: Callable[[str], None], language: str, half: str, whole: str, typed: str
) -> None:
    speak(language)
    amount = Amount(s.CFG_SCALE)
    spin = amount.findChild(QtWidgets.QDoubleSpinBox)
    type_in(spin, typed)
    assert (amount.value(), spin.text()) == (7.5, half)
    amount.setValue(7.0)
    assert spin.text() == whole


def test_two_points_are_no_number(speak: Callable[[str], None]) -> None:
    speak("de_DE")
    amount = Amount(s.CFG_SCALE)
    type_in(amount.findChild(QtWidgets.QDoubleSpinBox), "7.5.5")
    assert amount.value() == 7.55, "the second point is not taken"


def test_the_file_of_settings_has_points(speak: Callable[[str], None], tmp_path: Path) -> None:
    speak("de_DE")
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    settings.set(s.CFG_SCALE, 7.5)
    settings.write()
    assert json.loads((tmp_path / "settings.json").read_text("utf-8"))["values"]["cfg_scale"] == 7.5
    assert "7.5" in settings.exported()
