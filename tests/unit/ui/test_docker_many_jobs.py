"""A list of a thousand jobs: each has its row, and only rows that are looked at have all their parts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fake_studio import job
from qt_test import LEFT, QTest, find, read, rows, wait_until

from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.rows import ALWAYS

MANY = 1000


def ended(number):
    if number % 3:
        return job(str(number), JobState.DONE, finished=1, horde_id=f"request {number}")
    actions = frozenset({RowAction.SEND_AGAIN, RowAction.LOWER_SIZE, RowAction.DISMISS})
    detail = "more kudos are needed than you have, " * (number % 5)
    return job(str(number), JobState.FAILED, trouble=Trouble.KUDOS, detail=detail, actions=actions)


def parts(docker):
    """How many rows have what a row has."""
    return len(find(docker, "jobs").findChildren(QtWidgets.QLabel, "jobStatus"))


def bar(docker):
    content = find(docker, "jobs")
    return content.parentWidget().parentWidget().verticalScrollBar()


def let_qt_work(docker, app):
    """Until all rows are there, and those in sight are whole."""
    wait_until(lambda: len(rows(docker)) == MANY and parts(docker) >= ALWAYS)
    before = None
    while before != (before := (parts(docker), bar(docker).maximum())):
        for _ in range(20):
            app.processEvents()


def in_sight(docker):
    return [row for row in rows(docker) if row.isVisible() and not row.visibleRegion().isEmpty()]


@pytest.fixture
def long_list(studio, make_docker, app):
    docker = make_docker(studio, height=1400)
    studio.asked.clear()
    studio.set_jobs(*(ended(number) for number in range(MANY, 0, -1)))
    let_qt_work(docker, app)
    return docker


def test_every_job_has_a_row_that_scripts_can_read_the_newest_first(studio, long_list):
    assert [row.property("jobId") for row in rows(long_list)] == [str(n) for n in range(MANY, 0, -1)]
    assert {row.property("state") for row in rows(long_list)} == {"done", "failed"}
    studio.change(job("1", JobState.LANDING))
    assert rows(long_list)[-1].property("state") == "landing"


def test_only_the_newest_rows_and_those_in_sight_are_whole(long_list):
    assert ALWAYS <= parts(long_list) < ALWAYS + 30


def test_a_list_of_some_tens_is_whole_wherever_it_is_scrolled_to(studio, docker, app):
    studio.set_jobs(*(ended(number) for number in range(ALWAYS, 0, -1)))
    wait_until(lambda: parts(docker) == ALWAYS)
    bar(docker).setValue(bar(docker).maximum())
    for _ in range(20):
        app.processEvents()
    assert parts(docker) == ALWAYS
    assert all(row.isVisible() for row in rows(docker))


def test_what_comes_in_sight_becomes_whole_and_what_is_far_is_let_go_of(long_list, app):
    bar(long_list).setValue(bar(long_list).maximum())
    let_qt_work(long_list, app)
    last = rows(long_list)[-1]
    assert last in in_sight(long_list)
    assert last.geometry().bottom() + 1 == find(long_list, "jobs").height()
    assert all(not row.is_bare for row in in_sight(long_list))
    for value in range(0, bar(long_list).maximum(), bar(long_list).maximum() // 20):
        bar(long_list).setValue(value)
        app.processEvents()
    let_qt_work(long_list, app)
    assert parts(long_list) < ALWAYS + 30
    assert last.is_bare


def test_rows_do_not_lie_on_each_other(long_list, app):
    bar(long_list).setValue(bar(long_list).maximum() // 2)
    let_qt_work(long_list, app)
    seen = in_sight(long_list)
    assert len(seen) > 2
    for above, below in pairwise(seen):
        assert above.geometry().bottom() < below.geometry().top()
        assert above.height() == above.heightForWidth(above.width())


def test_what_is_looked_at_stays_where_it_is(studio, long_list, app):
    bar(long_list).setValue(bar(long_list).maximum() // 2)
    let_qt_work(long_list, app)
    row = in_sight(long_list)[1]
    before = row.mapToGlobal(row.rect().topLeft())
    studio.set_jobs(*(ended(number) for number in range(MANY, 0, -1) if number not in (900, 901, 902)))
    studio.change(job("999", JobState.FAILED, trouble=Trouble.KUDOS, detail="words " * 60))
    for _ in range(20):
        app.processEvents()
    assert row.mapToGlobal(row.rect().topLeft()) == before


def test_the_newest_comes_in_sight_where_the_list_was_not_scrolled(studio, long_list, app):
    studio.set_jobs(job("new"), *(ended(number) for number in range(MANY, 0, -1)))
    assert rows(long_list)[0].property("jobId") == "new"
    for _ in range(20):
        app.processEvents()
    assert in_sight(long_list)[0] is rows(long_list)[0]
    assert read(find(rows(long_list)[0], "jobStatus", QtWidgets.QLabel)) == "In the queue"


def test_a_script_finds_the_parts_of_any_row_and_may_hold_on_to_them(studio, long_list, app):
    row = rows(long_list)[500]
    cross = row.findChild(QtWidgets.QAbstractButton, "jobCancelButton")
    bar(long_list).setValue(bar(long_list).maximum())
    let_qt_work(long_list, app)
    cross.click()
    assert studio.asked[-1] == ("dismiss", row.property("jobId"))
    assert read(row.findChildren(QtWidgets.QLabel, "jobStatus")[0])


def test_the_row_that_the_keyboard_is_in_stays_when_it_is_scrolled_away(studio, long_list, app):
    bar(long_list).setValue(bar(long_list).maximum() // 2)
    let_qt_work(long_list, app)
    row = in_sight(long_list)[1]
    crosses = find(long_list, "jobs").findChildren(QtWidgets.QToolButton, "jobCancelButton")
    cross = next(cross for cross in crosses if row.isAncestorOf(cross))
    cross.setFocus()
    bar(long_list).setValue(0)
    let_qt_work(long_list, app)
    assert app.focusWidget() is cross
    QTest.keyClick(cross, " ")
    assert studio.asked[-1] == ("dismiss", row.property("jobId"))


def test_details_that_are_open_stay_open(long_list, app):
    bar(long_list).setValue(bar(long_list).maximum() // 2)
    let_qt_work(long_list, app)
    row = next(row for row in in_sight(long_list) if row.property("hordeId"))
    buttons = find(long_list, "jobs").findChildren(QtWidgets.QToolButton, "detailsButton")
    details = next(button for button in buttons if row.isAncestorOf(button))
    QTest.mouseClick(details, LEFT)
    bar(long_list).setValue(0)
    let_qt_work(long_list, app)
    assert details.isChecked()
    assert not row.is_bare


def test_the_tab_key_goes_on_to_rows_that_are_not_in_sight_yet(long_list, app):
    find(long_list, "cancelAllButton").setFocus()
    met = []
    while len(met) < ALWAYS + 25:
        QTest.keyClick(app.focusWidget(), "\t")
        for _ in range(3):
            app.processEvents()
        focus = app.focusWidget()
        row = next((row for row in rows(long_list)[:200] if row.isAncestorOf(focus)), None)
        assert row is not None, focus.objectName()
        if row not in met:
            met.append(row)
            assert row in in_sight(long_list)
    assert met == rows(long_list)[: len(met)]


def test_all_can_be_cleared(studio, long_list, app):
    studio.set_jobs()
    wait_until(lambda: not rows(long_list))
    labels = find(long_list, "jobs").findChildren(QtWidgets.QLabel)
    wait_until(lambda: any(label.isVisible() and "go on painting" in label.text() for label in labels))


def test_a_second_docker_shows_them_all_too(studio, long_list, make_docker, app):
    there = make_docker(studio)
    let_qt_work(there, app)
    ids = [row.property("jobId") for row in rows(there)]
    assert ids == [row.property("jobId") for row in rows(long_list)]


def test_many_rows_that_scripts_hold_on_to_go_all_at_once(studio, long_list, app):
    """It takes several slices, between which the list is laid out."""
    for row in rows(long_list)[:300]:
        assert row.findChild(QtWidgets.QLabel, "jobStatus") is not None
    let_qt_work(long_list, app)
    studio.set_jobs(ended(1))
    long_list.resize(long_list.width() + 20, long_list.height())
    wait_until(lambda: len(rows(long_list)) == 1)
    assert rows(long_list)[0].property("jobId") == "1"
