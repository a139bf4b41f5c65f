"""The list of jobs: always current, newest first, every job with its ✕."""

from __future__ import annotations

import time

import pytest
from attrs import evolve
from fake_studio import job
from qt_test import LEFT, QTest, find, lines, read, rows

from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import Change, Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.rowactions import buttons


def ids(docker):
    return [row.property("jobId") for row in rows(docker)]


def status(row):
    return read(find(row, "jobStatus", QtWidgets.QLabel))


def test_the_newest_is_on_top_and_found_first(studio, docker, app):
    studio.set_jobs(job("1"))
    studio.set_jobs(job("3"), job("2"), job("1"))
    app.processEvents()
    assert ids(docker) == ["3", "2", "1"]
    tops = [row.y() for row in rows(docker)]
    assert tops == sorted(tops)
    assert all(row.parentWidget() is find(docker, "jobs") for row in rows(docker))


def test_a_row_carries_what_scripts_read(studio, docker):
    studio.set_jobs(
        job(
            "7",
            JobState.GENERATING,
            horde_id="abc",
            queue_position=3,
            eta=40,
            finished=1,
            censored=1,
            total=4,
        )
    )
    (row,) = rows(docker)
    properties = ("jobId", "hordeId", "state", "queuePosition", "eta", "finished", "censored", "total",
                  "documentName", "error")  # fmt: skip
    assert [row.property(name) for name in properties] == [
        "7", "abc", "generating", 3, 40, 1, 1, 4, "harbour.kra", "",
    ]  # fmt: skip


LIFE = [
    (job("1", JobState.WAITING), "waiting", "Waiting for its turn", 0),
    (job("1", JobState.SUBMITTING), "submitting", "Sending", 0),
    (job("1", JobState.QUEUED, total=2, queue_position=12, eta=40), "queued",
     "Queue position 12 · about 40 s", 0),
    (job("1", JobState.GENERATING, total=2, generating=1), "generating", "Generating 1 of 2", 25),
    (job("1", JobState.DOWNLOADING, total=2, finished=1), "downloading", "Downloading", 50),
    (job("1", JobState.LANDING, total=2, finished=1), "landing", "Adding it to the document", 50),
    (job("1", JobState.GENERATING, total=2, finished=1, generating=1), "generating", "Generating 2 of 2", 75),
    (job("1", JobState.CANCELLING, total=2, finished=1, stopping=JobState.CANCELLED), "cancelling",
     "Cancelling · collecting what is finished", 50),
    (job("1", JobState.CANCELLED, total=2, finished=1), "cancelled", "Cancelled · 1 of 2 images", 50),
]  # fmt: skip


def test_a_row_follows_its_job_in_place(studio, docker, app):
    studio.set_jobs(job("2"), job("1"))
    app.processEvents()
    row = rows(docker)[1]
    for snapshot, state, text, percent in LIFE:
        studio.change(snapshot)
        assert row.property("state") == state
        assert status(row) == text
        assert find(row, "jobProgress", QtWidgets.QProgressBar).value() == percent
        assert find(row, "jobProgress").isVisible() == (state != "cancelled")
    assert rows(docker)[1] is row
    assert status(rows(docker)[0]) == "In the queue"


@pytest.mark.parametrize("state", JobState)
def test_every_state_is_shown(studio, docker, state):
    studio.set_jobs(job("1", JobState.WAITING))
    studio.change(job("1", state))
    (row,) = rows(docker)
    assert row.property("state") == state.value
    assert status(row)


def test_a_row_tells_prompt_document_and_operation(studio, docker):
    studio.set_jobs(job("1", operation=Operation.INPAINT, prompt="a very\nlong prompt " * 30))
    (row,) = rows(docker)
    texts = [read(label) for label in row.findChildren(QtWidgets.QLabel)]
    assert any(text.startswith("a very long prompt") and text.endswith("…") for text in texts)
    assert "Inpaint in harbour.kra" in texts


def test_the_cross_cancels_its_own_job(studio, docker):
    studio.set_jobs(job("3"), job("2"), job("1"))
    QTest.mouseClick(find(rows(docker)[1], "jobCancelButton"), LEFT)
    assert studio.asked == [("cancel", "2")]


def test_the_cross_of_an_ended_job_removes_it(studio, docker):
    studio.set_jobs(job("2", JobState.DONE), job("1"))
    cross = find(rows(docker)[0], "jobCancelButton", QtWidgets.QToolButton)
    assert cross.toolTip() == "Remove from the list"
    cross.click()
    assert studio.asked == [("dismiss", "2")]
    studio.set_jobs(job("1"))
    assert ids(docker) == ["1"]


def test_ended_rows_stay_until_they_are_dismissed(studio, docker):
    studio.set_jobs(job("1"))
    studio.change(job("1", JobState.DONE, finished=1))
    assert ids(docker) == ["1"]


def test_everything_can_be_cancelled_and_what_ended_cleared(studio, docker):
    find(docker, "cancelAllButton").click()
    find(docker, "clearEndedButton").click()
    assert studio.asked == [("cancel_all",), ("clear_ended",)]


def test_a_kept_picture_can_be_inserted_into_another_document(studio, docker, app):
    studio.set_jobs(job("1", JobState.GENERATING))
    assert rows(docker)[0].findChild(QtWidgets.QWidget, "insertButton") is None, "made when it is needed"
    actions = frozenset({RowAction.INSERT, RowAction.DISMISS})
    studio.change(job("1", JobState.KEPT, kept=1, finished=1, actions=actions))
    find(rows(docker)[0], "insertButton").click()
    assert studio.asked == [("insert", "1")]
    studio.change(job("1", JobState.LANDING, finished=1))
    app.processEvents()
    assert not find(rows(docker)[0], "insertButton").isVisible()


def test_a_failed_job_can_be_sent_again(studio, docker):
    actions = frozenset({RowAction.SEND_AGAIN, RowAction.DISMISS})
    studio.set_jobs(job("1", JobState.FAILED, trouble=Trouble.SERVER, actions=actions))
    assert rows(docker)[0].property("error") == status(rows(docker)[0])
    find(rows(docker)[0], "sendAgainButton").click()
    assert studio.asked == [("send_again", "1")]


def test_the_servers_own_words_are_one_click_away_and_another_copies_them(studio, docker, app):
    studio.set_jobs(
        job("1", JobState.FAILED, trouble=Trouble.KUDOS, detail="needs 42 kudos", rc="KudosUpfront",
            horde_id="abc-def", warnings=("Steps are many.",), prompt="a secret idea")
    )  # fmt: skip
    app.processEvents()
    (row,) = rows(docker)
    details = find(row, "jobDetails", QtWidgets.QLabel)
    assert not details.isVisible()
    find(row, "detailsButton").click()
    assert details.isVisible()
    for words in ("needs 42 kudos", "KudosUpfront", "abc-def", "Steps are many.", "Job: 1"):
        assert words in read(details)
    find(row, "copyDetailsButton").click()
    copied = QtWidgets.QApplication.clipboard().text()
    assert copied == f"failed kudos\n{read(details)}"
    assert "secret idea" not in copied
    find(row, "detailsButton").click()
    assert not details.isVisible()


def test_a_row_without_anything_to_tell_has_no_details(studio, docker, app):
    studio.set_jobs(job("1", JobState.WAITING))
    app.processEvents()
    assert not find(rows(docker)[0], "detailsButton").isVisible()


ASKED = {
    RowAction.INSERT: ("insert", "1"),
    RowAction.SEND_AGAIN: ("send_again", "1"),
    RowAction.FETCH_AGAIN: ("fetch_again", "1"),
    RowAction.LOWER_SIZE: ("send_again", "1", Change(smaller=True)),
    RowAction.ALLOW_SLOWER: ("send_again", "1", Change(slower=True)),
}


def test_what_has_landed_can_be_inserted_again_from_the_row_s_menu(studio, docker, app):
    done = job("1", JobState.DONE, finished=1, actions=frozenset({RowAction.DISMISS}))
    studio.set_jobs(done)
    app.processEvents()
    more = find(rows(docker)[0], "rowMenuButton", QtWidgets.QToolButton)
    assert not more.isVisible()
    studio.change(evolve(done, actions=frozenset({RowAction.DISMISS, RowAction.INSERT_AGAIN})))
    assert more.isVisible()
    (again,) = more.menu().actions()
    assert again.text() == "Insert again, into this document"
    studio.change(
        evolve(done, actions=frozenset({RowAction.INSERT_AGAIN}), in_reach=True, document_name="R&D")
    )
    assert again.text() == "Insert again into “R&&D”"
    assert "where it was asked for" in again.toolTip()
    again.trigger()
    assert studio.asked == [("insert_again", "1")]


def test_a_right_click_on_a_row_opens_its_menu(studio, docker, app):
    done = job("1", JobState.DONE, finished=1, actions=frozenset({RowAction.INSERT_AGAIN}))
    studio.set_jobs(done, job("2", JobState.DONE, finished=1))
    app.processEvents()
    for row, has_menu in zip(rows(docker), (True, False), strict=True):
        menu = find(row, "rowMenuButton", QtWidgets.QToolButton).menu()
        where = row.rect().center()
        event = QtGui.QContextMenuEvent(QtGui.QContextMenuEvent.Reason.Mouse, where, row.mapToGlobal(where))
        app.sendEvent(row, event)
        assert menu.isVisible() is has_menu
        menu.close()


@pytest.mark.parametrize("action", ASKED)
def test_every_remedy_is_a_button(studio, docker, app, action):
    studio.set_jobs(job("1", JobState.FAILED, actions=frozenset({action, RowAction.DISMISS})))
    app.processEvents()
    button = find(rows(docker)[0], buttons()[action].name)
    assert button.isVisible()
    assert button.text()
    assert button.toolTip()
    button.click()
    assert studio.asked == [ASKED[action]]


def test_every_action_has_a_button():
    elsewhere = {RowAction.CANCEL, RowAction.DISMISS, RowAction.INSERT_AGAIN}  # the cross, and the menu
    assert set(buttons()) == set(RowAction) - elsewhere


def test_a_key_is_entered_where_keys_are_entered(studio, docker, app):
    actions = frozenset({RowAction.ENTER_KEY, RowAction.DISMISS})
    studio.set_jobs(job("1", JobState.FAILED, trouble=Trouble.BAD_KEY, actions=actions))
    app.processEvents()
    find(rows(docker)[0], "enterKeyButton").click()
    app.processEvents()
    key = find(docker, "apiKey", QtWidgets.QLineEdit)
    assert key.isVisible()
    assert app.focusWidget() is key


def test_another_model_is_chosen_from_those_with_most_workers(studio, docker, app):
    studio.set_models(*((f"model & {n}", 30 - n) for n in range(20)), ("asleep", 0))
    actions = frozenset({RowAction.CHOOSE_MODEL, RowAction.CANCEL})
    studio.set_jobs(job("1", JobState.QUEUED, trouble=Trouble.NO_WORKER, actions=actions))
    menu = find(rows(docker)[0], "chooseModelButton").menu()
    menu.aboutToShow.emit()
    entries = menu.actions()
    assert [entry.data() for entry in entries] == ["", *(f"model & {n}" for n in range(10))]
    assert entries[1].text() == "model && 0 · 30 workers"
    entries[3].trigger()
    entries[0].trigger()
    assert studio.asked == [
        ("send_again", "1", Change(model="model & 2")), ("send_again", "1", Change(model=""))
    ]  # fmt: skip


def test_insert_names_the_document_that_is_open_again(studio, docker, app):
    actions = frozenset({RowAction.INSERT, RowAction.DISMISS})
    kept = job("1", JobState.KEPT, kept=1, finished=1, actions=actions, document_name="harbour.kra")
    studio.set_jobs(kept)
    assert find(rows(docker)[0], "insertButton").text() == "Insert into this document"
    studio.change(evolve(kept, in_reach=True))
    assert find(rows(docker)[0], "insertButton").text() == "Insert into “harbour.kra”"


def test_a_number_and_its_unit_are_on_one_line_however_narrow_the_docker(studio, docker):
    waits = job("1", JobState.WAITING, trouble=Trouble.IP_TIMEOUT, until=time.monotonic() + 26)
    studio.set_jobs(waits)
    label = find(docker, "jobStatus", QtWidgets.QLabel)
    assert read(label).endswith("trying again in 26 s")
    for width in range(60, 400, 3):
        assert lines(label, width)[-1].lstrip() != "s"


def test_a_row_counts_down_by_itself_and_only_while_there_is_something_to_count(
    studio, docker, app, monkeypatch
):
    now = 1000.0
    monkeypatch.setattr("krita_AIhorde.ui.jobrow.time.monotonic", lambda: now)
    studio.set_jobs(job("1", JobState.WAITING, trouble=Trouble.IP_TIMEOUT, until=1090.0))
    clock = find(docker, "jobs").findChild(QtCore.QTimer)
    assert clock.isActive()
    assert "1:30" in status(rows(docker)[0])
    now = 1040.0
    clock.timeout.emit()
    assert "50 s" in status(rows(docker)[0])
    now = 1091.0
    clock.timeout.emit()
    clock.timeout.emit()
    assert not clock.isActive()
    studio.change(job("1", JobState.WAITING, trouble=Trouble.IP_TIMEOUT, until=1200.0))
    assert clock.isActive()
    docker.release()
    assert not clock.isActive()


def test_a_favourite_is_chosen_and_let_go_of_once_there_are_files(studio, docker, app):
    studio.set_jobs(job("1", JobState.GENERATING, total=2, finished=1))
    app.processEvents()
    star = find(rows(docker)[0], "favouriteButton", QtWidgets.QToolButton)
    assert not star.isVisible()
    studio.change(job("1", JobState.DONE, total=2, finished=2))
    assert star.isVisible()
    star.click()
    studio.change(job("1", JobState.DONE, total=2, finished=2, favourite=True))
    assert star.isChecked()
    assert star.text() == "★"
    star.click()
    assert studio.asked == [("favour", "1", True), ("favour", "1", False)]


def test_what_is_not_saved_is_said(studio, docker, app):
    studio.set_jobs(job("1", JobState.DONE, finished=1, unsafe=True))
    labels = [label for label in rows(docker)[0].findChildren(QtWidgets.QLabel) if "crashed" in label.text()]
    app.processEvents()
    assert labels[0].isVisible()
    studio.change(job("1", JobState.DONE, finished=1))
    assert not labels[0].isVisible()


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"warnings": ("Steps are many.", "No worker.")}, "AI Horde warns: Steps are many. No worker."),
        ({"made": Extent(1088, 896)}, "AI Horde made it smaller, 1088 × 896, and it was enlarged to fit."),
        ({"resized": True}, "The canvas has another size than at the click"),
    ],
)
def test_what_else_there_is_to_know_stands_in_the_row(studio, docker, app, known, words):
    studio.set_jobs(job("1", JobState.QUEUED, **known))
    app.processEvents()
    shown = [read(label) for label in rows(docker)[0].findChildren(QtWidgets.QLabel) if label.isVisible()]
    assert any(text.startswith(words) for text in shown), shown


def test_a_servers_markup_is_shown_as_it_is(studio, docker):
    studio.set_jobs(
        job("1", JobState.FAILED, trouble=Trouble.REFUSED, detail="<img src=x>", prompt="<b>bold</b>")
    )
    assert "<img src=x>" in status(rows(docker)[0])
    for label in rows(docker)[0].findChildren(QtWidgets.QLabel):
        assert label.textFormat() == label.textFormat().__class__.PlainText


def test_an_empty_list_says_what_it_is_for(studio, docker):
    labels = find(docker, "jobs").findChildren(QtWidgets.QLabel)
    assert any(label.isVisible() and "go on painting" in label.text() for label in labels)
    studio.set_jobs(job("1"))
    assert not any("go on painting" in label.text() and label.isVisible() for label in labels)


def test_two_dockers_show_the_same_jobs(studio, make_docker):
    here = make_docker(studio)
    studio.set_jobs(job("1"))
    there = make_docker(studio)
    studio.change(job("1", JobState.DOWNLOADING))
    assert [status(rows(docker)[0]) for docker in (here, there)] == ["Downloading", "Downloading"]


def test_hundreds_of_rows_stay_cheap(studio, docker, app):
    many = [job(str(i), JobState.DONE) for i in range(300, 0, -1)]
    studio.set_jobs(*many)
    app.processEvents()
    changing = job("150", JobState.GENERATING, total=4, generating=1)
    untouched = rows(docker)[0]
    started = time.perf_counter()
    for eta in range(50):
        studio.change(evolve(changing, eta=eta + 100, finished=eta % 4))
        app.processEvents()
    studio.set_jobs(job("301"), *many)
    app.processEvents()
    assert time.perf_counter() - started < 5  # about 0.2 s here; rebuilding the list takes minutes
    assert ids(docker)[:2] == ["301", "300"]
    assert rows(docker)[1] is untouched


@pytest.mark.parametrize("width", [300, 450, 700])
def test_nothing_is_empty_below_the_last_row(studio, make_docker, app, width):
    bad = {"trouble": Trouble.CENSORED, "censored": 1}
    studio.set_jobs(*(job(str(number), JobState.DONE, **bad) for number in range(12)))
    docker = make_docker(studio, width)
    app.processEvents()
    content = find(docker, "jobs")
    last = rows(docker)[-1].geometry()
    assert last.bottom() + 1 == content.height()
