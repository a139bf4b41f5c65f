"""Any window in the real Krita: two of them, dockers in any place, documents in several views and copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from canvases import plain_canvas
from hordes import set_practice

from krita_AIhorde.door import profile

SCENARIOS = Path(__file__).with_name("scenarios")
pytestmark = pytest.mark.timeout(400)
NO_DOCUMENT = "Open a document first."


def sub_windows(own: profile.Profile) -> None:
    """Settings ▸ Configure Krita ▸ General ▸ Window ▸ Multiple document mode: sub-windows."""
    plain_canvas(own)
    before = own.kritarc.read_text("utf-8")
    own.kritarc.write_text("mdi_viewmode=0\n" + before, "utf-8")


def play(krita_run: Any, practice: str, folder: Path, name: str, change: Any) -> dict[str, Any]:
    """The scenario's data."""
    out = folder / "out"
    out.mkdir()
    set_practice(practice, workers=8, pace=0.2)
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(folder / "data"),
        "AIHORDE_OUT": str(out),
        "AIHORDE_API_KEY": "practice-user",
    }
    verdict = krita_run(SCENARIOS / name, env=env, timeout=150.0, change=change)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    data: dict[str, Any] = verdict["data"]
    return data


def test_two_windows_show_one_state_and_each_click_concerns_its_own_window(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    data = play(krita_run, practice, tmp_path, "any_window.py", plain_canvas)
    assert data["without a document"] == {
        "generateButton": NO_DOCUMENT,
        "img2imgButton": NO_DOCUMENT,
        "maskButton": NO_DOCUMENT,
        "inpaintButton": NO_DOCUMENT,
        "aihorde_generate": NO_DOCUMENT,
        "aihorde_img2img": NO_DOCUMENT,
        "aihorde_mask": NO_DOCUMENT,
        "aihorde_inpaint": NO_DOCUMENT,
        "aihorde_cancel_all": "",
    }
    assert data["prompts"] == {
        "typed in the second": ["a city", "a city"],
        "first active": ["a meadow", "a meadow"],
        "second active": ["a city", "a city"],
        "one document in both": ["a meadow at dawn", "a meadow at dawn"],
        "back": ["a city", "a city"],
    }
    assert data["krita says"] == "one", "else the look at the browser proves nothing"
    landed = {
        name: sorted(layer.split(" [")[0] for layer in layers) for name, layers in data["names"].items()
    }
    assert landed == {
        "one": ["Background", "in the first", "in the first", "in the first"],
        "two": ["Background", *["after a look at the browser"] * 3, "in the second", "in the second"],
    }
    assert data["mask"] == {
        "in the second": [True, True],
        "turned to the first": [False, False],
        "in both": [True, True],
        "layers": [True, True],
        "left in the first": [True, True],
        "left": [False, False],
        "layers afterwards": [False, False],
    }
    assert data["left"] == ["one", "two"]
    assert data["shown by actions"] == {"one": True, "two": True}
    assert data["actions"] == {"masking": [True, False], "cancelled": ["cancelled"] * 2}
    landed_and_back = [True, True, False, True]
    assert data["docker"] == {
        "floating": [True, *landed_and_back],
        "tabbed": [False, *landed_and_back],
        "closed": [False, *landed_and_back],
        "another workspace": [False, *landed_and_back],
        "canvas only": [False, *landed_and_back],
        "full screen": [True, *landed_and_back],
    }


def test_results_land_in_the_document_that_they_were_asked_from(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    data = play(krita_run, practice, tmp_path, "any_view.py", sub_windows)
    assert data["sub-windows"]
    both = {
        "prompts": ["in the one", "in the other"],
        "layers": [
            ["in the one [practice delay=1] · 7", "Background"],
            ["in the other [practice delay=1] · 7", "Background"],
        ],
    }
    assert data["opened twice"] == {"without a mark": both, "with a mark": both}
    assert data["two views"] == ["Selection Mask", "seen twice [practice delay=1] · 7", "Background"]
    original, copy = data["copied"]
    assert original == ["for the original [practice delay=1] · 7", "Background"]
    assert copy == data["copy afterwards"] == ["for the copy [practice delay=1] · 7", "Background"]
    assert "waited for you" in data["closed while landing"]
    assert data["inserted where it was wanted"] == [["too late · 7", "Background"], ["Background"]]
    assert data["start page"] == {
        "message": NO_DOCUMENT,
        "prompt": "after the last [practice delay=1]",
        "new rows": 0,
    }
    assert data["inserted"] == ["after the last [practice delay=1] · 7", "Background"]
