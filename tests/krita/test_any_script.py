"""Prompts in any script in the real Krita at scale 1.5, and themes switched while jobs are under way."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from canvases import plain_canvas
from hordes import asked_for, set_practice
from scripts import PROMPTS

from krita_AIhorde.qt import QtCore

SCENARIO = Path(__file__).with_name("scenarios") / "any_script.py"
pytestmark = pytest.mark.timeout(400)
THEMES = {"Krita bright": False, "Krita dark": True}
STANDS_OUT = 40  # of 255: less is hard to read


def test_prompts_are_sent_as_typed_named_by_whole_characters_and_shown_in_any_theme(
    krita_run: Any, practice: str, tmp_path: Path
) -> None:
    set_practice(practice, workers=8, pace=0.2)
    out = tmp_path / "out"
    out.mkdir()
    env = {
        "AIHORDE_API_URL": practice,
        "AIHORDE_DATA_DIR": str(tmp_path / "data"),
        "AIHORDE_OUT": str(out),
        "AIHORDE_API_KEY": "practice-user",
        "QT_SCALE_FACTOR": "1.5",
    }
    verdict = krita_run(SCENARIO, env=env, timeout=150.0, change=plain_canvas)
    if keep := os.environ.get("AIHORDE_TEST_PICTURES"):  # for a person's eyes
        shutil.copytree(out, keep, dirs_exist_ok=True)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    data = verdict["data"]
    assert data["scale"] == 1.5
    sent = {body["prompt"] for body in asked_for(practice)}
    for name, prompt in PROMPTS.items():
        assert prompt.strip() in sent, f"{name}: not what was typed"
    *named, background = data["layers"]
    assert background == "Background"
    assert len(named) == len(PROMPTS)
    assert data["layers read again"] == data["layers"], "Krita's file does not hold the names"
    for name, prompt in PROMPTS.items():
        line = " ".join(prompt.split())
        assert any(is_excerpt(layer.removesuffix(" · 7"), line) for layer in named), f"{name}: no such layer"
        title = data["rows"][name].removeprefix("Generate: ")
        assert is_excerpt(title, line), f"{name}: {title}"
    assert data["states"] == ["done", "failed", "generating", "queued", "uncertain"]
    assert data["width"] == 300
    assert data["clipped"] == {theme: [] for theme in THEMES}
    for theme, dark in THEMES.items():
        docker, window, least = data["colours"][theme]
        assert docker == window
        assert (docker < 128) is dark
        assert least >= STANDS_OUT, theme


def is_excerpt(shown: str, line: str) -> bool:
    """Whether ``shown`` is all of ``line``, or its beginning up to where Qt lets a cursor stand."""
    if shown == line:
        return True
    start = shown.removesuffix("…")
    rest = line.removeprefix(start).lstrip()
    if start == shown or not line.startswith(start) or len(start) < 20:
        return False
    finder = QtCore.QTextBoundaryFinder(QtCore.QTextBoundaryFinder.BoundaryType.Grapheme, line)
    finder.setPosition(len(line[: len(line) - len(rest)].encode("utf-16-le")) // 2)
    return finder.isAtBoundary()
