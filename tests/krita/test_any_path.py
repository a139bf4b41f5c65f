"""Folders and files with spaces and letters of any script, in the real Krita: from install to restart."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import locales
import pytest

from krita_AIhorde.door import install, krita, profile

SCENARIO = Path(__file__).with_name("scenarios") / "any_path.py"
ODD = "Ünïcødé mit Leerzeichen 画 & 'so'"
pytestmark = pytest.mark.timeout(400)


def installed_anew(own: profile.Profile) -> None:
    """Not copied here: installed here, as an artist with such a name would."""
    shutil.rmtree(own.pykrita / "krita_AIhorde")
    found = krita.executable()
    install.install(own.places, pythons=install.pythons_for(found), python=krita.python_of(found))


def test_any_letters_in_any_path(krita_run: Any, quick_practice: str, tmp_path: Path) -> None:
    work = tmp_path / ODD
    folders = {name: work / f"{name} 猫" for name in ("data", "temporary", "pictures", "locales")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    # In Turkish, the small letter of "I" is not "i": the next Krita speaks it.
    turkish = locales.environment(folders["locales"], "tr_TR")
    env = {
        "AIHORDE_API_URL": quick_practice,
        "AIHORDE_DATA_DIR": str(folders["data"]),
        "AIHORDE_TEST_TEMPORARY": str(folders["temporary"]),
        "AIHORDE_TEST_FOLDER": str(folders["pictures"]),
    }
    first = krita_run(SCENARIO, env=env, home=f"home-{ODD}", change=installed_anew)
    assert first["ok"], first["error"]
    assert first["exit_code"] == 0
    assert first["data"]["exported"].startswith("Written to “Einstellungen für 画.json”.")
    assert (folders["pictures"] / "Einstellungen für 画.json").is_file()
    assert len(list((folders["data"] / "results").rglob("*.webp"))) == 1

    again = {**env, **turkish, "AIHORDE_TEST_AGAIN": "1"}
    second = krita_run(SCENARIO, env=again, after=first)
    assert second["ok"], second["error"]
    data = second["data"]
    assert data["locale"] == "tr_TR"
    assert sum(name.startswith("une été 画 · ") for name in data["in the file"]) == 1, data
    assert sum(name.startswith("[practice delay=3] später · ") for name in data["landed"]) == 1, data
    assert data["states"] == ["done", "done"]
    assert "taken" in data["imported"]
    assert data["steps"] == 23
    assert second["exit_code"] == 0
