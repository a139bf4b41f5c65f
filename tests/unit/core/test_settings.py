"""Settings: typed and in range whatever the file holds, written whole or not at all, kept from other eyes."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krita_AIhorde import settings as s

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(JSON, st.sampled_from(s.ALL))
def test_any_value_becomes_one_that_the_control_can_show(value: Any, setting: s.Setting[Any]) -> None:
    checked = setting.checked(value)
    assert type(checked) is type(setting.default)
    if setting.minimum is not None:
        assert checked >= setting.minimum
    if setting.maximum is not None:
        assert checked <= setting.maximum
    if setting.choices:
        assert checked in setting.choices


@settings(deadline=None)  # how long a disk takes to write says nothing of us
@given(st.dictionaries(st.sampled_from([setting.name for setting in s.ALL]) | st.text(max_size=3), JSON))
def test_a_file_that_holds_anything_gives_settings_that_can_be_written_again(values: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.json"
        path.write_text(json.dumps({"values": values}), "utf-8")
        first, remark = s.Settings.load(path)
        assert remark == ""
        first.write()
        again, remark = s.Settings.load(path)
        assert remark == ""
        assert list(again) == list(first)


@pytest.mark.parametrize("setting", s.ALL, ids=lambda setting: setting.name)
def test_a_default_is_a_value_of_its_own_setting(setting: s.Setting[Any]) -> None:
    assert setting.checked(setting.default) == setting.default


def test_what_is_written_is_there_again_and_the_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    first, _ = s.Settings.load(path)
    first.set(s.API_KEY, "secret")
    first.set(s.STEPS, 31)
    first.write()
    assert path.stat().st_mode & 0o777 == 0o600
    again, remark = s.Settings.load(path)
    assert (again.get(s.API_KEY), again.get(s.STEPS), remark) == ("secret", 31, "")
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 2, "values": {"steps": 30, "of tomorrow": [1]}}), "utf-8")
    settings, _ = s.Settings.load(path)
    settings.set(s.STEPS, 40)
    settings.write()
    assert json.loads(path.read_text("utf-8"))["values"] == {"steps": 40, "of tomorrow": [1]}


def test_any_text_is_written_and_read_again(tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "settings.json")
    settings.set(s.PROMPT, "Köln × 3, half a pair \ud83d, \x00 and a \\ud83d that was typed")
    settings.write()
    assert s.Settings.load(tmp_path / "settings.json")[0].get(s.PROMPT) == settings.get(s.PROMPT)


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"values": 3}', '"text"', "[" * 100_000])
def test_a_damaged_file_is_kept_aside_and_said_so(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(damaged, "utf-8")
    settings, remark = s.Settings.load(path)
    assert settings.get(s.STEPS) == s.STEPS.default
    assert remark
    assert path.with_name("settings.json.broken").read_text("utf-8") == damaged


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    settings.set(s.STEPS, 31)
    settings.write()
    settings.set(s.STEPS, 44)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        settings.write()
    assert settings.dirty, "it is tried again with the next change"
    assert s.Settings.load(path)[0].get(s.STEPS) == 31
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]


def test_a_change_is_not_forgotten_while_its_folder_is_missing(tmp_path: Path) -> None:
    settings, _ = s.Settings.load(tmp_path / "later" / "settings.json")
    settings.set(s.STEPS, 31)
    with pytest.raises(FileNotFoundError):
        settings.write()
    assert settings.dirty
    (tmp_path / "later").mkdir()
    settings.write()
    assert not settings.dirty
    assert s.Settings.load(tmp_path / "later" / "settings.json")[0].get(s.STEPS) == 31


def test_a_change_during_a_write_is_written_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker thread is at the disk when the artist changes something and leaves."""
    path = tmp_path / "settings.json"
    settings, _ = s.Settings.load(path)
    settings.set(s.STEPS, 31)
    reached, go_on, fsync = threading.Event(), threading.Event(), os.fsync

    def slow(handle: int) -> None:
        reached.set()
        assert go_on.wait(10)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    worker = threading.Thread(target=settings.write)
    worker.start()
    assert reached.wait(10)
    assert settings.dirty, "not before it is in the file"
    settings.set(s.STEPS, 44)
    go_on.set()
    settings.write()
    worker.join()
    assert not settings.dirty
    assert s.Settings.load(path)[0].get(s.STEPS) == 44


def test_listeners_are_told_of_changes_only() -> None:
    settings, told = s.Settings(), []
    leave = settings.subscribe(lambda setting, value: told.append((setting.name, value)))
    settings.set(s.STEPS, 33)
    settings.set(s.STEPS, 33)
    leave()
    settings.set(s.STEPS, 34)
    assert told == [("steps", 33)]
