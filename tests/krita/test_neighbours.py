"""Other plugins bring aiohttp, Pillow and qasync along, too: older or newer, before us or after.

The decoy's copies are real ones that say another version of themselves: whether a version suits is judged by
what it says.
"""

from __future__ import annotations

import shutil
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde import archives
from krita_AIhorde.door import profile

pytestmark = pytest.mark.timeout(300)
SCENARIO = Path(__file__).with_name("scenarios") / "neighbours.py"

DESKTOP = """
[Desktop Entry]
Type=Service
ServiceTypes=Krita/PythonPlugin
X-KDE-Library=decoy
Name=Decoy
"""
# `works` is what the decoy's own artist would notice.
PLUGIN = """
import importlib, os, sys
LIB = os.path.join(os.path.dirname(__file__), "lib")
BEFORE = {before!r}
if {front!r}:
    sys.path.insert(0, LIB)
if BEFORE:
    try:
        import PyQt5.QtCore
    except ImportError:
        import PyQt6.QtCore
    copies = [importlib.import_module(name) for name in BEFORE]

def late(names):
    sys.path.append(LIB)
    return {{name: importlib.import_module(name).__file__ for name in names}}

def works():
    import aiohttp
    from PIL import Image
    image = Image.new("RGB", (4, 4), "red").resize((2, 2))
    same = all(sys.modules[copy.__name__] is copy for copy in copies) if BEFORE else True
    return [same, image.getpixel((0, 0)), aiohttp.hdrs.ACCEPT]
"""


def decoy(
    installed: profile.Profile, folder: Path, versions: dict[str, str], before: tuple[str, ...], front: bool
) -> Path:
    """A plugin with copies of our packages that say the ``versions``; it imports ``before`` at once.

    If ``front``, its folder leads the path from the start.
    """
    package = installed.pykrita / "krita_AIhorde"
    lib = folder / "decoy" / "lib"
    shutil.copytree(package / "vendor", lib, ignore=shutil.ignore_patterns("__pycache__"))
    archive = archives.find_archive(package)
    if archive is None:  # Krita's Python is another one than the tests'
        (archive,) = (package / archives.FOLDER).glob("*.zip")
    with zipfile.ZipFile(archive) as build:
        build.extractall(lib)
    for name, version in versions.items():
        (metadata,) = lib.glob(f"{name}-*.dist-info/METADATA")
        lines = metadata.read_text("utf-8").splitlines(keepends=True)
        told = [f"Version: {version}\n" if line.startswith("Version: ") else line for line in lines]
        metadata.write_text("".join(told), encoding="utf-8")
    (folder / "decoy.desktop").write_text(DESKTOP.strip() + "\n", encoding="utf-8")
    plugin = textwrap.dedent(PLUGIN).format(before=before, front=front or bool(before))
    (folder / "decoy" / "__init__.py").write_text(plugin, encoding="utf-8")
    return folder


@pytest.fixture
def beside(installed: profile.Profile, krita_run: Any, practice: str, tmp_path: Path) -> Any:
    """``beside(versions, ...)`` plays the scenario with such a decoy; the data of the verdict."""

    def run(
        versions: dict[str, str], before: tuple[str, ...] = (), late: str = "", front: bool = False
    ) -> dict[str, Any]:
        own = profile.copy(installed, tmp_path / "home-decoy")
        own.add_plugin(decoy(installed, tmp_path / "decoys", versions, before, front))
        env = {"AIHORDE_API_URL": practice, "AIHORDE_TEST_LATE": late}
        verdict = krita_run(SCENARIO, env=env, after={"profile": own})
        assert verdict["ok"], verdict["error"]
        assert verdict["exit_code"] == 0
        data: dict[str, Any] = verdict["data"]
        assert data["decoy"] == [True, [255, 0, 0], "Accept"], "the neighbour does not work"
        return data

    return run


ALL = ("aiohttp", "PIL.Image", "qasync")


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param({"aiohttp": "3.11", "pillow": "11.0.0", "qasync": "0.27.1"}, id="older"),
        pytest.param({"aiohttp": "3.99.1", "pillow": "99.0", "qasync": "0.28.9"}, id="newer"),
    ],
)
def test_we_work_with_copies_that_were_loaded_before_ours(beside: Any, versions: dict[str, str]) -> None:
    data = beside(versions, ALL)

    assert any(name.startswith("a good neighbour") for name in data["layers"])
    for name, file in data["from"].items():
        assert "/pykrita/decoy/lib/" in file, f"{name}: a process holds one copy, and the decoy's was first"


@pytest.mark.parametrize(
    ("version", "module", "words"),
    [
        ({"aiohttp": "3.8.6"}, "aiohttp", "aiohttp 3.8.6 from"),
        ({"pillow": "9.4.0"}, "PIL.Image", "Pillow 9.4.0 from"),
        ({"qasync": "0.29.0"}, "qasync", "qasync 0.29.0 from"),
        ({"yarl": "1.9.4"}, "yarl", "yarl 1.9.4 from"),
    ],
)
def test_what_is_in_the_way_is_said_in_a_sentence(
    beside: Any, version: dict[str, str], module: str, words: str
) -> None:
    notice = beside(version, (module,))["notice"]

    assert notice.startswith(f"Krita AI Horde cannot start. {words}")
    assert "(the plugin “decoy” brings it) was loaded before ours" in notice
    assert "Update the plugin that brings it, or switch it off" in notice
    assert "Traceback" not in notice


@pytest.mark.parametrize("front", [True, False], ids=["before ours on the path", "after ours"])
def test_who_comes_after_us_gets_its_own_where_there_can_be_two(beside: Any, front: bool) -> None:
    # Packages that we carry for other Pythons, or for a rare need, and have not loaded.
    old = {"aiohttp": "3.8.6", "pillow": "9.4.0", "qasync": "0.22"}
    data = beside(old, late="packaging exceptiongroup aiohttp PIL.Image qasync", front=front)

    assert any(name.startswith("a good neighbour") for name in data["layers"])
    assert "/pykrita/decoy/lib/" in data["late"]["packaging"]
    assert "/pykrita/decoy/lib/" in data["late"]["exceptiongroup"]
    ours = ("/pykrita/krita_AIhorde/", "/aihorde/lib/")
    for name in ("aiohttp", "PIL.Image", "qasync"):
        assert any(folder in data["late"][name] for folder in ours), f"{name}: there is one, and it was ours"
    assert not [entry for entry in data["path"] if any(folder in entry for folder in ours)]
