"""The bundled zip goes through Krita's own importer, as the first one and as an update of a loaded one."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde import archives
from krita_AIhorde.door import bundle, install, krita, release, scenario, system, vendor

pytestmark = pytest.mark.timeout(400)
SCENARIOS = Path(__file__).with_name("scenarios")
OLD = "0.0.9"


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    """The zip for this system: that which was bundled for release, else one for this Krita's Python alone."""
    name = "linux-arm" if archives.platform_name() == "linux-aarch64" else "linux"
    if folder := os.environ.get("AIHORDE_TEST_BUNDLES"):
        return Path(folder) / f"krita_AIhorde-{release.version(system.CHECKOUT)}-{name}.zip"
    wanted = next(wanted for wanted in bundle.SYSTEMS if wanted.name == name)
    here = dataclasses.replace(wanted, pythons=install.pythons_for(krita.find()))
    bundle.make(tmp_path / "bundle.zip", here, vendor.build)
    return tmp_path / "bundle.zip"


def aged(new: Path, old: Path) -> Path:
    """An earlier release: another version, another Pillow, and a module that is no more."""
    with zipfile.ZipFile(new) as source, zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            name, content = entry.filename, source.read(entry)
            if name == "krita_AIhorde/pyproject.toml":
                content = re.sub(rb'(?m)^version = ".*"$', f'version = "{OLD}"'.encode(), content)
            elif "/vendor-pillow/pillow-" in name:
                changed = io.BytesIO(content)
                with zipfile.ZipFile(changed, "a") as build:
                    build.writestr("PIL/of_old.py", "")
                content = changed.getvalue()
                name = name[:-16] + hashlib.sha256(content).hexdigest()[:12] + ".zip"
            archive.writestr(name, content)
        archive.writestr("krita_AIhorde/of_old.py", "")
    return old


def test_a_zip_is_imported_updated_while_loaded_and_used(
    krita_run: Any, screen: str, practice: str, bundled: Path, tmp_path: Path
) -> None:
    home = scenario.prepare(tmp_path / "home-fresh", screen)
    package, actions = home.pykrita / "krita_AIhorde", home.places.actions
    env = {"AIHORDE_API_URL": practice, "AIHORDE_DATA_DIR": ""}  # the data where every artist has them
    data = home.pykrita.parent / "krita_AIhorde_data"

    old = aged(bundled, tmp_path / "old.zip")
    verdict = krita_run(
        SCENARIOS / "import_zip.py", env={**env, "AIHORDE_TEST_ZIP": str(old)}, after={"profile": home}
    )
    assert verdict["ok"], verdict["error"]
    assert len(verdict["data"]["asked"]) == 1, "only whether to enable it"
    assert "Krita AI Horde" in verdict["data"]["asked"][0]
    assert "enable_krita_AIhorde=true" in home.kritarc.read_text("utf-8")
    assert (package / "of_old.py").is_file()
    assert not data.exists()

    updating = {"AIHORDE_TEST_ZIP": str(bundled), "AIHORDE_TEST_PICTURE": "1"}
    verdict = krita_run(SCENARIOS / "import_zip.py", env={**env, **updating}, after=verdict)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    assert verdict["data"]["open"] == [], "Windows deletes no file that is open or loaded"
    overwrite, enable = verdict["data"]["asked"]
    assert "already exists" in overwrite
    assert "Enable" in enable
    assert any(name.startswith("results") for name in verdict["data"]["before"])
    assert verdict["data"]["after"] == verdict["data"]["before"], "the update touched what the artist made"
    (old_build,) = (entry for entry in (data / "lib").iterdir() if (entry / "PIL" / "of_old.py").exists())
    assert verdict["data"]["pillow"].startswith(str(old_build)), "the old one was loaded all the while"

    with zipfile.ZipFile(bundled) as archive:
        for entry in archive.infolist():
            if not entry.is_dir() and entry.filename.startswith("krita_AIhorde/"):
                assert (home.pykrita / entry.filename).read_bytes() == archive.read(entry)
        assert (actions / "krita_AIhorde.action").read_bytes() == archive.read("krita_AIhorde.action")
    assert not (package / "of_old.py").exists()

    (home.kritarc.parent / "kritashortcutsrc").write_text(
        "[Shortcuts]\naihorde_generate=Ctrl+Alt+G\n", "utf-8"
    )
    verdict = krita_run(SCENARIOS / "imported.py", env=env, after=verdict)
    assert verdict["ok"], verdict["error"]
    assert verdict["exit_code"] == 0
    found = verdict["data"]
    assert found["version"] == release.version(system.CHECKOUT)
    assert found["prompt"] == "a prompt to be kept"
    assert any(name.startswith("with what travels along") for name in found["layers"])
    (build,) = found["builds"]
    for name, file in found["from"].items():
        home_of = data / "lib" / build if name == "PIL" else package / "vendor"
        assert Path(file).is_relative_to(home_of), f"{name} came from {file}"
    assert found["shortcut"] == "Ctrl+Alt+G", (
        "Krita forgets shortcuts of actions that no .action file tells of"
    )

    compiled = [file for file in package.rglob("*") if {".so", ".pyd", ".dll", ".dylib"} & set(file.suffixes)]
    assert compiled == [], "what is loaded from the package could not be replaced on Windows"
