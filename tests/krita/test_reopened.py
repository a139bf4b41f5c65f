"""Documents that were closed are known again, in the same Krita and in the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SCENARIO = Path(__file__).with_name("scenarios") / "reopened_document.py"
pytestmark = pytest.mark.timeout(400)


def test_a_document_is_known_again_by_its_mark_or_its_path(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_TEST_FOLDER": str(documents),
    }
    first = krita_run(SCENARIO, env=env, timeout=150.0)
    assert first["ok"], first["error"]
    data = first["data"]
    assert data["modified by the click"] is False
    assert data["modified a little later"] is False
    assert data["kept"] == "The picture waited for you: open “marked.kra” again or insert it elsewhere."
    assert data["landed in"] == ["marked"]
    assert data["while away"] is True

    second = krita_run(SCENARIO, env={**env, "AIHORDE_TEST_AGAIN": "1"}, timeout=150.0, after=first)
    assert second["ok"], second["error"]
    data = second["data"]
    assert data["unrelated"] == ["Background"]
    assert set(data["states"]) == {"done"}
    for prompt in ("[practice delay=4] for the next", "in the saved file"):
        assert sum(name.startswith(prompt) for name in data["layers"]) == 1, (prompt, data["layers"])
