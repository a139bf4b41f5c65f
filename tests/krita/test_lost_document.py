"""A picture that landed in a document which was lost unsaved is inserted again from its row."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "lost_document.py"
pytestmark = pytest.mark.timeout(400)


def test_a_picture_outlives_its_document(krita_run: Any, practice: str, tmp_path: Path) -> None:
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_TEST_FOLDER": str(tmp_path),
    }
    first = krita_run(SCENARIO, env=env, timeout=150.0)
    assert first["exit_code"] == -signal.SIGKILL, first["error"]
    second = krita_run(SCENARIO, env={**env, "AIHORDE_TEST_AGAIN": "1"}, timeout=150.0, after=first)
    assert second["ok"], second["error"]
    data = second["data"]
    assert data["state"] == "done"
    assert data["offered"] == "Insert again, into this document"
    assert data["children"] == ["transparencymask"]
    assert data["changed outside"] == 0
    assert data["changed inside"] is True
    assert data["states"] == "done"
    assert data["after one undo"] == ["Background"]
    assert data["in the file"] == ["Background"]
    assert data["beside it"] == ["Background"]
    assert data["row count"] == 2
