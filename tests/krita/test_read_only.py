"""A plugin folder that cannot be written is no matter; such a data folder is told, and nothing is lost."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import mounts
import pytest

from krita_AIhorde.door import profile

HERE = Path(__file__).parent
PICTURE, NOTICE = HERE / "scenarios" / "one_picture.py", HERE / "scenarios" / "without_packages.py"
pytestmark = pytest.mark.timeout(400)


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_plugin_folder_that_cannot_be_written_then_a_data_folder(
    krita_run: Any, quick_practice: str, tmp_path: Path, installed: profile.Profile
) -> None:
    own = profile.copy(installed, tmp_path / "home-locked")
    for cache in own.pykrita.rglob("__pycache__"):
        shutil.rmtree(cache)
    data = tmp_path / "data"
    env = {"AIHORDE_API_URL": quick_practice, "AIHORDE_DATA_DIR": str(data)}
    first = krita_run(PICTURE, env=env, after={"profile": own}, through=mounts.read_only(own.pykrita))
    assert first["ok"], first["error"]
    assert first["data"]["state"] == "done"
    assert not list(own.pykrita.rglob("__pycache__"))
    assert first["exit_code"] == 0

    before = content(data)
    assert any(name.endswith(".webp") for name in before)
    second = krita_run(NOTICE, env=env, after=first, through=mounts.read_only(data))
    assert second["ok"], second["error"]
    assert "Read-only file system" in second["data"]["notice"]
    assert "allow Krita to write there" in second["data"]["notice"]
    assert content(data) == before
    assert second["exit_code"] == 0

    third = krita_run(PICTURE, env=env, after=second)
    assert third["ok"], third["error"]
    assert third["data"]["rows before"] == 1, "the row of the first Krita"


def test_a_disk_that_is_full_at_the_first_start(krita_run: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    verdict = krita_run(NOTICE, env={"AIHORDE_DATA_DIR": str(data)}, through=mounts.nearly_full(data))
    assert verdict["ok"], verdict["error"]
    assert "No space left on device" in verdict["data"]["notice"]
    assert "Make room on its disk" in verdict["data"]["notice"]
    assert verdict["data"]["left"] == [], "what was half unpacked is gone"
    assert verdict["exit_code"] == 0
