"""A source folder copied by hand: the plugin loads, and its docker says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from krita_AIhorde.door import profile

SCENARIO = Path(__file__).with_name("scenarios") / "without_packages.py"


def test_a_copy_without_its_packages_says_what_to_run(
    krita_run: Any, installed: profile.Profile, tmp_path: Path
) -> None:
    own = profile.copy(installed, tmp_path / "home-copied")
    package = own.places.pykrita / "krita_AIhorde"
    shutil.rmtree(package / "vendor")
    shutil.rmtree(package / "vendor-pillow")
    env = {"AIHORDE_DATA_DIR": str(tmp_path / "data")}
    verdict = krita_run(SCENARIO, env=env, after={"profile": own})
    assert verdict["ok"], verdict["error"]
    assert "install" in verdict["data"]["notice"].lower()
    assert "Traceback" not in verdict["data"]["notice"]
    assert verdict["exit_code"] == 0


def test_the_zip_for_another_system_says_so(
    krita_run: Any, installed: profile.Profile, tmp_path: Path
) -> None:
    own = profile.copy(installed, tmp_path / "home-wrong")
    (build,) = (own.places.pykrita / "krita_AIhorde" / "vendor-pillow").iterdir()
    for tag in ("cp310", "cp313"):
        shutil.copy(build, build.with_name(f"pillow-{tag}-windows-amd64-0123456789ab.zip"))
    build.unlink()
    verdict = krita_run(SCENARIO, env={"AIHORDE_DATA_DIR": str(tmp_path / "data")}, after={"profile": own})
    assert verdict["ok"], verdict["error"]
    notice = verdict["data"]["notice"]
    assert "made for Windows with Python 3.10, 3.13; this is Linux" in notice
    assert "Download the zip for your system" in notice
    assert verdict["exit_code"] == 0
