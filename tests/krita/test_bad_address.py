"""An address or a folder that cannot be used: the docker says so, and Krita goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "without_packages.py"
pytestmark = pytest.mark.timeout(400)


def test_an_address_that_would_send_the_key_unencrypted_is_refused_in_words(
    krita_run: Any, tmp_path: Path
) -> None:
    env = {"AIHORDE_DATA_DIR": str(tmp_path / "data"), "AIHORDE_API_URL": "http://horde.example/api/v2"}
    verdict = krita_run(SCENARIO, env=env)
    assert verdict["ok"], verdict["error"]
    assert "AIHORDE_API_URL" in verdict["data"]["notice"]
    assert "https" in verdict["data"]["notice"]
    assert verdict["exit_code"] == 0


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(krita_run: Any, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("no folder")
    verdict = krita_run(SCENARIO, env={"AIHORDE_DATA_DIR": str(in_the_way / "data")})
    assert verdict["ok"], verdict["error"]
    assert "allow Krita to write there" in verdict["data"]["notice"]
    assert verdict["exit_code"] == 0
