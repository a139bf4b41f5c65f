"""A Krita whose Python is too old: a sentence in the docker and in the plugin manager, and no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from krita_AIhorde.door import profile

SCENARIO = Path(__file__).with_name("scenarios") / "old_host.py"


def test_an_old_host_gets_a_sentence(krita_run: Any, installed: profile.Profile, tmp_path: Path) -> None:
    own = profile.copy(installed, tmp_path / "home-old")
    entry = own.pykrita / "krita_AIhorde" / "__init__.py"
    text = entry.read_text("utf-8")
    assert "(3, 10)" in text
    entry.write_text(text.replace("(3, 10)", "(3, 99)"), encoding="utf-8")  # makes this Krita's too old

    verdict = krita_run(SCENARIO, after={"profile": own})

    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    data = verdict["data"]
    assert data["notice"].startswith(
        "Krita AI Horde needs Krita 5.2 or newer. This one is too old: it has Python 3."
    )
    assert data["tooltip"] is None, "Krita shows an error's traceback there"
    assert data["greyed"] is False
    assert data["comment"].endswith("Needs Krita 5.2 or newer.")
    assert "It needs Krita 5.2 or newer" in data["manual"]
    assert "Traceback" not in Path(verdict["log"]).read_text("utf-8", errors="replace")
