"""The account: is the key a good one, what is there, and kudos for others."""

from __future__ import annotations

import live_scenes
import pytest
from attrs import evolve
from fake_studio import FakeStudio
from live_scenes import USER
from qt_test import Key, QTest, find, read

from krita_AIhorde import settings as s
from krita_AIhorde.horde.errors import InvalidKey, NoAnswer, NotEnoughKudos, Unreachable
from krita_AIhorde.qt import QtWidgets

Echo = QtWidgets.QLineEdit.EchoMode


@pytest.fixture
def studio(app) -> FakeStudio:
    return live_scenes.known()


@pytest.fixture
def page(make_page, studio):
    return make_page(studio)


def words(page, name):
    label = find(page, name, QtWidgets.QLabel)
    return read(label) if label.isVisible() else ""


def button(page, name):
    return find(page, name, QtWidgets.QAbstractButton)


def test_a_known_key_greets_and_shows_what_is_there(page):
    assert words(page, "accountState") == "Hello, alice"
    assert words(page, "userName") == "alice#12"
    assert words(page, "userKudos") == "5230"
    assert words(page, "userWorkers") == "fake dreamer, 1 more"
    assert "1234 images made for you" in words(page, "userRecord")
    assert "30 images" in words(page, "userStanding")
    assert words(page, "keyInvitation") == ""


def test_own_workers_are_counted_until_their_names_are_known(studio, page):
    studio.set_workers()
    assert words(page, "userWorkers") == "2"
    studio.set_account(evolve(USER, worker_count=0, worker_ids=()))
    assert words(page, "userWorkers") == ""


def test_the_anonymous_learn_what_that_means_and_where_to_get_a_key(studio, page):
    studio.settings.set(s.API_KEY, "")
    studio.set_account(anonymous=True)
    assert words(page, "accountState") == ""
    assert words(page, "userName") == "Anonymous"
    assert "longest waits" in words(page, "keyInvitation")
    assert 'href="https://aihorde.net/register"' in words(page, "keyInvitation")
    assert not button(page, "refreshAccountButton").isVisible()


def test_a_key_that_was_just_entered_is_being_checked(studio, page):
    studio.set_account()
    assert words(page, "accountState") == "Checking…"
    assert words(page, "userKudos") == "–"
    studio.set_account(problem=InvalidKey())
    assert "does not know this key" in words(page, "accountState")
    studio.set_account(problem=Unreachable())
    assert "cannot be reached" in words(page, "accountState")
    assert "tried again by itself" in words(page, "accountState")


def test_what_was_known_stays_beside_a_problem(studio, page):
    studio.set_account(USER, problem=Unreachable())
    assert words(page, "accountState").startswith("Hello, alice.")
    assert "cannot be reached" in words(page, "accountState")
    assert words(page, "userKudos") == "5230"


def test_the_environments_key_is_said_to_be_in_use(studio, page):
    studio.settings.set(s.API_KEY, "")
    studio.set_account(USER)
    assert words(page, "accountState") == "The key in AIHORDE_API_KEY is in use. Hello, alice"
    assert words(page, "keyInvitation") == ""


def test_the_refresh_button_asks_anew(studio, page):
    button(page, "refreshAccountButton").click()
    assert ("refresh_account",) in studio.asked


def test_the_eye_shows_the_key_until_the_panel_is_hidden(page):
    key, eye = find(page, "apiKey", QtWidgets.QLineEdit), button(page, "showKeyButton")
    assert key.echoMode() == Echo.Password
    eye.click()
    assert key.echoMode() == Echo.Normal
    assert eye.accessibleName() == "Hide the key"
    eye.click()
    assert key.echoMode() == Echo.Password
    eye.click()
    page.hide()
    assert key.echoMode() == Echo.Password


def test_a_shown_key_still_counts_only_when_it_is_entered_whole(studio, page):
    key = find(page, "apiKey", QtWidgets.QLineEdit)
    button(page, "showKeyButton").click()
    key.setFocus()
    key.selectAll()
    QTest.keyClicks(key, "a new key")
    assert studio.settings.get(s.API_KEY) == "a key"
    QTest.keyClick(key, Key.Key_Return)
    assert studio.settings.get(s.API_KEY) == "a new key"


# Giving.


def offer(page, to="bob#3", amount=250):
    find(page, "kudosRecipient", QtWidgets.QLineEdit).setText(to)
    find(page, "kudosAmount", QtWidgets.QSpinBox).setValue(amount)
    button(page, "offerKudosButton").click()


def test_nothing_is_given_without_a_second_press(studio, page):
    offer(page)
    assert words(page, "kudosQuestion") == "Give 250 kudos to bob#3?"
    assert studio.gifts == []
    button(page, "keepKudosButton").click()
    assert studio.gifts == []
    assert words(page, "kudosQuestion") == ""
    assert button(page, "offerKudosButton").isVisible()


def test_return_in_a_hurry_gives_nothing_away(studio, page):
    to = find(page, "kudosRecipient", QtWidgets.QLineEdit)
    to.setFocus()
    QTest.keyClicks(to, "bob#3")
    QTest.keyClick(to, Key.Key_Return)
    assert words(page, "kudosQuestion") == "Give 100 kudos to bob#3?"
    focused = page.focusWidget()
    assert focused.objectName() == "keepKudosButton"
    QTest.keyClick(focused, Key.Key_Escape)
    assert studio.gifts == []
    assert words(page, "kudosQuestion") == ""


def test_what_is_asked_is_what_is_given(studio, page):
    offer(page)
    assert not find(page, "kudosRecipient").isEnabled()
    assert not find(page, "kudosAmount").isEnabled()
    button(page, "giveKudosButton").click()
    assert [gift[:2] for gift in studio.gifts] == [("bob#3", 250)]
    assert words(page, "kudosOutcome") == "Giving…"
    assert not button(page, "offerKudosButton").isEnabled()
    studio.told(None)
    assert words(page, "kudosOutcome") == "You gave 250 kudos to bob#3."
    assert button(page, "offerKudosButton").isEnabled()


def test_why_nothing_was_given_is_said(studio, page):
    offer(page)
    button(page, "giveKudosButton").click()
    studio.told(NotEnoughKudos("Not today, Satan!"))
    assert "cannot spare as many" in words(page, "kudosOutcome")
    offer(page, amount=10)
    assert words(page, "kudosOutcome") == ""


def test_after_no_answer_the_same_gift_is_the_same_one_and_another_is_not(studio, page):
    for amount, problem in (
        (250, NoAnswer(ambiguous=True)),
        (250, NoAnswer(ambiguous=True)),
        (5, None),
        (5, None),
    ):
        offer(page, amount=amount)
        button(page, "giveKudosButton").click()
        studio.told(problem)
    keys = [key for _, _, key in studio.gifts]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(keys)


@pytest.mark.parametrize("to", ["", "   "])
def test_without_a_name_there_is_nothing_to_offer(page, to):
    find(page, "kudosRecipient", QtWidgets.QLineEdit).setText(to)
    assert not button(page, "offerKudosButton").isEnabled()
    assert button(page, "offerKudosButton").toolTip()


def test_who_has_no_account_learns_why_nothing_can_be_given(studio, page):
    offer(page)
    studio.set_account(anonymous=True)
    assert "anonymous account has no kudos" in words(page, "kudosReason")
    assert words(page, "kudosQuestion") == ""
    for name in ("kudosRecipient", "kudosAmount", "offerKudosButton"):
        assert not find(page, name).isEnabled()
    studio.set_account(problem=InvalidKey())
    assert "a key that AI Horde knows" in words(page, "kudosReason")
    studio.set_account(USER)
    assert words(page, "kudosReason") == ""
    assert find(page, "kudosAmount").isEnabled()


def test_an_outcome_after_the_docker_was_closed_disturbs_nobody(studio, page):
    offer(page)
    button(page, "giveKudosButton").click()
    page.release()
    studio.told(None)
    assert words(page, "kudosOutcome") == "Giving…"
