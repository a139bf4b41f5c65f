"""The model picker: favourites, marks, and what is known of the chosen one."""

from __future__ import annotations

import live_scenes
import pytest
from fake_studio import FakeStudio
from qt_test import LEFT, Key, QTest, find, read
from test_docker_models import found, labels

from krita_AIhorde import settings as s
from krita_AIhorde.horde.modelinfo import ModelInfo
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.models import ModelPicker


@pytest.fixture
def page(make_page, studio):
    return make_page(studio, unfold=False)


@pytest.fixture
def studio(app) -> FakeStudio:
    studio = live_scenes.known()
    studio.settings.set(s.MODEL, "")
    return studio


@pytest.fixture
def box(page):
    return find(page, "model", QtWidgets.QComboBox)


def button(page, name):
    return find(page, name, QtWidgets.QAbstractButton)


def words(page, name):
    label = find(page, name, QtWidgets.QLabel)
    return read(label) if label.isVisible() else ""


def triggers(page):
    return page.findChildren(QtWidgets.QPushButton, "modelTrigger")


def test_the_list_starts_with_any_model_favourites_and_those_used_lately(box):
    assert labels(box)[:8] == [
        "Any model", "", "Comic-Diffusion (2)", "Long gone (not available now)", "", "Dreamshaper (6)", "",
        "Deliberate (12)",
    ]  # fmt: skip
    assert not box.model().flags(box.model().index(1, 0)) & QtCore.Qt.ItemFlag.ItemIsSelectable


def test_an_entry_says_in_its_tooltip_what_to_expect(box):
    row = box.findData("Flux.1-Schnell fp8 (Compact)")
    told = box.itemData(row, QtCore.Qt.ItemDataRole.ToolTipRole)
    for part in ("Flux", "4 workers", "80 images waiting", "about 12 min", "legible text", "ignores masks"):
        assert part in told


def test_a_description_finds_a_model_after_those_with_such_a_name(box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "dream")
    assert found(box) == ["Dreamshaper (6)"]
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "fantasy")
    assert found(box) == ["Dreamshaper (6)", "Deliberate (12)"]
    QTest.keyClicks(box, " portraits")
    assert found(box) == ["Deliberate (12)"]
    for _ in " portraits":
        QTest.keyClick(box, Key.Key_Backspace)
    assert found(box) == ["Dreamshaper (6)", "Deliberate (12)"]


def test_a_click_on_what_a_description_found_chooses_it(studio, box, app):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "legible")
    popup = box.completer().popup()
    QTest.mouseClick(popup.viewport(), LEFT, pos=popup.visualRect(popup.model().index(0, 0)).center())
    app.processEvents()
    assert studio.settings.get(s.MODEL) == "Flux.1-Schnell fp8 (Compact)"
    assert box.currentText() == "Flux.1-Schnell fp8 (Compact) (4)"


def test_return_after_words_of_a_description_chooses_the_first(studio, box):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "photographs realistic")
    box.completer().popup().hide()
    QTest.keyClick(box, Key.Key_Return)
    assert studio.settings.get(s.MODEL) == "ICBINP - I Can't Believe It's Not Photography"


def test_arrows_through_what_was_found_choose_it(studio, box, app):
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "fantasy")
    popup = box.completer().popup()
    QTest.keyClick(popup, Key.Key_Down)
    QTest.keyClick(popup, Key.Key_Down)
    QTest.keyClick(popup, Key.Key_Return)
    app.processEvents()
    assert studio.settings.get(s.MODEL) == "Deliberate"


def test_both_lists_are_drawn_with_their_second_column(box, app):
    """A line's right half is painted only where there is a second column."""

    def painted(delegate, view, row):
        option = QtWidgets.QStyleOptionViewItem()
        option.initFrom(view)
        index = box.model().index(row, 0)
        option.rect = QtCore.QRect(0, 0, 600, delegate.sizeHint(option, index).height())
        picture = QtGui.QImage(option.rect.size(), QtGui.QImage.Format.Format_RGB32)
        picture.fill(0)
        painter = QtGui.QPainter(picture)
        delegate.paint(painter, option, index)
        painter.end()
        return len({picture.pixel(x, y) for x in range(400, 600) for y in range(picture.height())}) > 1

    for view in (box.view(), box.completer().popup()):
        assert painted(view.itemDelegate(), view, box.findData("Deliberate"))
        assert not painted(view.itemDelegate(), view, 0)


def test_the_star_makes_the_chosen_model_a_favourite_and_takes_it_back(studio, page, box):
    star = button(page, "favouriteModelButton")
    assert not star.isEnabled()
    studio.settings.set(s.MODEL, "Deliberate")
    assert star.isEnabled()
    star.click()
    assert studio.settings.get(s.FAVOURITE_MODELS) == ("Comic-Diffusion", "Long gone", "Deliberate")
    assert star.text() == "★"
    assert labels(box)[4] == "Deliberate (12)"
    assert box.currentData() == "Deliberate"
    star.click()
    assert studio.settings.get(s.FAVOURITE_MODELS) == ("Comic-Diffusion", "Long gone")
    assert star.text() == "☆"


def test_a_favourite_made_while_the_list_is_open_waits_until_it_is_closed(studio, box, app):
    box.showPopup()
    app.processEvents()
    before = labels(box)
    studio.settings.set(s.FAVOURITE_MODELS, ())
    assert labels(box) == before
    box.hidePopup()
    app.processEvents()
    assert "Long gone (not available now)" not in labels(box)


def test_the_panel_tells_what_is_known_of_the_chosen_model(studio, page):
    button(page, "modelInfoButton").click()
    assert words(page, "modelInfoName") == "Any model"
    studio.settings.set(s.MODEL, "Flux.1-Schnell fp8 (Compact)")
    assert words(page, "modelInfoName") == "Flux.1-Schnell fp8 (Compact)"
    assert words(page, "modelTraits") == "Flux · all-round · version 1"
    assert words(page, "modelDescription") == "Follows long prompts, writes legible text."
    assert words(page, "modelServed") == "4 workers · 80 images waiting · about 12 min"
    assert "3 to 8 steps" in words(page, "modelNeeds")
    assert "only the masked part is shown" in words(page, "modelInpainting")
    assert words(page, "modelHomepage") == ""
    studio.settings.set(s.MODEL, "Deliberate")
    assert 'href="https://civitai.com/models/4823/deliberate"' in words(page, "modelHomepage")
    assert "also NSFW" in words(page, "modelTraits")
    button(page, "modelInfoButton").click()
    assert not find(page, "modelInfo").isVisible()


def test_without_the_reference_there_is_the_name_alone(studio, page):
    studio.settings.set(s.MODEL, "Comic-Diffusion")
    studio.set_models(problem="AI Horde did not answer.")
    studio.set_infos()
    button(page, "modelInfoButton").click()
    shown = [
        label.text() for label in find(page, "modelInfo").findChildren(QtWidgets.QLabel) if label.isVisible()
    ]
    assert shown == ["Comic-Diffusion"]
    assert triggers(page) == []
    studio.set_infos(*live_scenes.INFOS)
    assert len(triggers(page)) == 6


def test_a_problem_with_the_list_says_that_it_is_tried_again(studio, page):
    studio.set_models(problem="AI Horde did not answer.")
    assert words(page, "modelsProblem") == "AI Horde did not answer. It is tried again by itself."


def test_a_trigger_word_is_added_once(studio, page):
    studio.settings.set(s.MODEL, "Comic-Diffusion")
    studio.settings.set(s.PROMPT, "a red fox")
    button(page, "modelInfoButton").click()
    first, second = triggers(page)[:2]
    second.click()
    assert studio.settings.get(s.PROMPT) == "a red fox, holliemengert artstyle"
    assert (first.isEnabled(), second.isEnabled()) == (True, False)
    studio.settings.set(s.PROMPT, "")
    assert second.isEnabled()


def test_what_volunteers_wrote_is_never_markup(studio, page):
    evil = '<b>bold</b> <img src="file:///x"> &amp;'
    studio.set_infos(
        ModelInfo("Deliberate", description=evil, homepage="javascript:alert(1)", triggers=(evil,))
    )
    studio.settings.set(s.MODEL, "Deliberate")
    button(page, "modelInfoButton").click()
    description = find(page, "modelDescription", QtWidgets.QLabel)
    assert description.text() == evil
    assert description.textFormat() == QtCore.Qt.TextFormat.PlainText
    assert words(page, "modelHomepage") == ""
    (trigger,) = triggers(page)
    assert "<b>" not in trigger.toolTip()
    assert "&&" in trigger.text() or "…" in trigger.text()
    trigger.click()
    assert studio.settings.get(s.PROMPT).endswith(evil)


def test_preferred_workers_and_a_model_do_not_go_together(studio, page):
    assert "whichever model they have" in words(page, "modelIgnored")
    studio.settings.set(s.WORKER_CHOICE, "block")
    assert words(page, "modelIgnored") == ""
    studio.settings.set(s.WORKER_CHOICE, "prefer")
    studio.settings.set(s.PREFERRED_WORKERS, ())
    assert words(page, "modelIgnored") == ""


def test_two_pickers_show_one_state(studio, page):
    other = ModelPicker(studio, page.bindings, page)
    studio.settings.set(s.MODEL, "Deliberate")
    button(page.models, "favouriteModelButton").click()
    assert button(other, "favouriteModelButton").isChecked()
    other.release()
