"""Imports are harmless, our folder is private, our name has the right shape."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from krita_AIhorde import about, paths

ROOT = Path(__file__).resolve().parents[3]
NEEDS_KRITA = ("plugin", "app", "canvas")


def test_importing_any_room_outside_of_krita_does_nothing(tmp_path: Path) -> None:
    package = ROOT / "krita_AIhorde"
    modules = [
        ".".join(("krita_AIhorde", *path.relative_to(package).with_suffix("").parts))
        for path in sorted(package.rglob("*.py"))
        if path.relative_to(package).parts[0].removesuffix(".py") not in (*NEEDS_KRITA, "vendor")
        and path.name not in ("__init__.py", "__main__.py")
    ]
    code = (
        "import asyncio, importlib, logging, signal, sys, threading\n"
        "def state(): return (list(sys.path), sys.excepthook, signal.getsignal(signal.SIGINT),\n"
        "    logging.getLogger().handlers[:], logging.getLogger('krita_AIhorde').handlers[:])\n"
        "before = state()\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "assert state() == before\n"
        "assert threading.active_count() == 1 and asyncio._get_running_loop() is None\n"
        "from krita_AIhorde.qt import QtWidgets\n"
        "assert QtWidgets.QApplication.instance() is None\n"
    )
    command = [sys.executable, "-B", "-W", "error", "-c", code]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.iterdir())


def test_our_name_is_what_the_horde_asks_of_clients() -> None:
    assert re.fullmatch(r"krita_AIhorde:\d+\.\d+\.\d+:https://\S+", about.client_agent())


def test_data_lies_beside_krita_s_plugins_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE, raising=False)
    assert paths.data_dir(str(tmp_path)) == tmp_path / paths.FOLDER
    assert paths.FOLDER != "krita_AIhorde", "Krita's data folder is on sys.path"
    for unset in ("", "  "):
        monkeypatch.setenv(paths.DATA_DIR_VARIABLE, unset)
        assert paths.data_dir(tmp_path) == tmp_path / paths.FOLDER
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, "~/pictures of mine")
    assert paths.data_dir(tmp_path) == tmp_path / "home" / "pictures of mine"
    assert not list(tmp_path.iterdir()), "asking makes nothing"


def test_our_folder_is_made_its_owner_s_alone_and_an_open_one_is_closed(tmp_path: Path) -> None:
    old = os.umask(0o002)
    try:
        made = paths.make_private(tmp_path / "new" / "data")
    finally:
        os.umask(old)
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o755)
    assert paths.make_private(made) == made
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_folder_s_place_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", "utf-8")
    with pytest.raises(OSError, match="exists"):
        paths.make_private(tmp_path / "data")
