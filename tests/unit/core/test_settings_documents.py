"""Each document keeps its own values; a new one goes on with the last."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde import settings as s
from krita_AIhorde.settings.file import Content
from krita_AIhorde.settings.storage import MOST_DOCUMENTS


def test_a_document_shows_its_own_values_again() -> None:
    settings = s.Settings()
    settings.use_document("castle")
    settings.set(s.PROMPT, "a castle")
    settings.use_document("fox")
    settings.set(s.PROMPT, "a fox")
    settings.set(s.STEPS, 31)
    settings.use_document("castle")
    assert (settings.get(s.PROMPT), settings.get(s.STEPS)) == ("a castle", s.STEPS.default)
    settings.use_document("fox")
    assert (settings.get(s.PROMPT), settings.get(s.STEPS)) == ("a fox", 31)


def test_a_new_document_starts_from_the_last_values_used_anywhere_and_then_goes_its_own_way() -> None:
    settings = s.Settings()
    settings.set(s.STEPS, 31)
    settings.use_document("castle")
    assert settings.get(s.STEPS) == 31
    settings.set(s.STEPS, 40)
    settings.use_document("fox")
    assert settings.get(s.STEPS) == 40
    settings.set(s.STEPS, 50)
    settings.use_document("castle")
    assert settings.get(s.STEPS) == 40
    settings.use_document("")
    assert settings.get(s.STEPS) == 50
    settings.set(s.STEPS, 60)
    settings.use_document("fox")
    assert settings.get(s.STEPS) == 50


def test_what_is_not_the_picture_s_is_the_same_in_every_document() -> None:
    settings = s.Settings()
    for document, key in (("castle", "one"), ("fox", "other")):
        settings.use_document(document)
        settings.set(s.API_KEY, key)
        settings.set(s.BLOCKED_WORKERS, (key,))
    settings.use_document("castle")
    assert (settings.get(s.API_KEY), settings.get(s.BLOCKED_WORKERS)) == ("other", ("other",))


def test_listeners_are_told_of_what_differs_between_two_documents_and_of_nothing_else() -> None:
    settings, told = s.Settings(), []
    settings.use_document("castle")
    settings.set(s.STEPS, 31)
    settings.set(s.KARRAS, False)
    settings.use_document("fox")
    settings.set(s.STEPS, 40)
    settings.subscribe(lambda setting, value: told.append((setting.name, value)))
    settings.use_document("castle")
    settings.use_document("castle")
    assert told == [("steps", 31)]
    settings.use_document("new")
    assert told == [("steps", 31), ("steps", 40)]


def test_controls_that_keep_each_other_in_line_do_not_change_a_document_s_values() -> None:
    """As the docker's sizes do: the largest follows when the smallest exceeds it."""
    settings = s.Settings()
    settings.use_document("small")
    settings.set(s.MAX_SIZE, 1024)
    settings.use_document("large")
    settings.set(s.MAX_SIZE, 2048)
    settings.set(s.MIN_SIZE, 1280)
    settings.use_document("small")
    settings.set(s.MIN_SIZE, 512)
    shown = {s.MIN_SIZE: 512, s.MAX_SIZE: 1024}

    def show(setting: s.Setting[Any], value: Any) -> None:
        if setting in shown and shown[setting] != value:
            shown[setting] = value
            if shown[s.MIN_SIZE] > shown[s.MAX_SIZE]:
                shown[s.MAX_SIZE] = shown[s.MIN_SIZE]
                settings.set(s.MAX_SIZE, shown[s.MAX_SIZE])

    settings.subscribe(show)
    settings.use_document("large")
    assert (settings.get(s.MIN_SIZE), settings.get(s.MAX_SIZE)) == (1280, 2048)
    assert shown == {s.MIN_SIZE: 1280, s.MAX_SIZE: 2048}
    settings.set(s.MAX_SIZE, 1536)
    assert settings.get(s.MAX_SIZE) == 1536, "afterwards, what is set counts again"


def test_a_listener_that_fails_does_not_stop_what_is_set_later() -> None:
    settings = s.Settings()
    settings.use_document("castle")
    settings.set(s.STEPS, 31)

    def fail(_setting: s.Setting[Any], _value: Any) -> None:
        raise RuntimeError("no such widget")

    leave = settings.subscribe(fail)
    with pytest.raises(RuntimeError):
        settings.reset()
    leave()
    settings.set(s.STEPS, 33)
    assert settings.get(s.STEPS) == 33


def test_values_of_documents_are_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    settings.use_document("castle")
    settings.set(s.PROMPT, "a castle")
    settings.use_document("fox")
    settings.set(s.PROMPT, "a fox")
    settings.write()
    again, remark = s.Settings.load(path)
    assert (again.get(s.PROMPT), remark) == ("a fox", "")
    again.use_document("castle")
    assert again.get(s.PROMPT) == "a castle"
    assert not again.dirty, "looking changes nothing"


def test_the_documents_used_last_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    for number in range(MOST_DOCUMENTS):
        settings.use_document(str(number))
        settings.set(s.PROMPT, f"picture {number}")
    settings.use_document("0")  # old, and in use again
    settings.use_document("one more")
    settings.set(s.PROMPT, "one more")
    settings.write()
    assert len(json.loads(path.read_text("utf-8"))["documents"]) == MOST_DOCUMENTS
    again, _ = s.Settings.load(path)
    for key, prompt in (("0", "picture 0"), ("2", "picture 2"), ("1", "one more")):
        again.use_document(key)
        assert again.get(s.PROMPT) == prompt


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", "b", "c"]), st.sampled_from([s.STEPS, s.CLIP_SKIP]), st.integers(1, 9)
        )
    )
)
def test_a_document_s_values_are_its_own_last_ones_whatever_happened_elsewhere(
    steps: list[tuple[str, s.Setting[int], int]],
) -> None:
    settings = s.Settings()
    last = {s.STEPS: s.STEPS.default, s.CLIP_SKIP: s.CLIP_SKIP.default}
    own: dict[str, dict[s.Setting[int], int]] = {}
    shown = dict(last)
    settings.subscribe(shown.__setitem__)
    for document, setting, value in steps:
        settings.use_document(document)
        values = own.setdefault(document, dict(last)) if document else last
        settings.set(setting, value)
        if values[setting] != value:  # what is there already is no change
            values[setting] = last[setting] = value
        assert {each: settings.get(each) for each in last} == values == shown


def test_what_a_worker_thread_writes_is_of_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it makes the text, the artist goes on to another document and changes values."""
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    settings.use_document("castle")
    settings.set(s.PROMPT, "a castle")
    reached, go_on, text = threading.Event(), threading.Event(), Content.text

    def slow(content: Content) -> str:
        reached.set()
        assert go_on.wait(10)
        return text(content)

    monkeypatch.setattr(Content, "text", slow)
    worker = threading.Thread(target=settings.write)
    worker.start()
    assert reached.wait(10)
    settings.set(s.PROMPT, "a tower")
    settings.use_document("fox")
    settings.set(s.PROMPT, "a fox")
    go_on.set()
    worker.join()
    written = json.loads(path.read_text("utf-8"))
    assert written["values"] == {"prompt": "a castle"}
    assert written["documents"] == {"castle": {"prompt": "a castle"}}
    assert settings.dirty, "what came later is still to be written"


def test_one_document_that_makes_no_sense_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    documents = {"castle": 3, "": {"steps": 3}, "fox": {"steps": 10**400, "prompt": 3, "of tomorrow": 1}}
    path.write_text(json.dumps({"version": 2, "values": {"steps": 31}, "documents": documents}), "utf-8")
    settings, remark = s.Settings.load(path)
    assert remark == ""
    settings.use_document("fox")
    assert (settings.get(s.STEPS), settings.get(s.PROMPT)) == (500, "")
    settings.use_document("castle")
    assert settings.get(s.STEPS) == 31
    settings.write()
    assert json.loads(path.read_text("utf-8"))["documents"]["fox"]["of tomorrow"] == 1


def test_the_first_version_s_file_becomes_a_present_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 1, "values": {"steps": 31, "sampler": "k_heun"}}), "utf-8")
    settings, remark = s.Settings.load(path)
    assert (settings.get(s.STEPS), settings.get(s.SAMPLER), remark) == (31, "k_heun", "")
    settings.use_document("castle")
    settings.set(s.STEPS, 32)
    settings.write()
    data = json.loads(path.read_text("utf-8"))
    assert data["version"] == s.VERSION
    assert data["documents"] == {"castle": {"steps": 32, "sampler": "k_heun"}}


def test_a_newer_version_finds_its_own_file_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    theirs = {"version": 99, "values": {"steps": 31, "new": 1}, "documents": {"a": {"new": 2}}, "more": [3]}
    path.write_text(json.dumps(theirs), "utf-8")
    settings, _ = s.Settings.load(path)
    settings.set(s.STEPS, 32)
    settings.write()
    theirs["values"] = {"steps": 32, "new": 1}
    assert json.loads(path.read_text("utf-8")) == theirs


@pytest.mark.parametrize("version", [None, "2", True, 0, -3, 1.5])
def test_a_file_without_a_sensible_version_is_the_first_one_s(tmp_path: Path, version: Any) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": version, "values": {"steps": 31}, "documents": "none"}), "utf-8")
    settings, remark = s.Settings.load(path)
    assert (settings.get(s.STEPS), remark) == (31, "")


def test_before_another_document_comes_what_is_half_typed_is_set_for_the_one_that_is_left() -> None:
    settings = s.Settings()
    settings.use_document("castle")
    forget = settings.on_leaving(lambda: settings.set(s.STEPS, settings.get(s.STEPS) + 1))
    settings.use_document("castle")  # nobody leaves
    assert settings.get(s.STEPS) == 20
    settings.use_document("fox")
    settings.set(s.STEPS, 50)
    forget()
    settings.use_document("castle")
    assert settings.get(s.STEPS) == 21
    settings.use_document("fox")
    assert settings.get(s.STEPS) == 50
