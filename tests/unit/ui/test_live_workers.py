"""Choosing workers: by name, from those that are online, and not more than the Horde looks at."""

from __future__ import annotations

import live_scenes
import pytest
from attrs import evolve
from fake_studio import FakeStudio
from live_scenes import WORKERS
from qt_test import DEFERRED_DELETE, Key, QTest, find, wait_until

from krita_AIhorde import settings as s
from krita_AIhorde.horde.errors import Unreachable
from krita_AIhorde.qt import QtCore, QtWidgets
from krita_AIhorde.ui.workerdialog import WorkerDialog
from krita_AIhorde.ui.workers import WorkerPicker

OFFLINE = "offline-worker-0000-0000-000000000000"


@pytest.fixture
def studio(app) -> FakeStudio:
    return live_scenes.known()


@pytest.fixture
def page(make_page, studio):
    return make_page(studio)


def chosen(page, name="preferredWorkers"):
    lines = find(page, name).findChildren(QtWidgets.QWidget, "chosenWorker")
    return [line.findChild(QtWidgets.QLabel).text() for line in lines]


def open_dialog(page, name="preferredWorkers"):
    find(page, f"{name}Add", QtWidgets.QPushButton).click()
    dialog = find(page, "workerDialog", WorkerDialog)
    wait_until(dialog.isActiveWindow)
    return dialog


def listed(dialog):
    rows = find(dialog, "workerList", QtWidgets.QListWidget)
    items = [rows.item(row) for row in range(rows.count())]
    return [item.text().split("\n")[0] for item in items if not item.isHidden()]


def state(dialog):
    label = find(dialog, "workerDialogState", QtWidgets.QLabel)
    return label.text() if label.isVisible() else ""


def test_the_list_that_belongs_to_the_choice_is_shown(studio, page):
    for choice, preferred, blocked in (
        ("prefer", True, False),
        ("block", False, True),
        ("any", False, False),
    ):
        studio.settings.set(s.WORKER_CHOICE, choice)
        assert find(page, "preferredWorkers").isVisible() is preferred
        assert find(page, "blockedWorkers").isVisible() is blocked


def test_preferred_workers_are_said_to_use_any_model(studio, page):
    assert "whichever model" in find(page, "preferredWorkersHint", QtWidgets.QLabel).text()
    studio.settings.set(s.WORKER_CHOICE, "block")
    assert not find(page, "blockedWorkersHint").isVisible()


def test_the_chosen_are_listed_by_name_the_offline_by_their_last(studio, page):
    assert chosen(page) == ["fake dreamer", "text to image only & <b>bold</b>", "the one with the big card"]
    studio.settings.set(s.PREFERRED_WORKERS, ("never seen",))
    assert chosen(page) == ["never seen"]


def test_a_name_outlives_the_list_and_follows_a_rename(studio, page, make_page):
    studio.set_workers(*WORKERS)
    studio.set_workers(evolve(WORKERS[0], name="renamed"))
    studio.set_workers()
    assert chosen(page) == ["renamed", "text to image only & <b>bold</b>", "the one with the big card"]
    assert chosen(make_page(studio)) == chosen(page)


def test_a_worker_is_taken_off_the_list(studio, page):
    first = find(page, "preferredWorkers").findChildren(QtWidgets.QToolButton, "removeWorkerButton")[0]
    assert "fake dreamer" in first.accessibleName()
    first.click()
    assert studio.settings.get(s.PREFERRED_WORKERS) == (WORKERS[3].id, OFFLINE)
    assert chosen(page) == ["text to image only & <b>bold</b>", "the one with the big card"]


def test_the_list_of_all_is_loaded_when_somebody_wants_to_add_one(studio, page):
    assert ("load_workers",) not in studio.asked
    studio.set_workers()
    dialog = open_dialog(page)
    assert ("load_workers",) in studio.asked
    assert state(dialog) == "Loading…"
    studio.set_workers(problem=Unreachable())
    assert "cannot be reached" in state(dialog)
    studio.set_workers(*WORKERS)
    assert state(dialog) == ""
    assert listed(dialog) == [
        "✓ fake dreamer", "attic laptop", "night owl", "✓ text to image only & <b>bold</b>",
    ]  # fmt: skip


def test_a_search_finds_names_and_models(page):
    dialog = open_dialog(page)
    search = find(dialog, "workerSearch", QtWidgets.QLineEdit)
    QTest.keyClicks(search, "OWL")
    assert listed(dialog) == ["night owl"]
    search.setText("stable_diff")
    assert listed(dialog) == ["attic laptop"]
    search.setText("nobody")
    assert listed(dialog) == []
    assert state(dialog) == "None of them fits these words."
    assert not find(dialog, "takeWorkerButton").isEnabled()


def test_a_worker_is_added_by_keyboard_alone_and_the_window_stays(studio, page):
    dialog = open_dialog(page)
    search = find(dialog, "workerSearch", QtWidgets.QLineEdit)
    search.setFocus()
    QTest.keyClicks(search, "l")
    QTest.keyClick(search, Key.Key_Down)
    rows = find(dialog, "workerList", QtWidgets.QListWidget)
    assert rows.hasFocus()
    QTest.keyClick(rows, Key.Key_Return)
    assert studio.settings.get(s.PREFERRED_WORKERS)[-1] == WORKERS[2].id
    assert chosen(page)[-1] == "night owl"
    assert dialog.isVisible()
    assert search.text() == "l"


def test_return_in_the_search_takes_the_first_that_is_free(studio, page):
    dialog = open_dialog(page)
    search = find(dialog, "workerSearch", QtWidgets.QLineEdit)
    search.setFocus()
    QTest.keyClick(search, Key.Key_Return)
    assert studio.settings.get(s.PREFERRED_WORKERS)[-1] == WORKERS[1].id


def test_the_button_adds_the_marked_one(studio, page):
    dialog = open_dialog(page)
    find(dialog, "workerList", QtWidgets.QListWidget).setCurrentRow(2)
    find(dialog, "takeWorkerButton", QtWidgets.QPushButton).click()
    assert studio.settings.get(s.PREFERRED_WORKERS)[-1] == WORKERS[2].id


def test_one_that_is_taken_is_not_taken_twice(studio, page):
    before = studio.settings.get(s.PREFERRED_WORKERS)
    picker = find(page, "preferredWorkers", WorkerPicker)
    picker.add(WORKERS[0].id)
    dialog = open_dialog(page)
    rows = find(dialog, "workerList", QtWidgets.QListWidget)
    assert not rows.item(0).flags() & QtCore.Qt.ItemFlag.ItemIsEnabled
    assert studio.settings.get(s.PREFERRED_WORKERS) == before


def test_five_are_enough(studio, page):
    dialog = open_dialog(page)
    picker = find(page, "preferredWorkers", WorkerPicker)
    for worker_id in ("a", "b", "c"):
        picker.add(worker_id)
    assert len(studio.settings.get(s.PREFERRED_WORKERS)) == 5
    assert not find(page, "preferredWorkersAdd").isEnabled()
    assert "five at most" in find(page, "preferredWorkersAdd").toolTip()
    assert "five at most" in state(dialog)
    picker.remove("a")
    assert find(page, "preferredWorkersAdd").isEnabled()
    assert "five at most" not in state(dialog)


def test_new_answers_keep_what_is_searched_and_marked(studio, page):
    dialog = open_dialog(page)
    rows = find(dialog, "workerList", QtWidgets.QListWidget)
    rows.setCurrentRow(2)
    studio.set_workers(evolve(WORKERS[1], id="new", name="a new one"), *WORKERS)
    assert rows.currentItem().text().startswith("night owl")


def test_names_are_never_markup(page):
    lines = find(page, "preferredWorkers").findChildren(QtWidgets.QWidget, "chosenWorker")
    label = lines[1].findChild(QtWidgets.QLabel)
    assert label.textFormat() == QtCore.Qt.TextFormat.PlainText
    assert "<b>" not in label.toolTip()
    assert "<b>" not in lines[1].findChild(QtWidgets.QToolButton).toolTip()


def test_a_closed_window_listens_no_more_and_can_be_opened_again(studio, page, app):
    before = studio.listeners
    dialog = open_dialog(page)
    assert studio.listeners == before + 1
    QTest.keyClick(dialog, Key.Key_Escape)
    assert studio.listeners == before
    app.sendPostedEvents(None, DEFERRED_DELETE)
    assert open_dialog(page).isVisible()


def test_the_window_goes_with_the_docker(studio, page):
    dialog = open_dialog(page)
    page.release()
    assert not dialog.isVisible()
    assert studio.listeners == 0
