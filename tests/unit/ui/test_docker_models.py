"""The list of models lives while the artist searches it."""

from __future__ import annotations

import pytest
from fake_studio import FakeStudio
from qt_test import LEFT, Key, QTest, find

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtWidgets

MODELS = (("Deliberate", 12), ("stable_diffusion", 9), ("Dreamshaper", 6), ("Dreamlike Photoreal", 2))


@pytest.fixture
def studio(app) -> FakeStudio:
    studio = FakeStudio()
    studio.set_models(*MODELS)
    return studio


@pytest.fixture
def box(docker) -> QtWidgets.QComboBox:
    return find(docker, "model", QtWidgets.QComboBox)


def labels(box):
    return [box.itemText(i) for i in range(box.count())]


def found(box):
    completions = box.completer().completionModel()
    return [completions.index(i, 0).data() for i in range(completions.rowCount())]


def test_models_are_listed_with_their_workers_below_any_model(box):
    assert labels(box) == [
        "Any model", "Deliberate (12)", "stable_diffusion (9)", "Dreamshaper (6)", "Dreamlike Photoreal (2)",
    ]  # fmt: skip
    assert box.currentText() == "Any model"
    assert box.currentData() == ""


def test_typing_searches_anywhere_in_the_name(box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "DREAM")
    assert found(box) == ["Dreamshaper (6)", "Dreamlike Photoreal (2)"]
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "photo")
    assert found(box) == ["Dreamlike Photoreal (2)"]


def test_what_is_found_is_shown_with_its_whole_name(studio, box):
    name = "ICBINP - I Can't Believe It's Not Photography, at last"
    studio.set_models((name, 3), *MODELS)
    popup = box.completer().popup()
    assert popup.minimumWidth() > popup.fontMetrics().horizontalAdvance(f"{name} (3)") > box.width()


def test_return_chooses_the_first_that_is_found(studio, box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "dream")
    box.completer().popup().hide()
    QTest.keyClick(box, Key.Key_Return)
    assert studio.settings.get(s.MODEL) == "Dreamshaper"
    assert box.currentText() == "Dreamshaper (6)"


def test_a_click_on_what_is_found_chooses_it_even_if_the_list_changes_meanwhile(studio, box, app):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "photo")
    popup = box.completer().popup()
    studio.set_models(("Brand New", 40), *MODELS)
    row = popup.model().index(0, 0)
    QTest.mouseClick(popup.viewport(), LEFT, pos=popup.visualRect(row).center())
    app.processEvents()
    assert studio.settings.get(s.MODEL) == "Dreamlike Photoreal"
    assert labels(box)[1] == "Brand New (40)"
    assert box.currentData() == "Dreamlike Photoreal"


@pytest.mark.parametrize("typed", ["no such model", "dre", ""])
def test_what_is_no_model_is_not_taken(studio, docker, box, typed):
    studio.settings.set(s.MODEL, "Deliberate")
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClick(box, Key.Key_Backspace)
    QTest.keyClicks(box, typed)
    box.completer().popup().hide()
    find(docker, "prompt").setFocus()
    assert box.currentText() == "Deliberate (12)"
    assert studio.settings.get(s.MODEL) == "Deliberate"


def test_a_refresh_keeps_the_choice(studio, box):
    studio.settings.set(s.MODEL, "Dreamshaper")
    studio.set_models(("Dreamshaper", 20), ("Deliberate", 12))
    assert box.currentData() == "Dreamshaper"
    assert box.currentText() == "Dreamshaper (20)"


def test_a_model_that_vanished_stays_chosen_and_comes_back(studio, box):
    studio.settings.set(s.MODEL, "Dreamshaper")
    studio.set_models(("Deliberate", 12))
    assert box.currentText() == "Dreamshaper (not available now)"
    assert box.currentData() == studio.settings.get(s.MODEL) == "Dreamshaper"
    studio.set_models(*MODELS)
    assert box.currentText() == "Dreamshaper (6)"
    assert "Dreamshaper (not available now)" not in labels(box)


def test_before_the_list_is_known_the_chosen_model_is_not_called_absent(make_docker, app):
    studio = FakeStudio()
    studio.settings.set(s.MODEL, "Dreamshaper")
    box = find(make_docker(studio), "model", QtWidgets.QComboBox)
    assert box.currentText() == "Dreamshaper"
    assert box.currentData() == "Dreamshaper"


def test_a_refresh_does_not_disturb_typing(studio, box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "zzz")
    box.lineEdit().setCursorPosition(1)
    studio.set_models(("Deliberate", 13), ("zzz top", 1))
    assert box.currentText() == "zzz"
    assert box.lineEdit().cursorPosition() == 1
    assert labels(box)[1] == "Deliberate (13)"


def test_a_refresh_waits_until_the_open_list_is_closed(studio, box, app):
    box.showPopup()
    app.processEvents()
    box.view().setCurrentIndex(box.model().index(3, 0))
    studio.set_models(("Brand New", 40), *MODELS)
    assert box.view().isVisible()
    assert box.view().currentIndex().data() == "Dreamshaper (6)"
    box.hidePopup()
    app.processEvents()
    assert labels(box)[1] == "Brand New (40)"


def test_a_click_into_the_field_lets_the_next_letters_replace_it(box):
    QTest.mouseClick(box.lineEdit(), LEFT)
    QTest.keyClicks(box, "deli")
    assert box.currentText() == "deli"


def test_the_same_list_again_changes_nothing(studio, box):
    studio.settings.set(s.MODEL, "Deliberate")
    resets: list[int] = []
    box.model().rowsRemoved.connect(lambda *_: resets.append(1))
    box.model().modelReset.connect(lambda: resets.append(1))
    studio.set_models(*MODELS)
    assert resets == []


def test_why_there_is_no_list_is_said_and_it_can_be_loaded_again(studio, docker):
    problem = find(docker, "modelsProblem", QtWidgets.QLabel)
    assert not problem.isVisible()
    studio.set_models(problem="AI Horde cannot be reached. Check your internet connection.")
    assert problem.isVisible()
    assert "cannot be reached" in problem.text()
    find(docker, "refreshModelsButton").click()
    assert ("refresh_models",) in studio.asked
