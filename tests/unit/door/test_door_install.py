"""Installing is all or nothing, and never touches what the artist made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from krita_AIhorde.door import doctor, install, manifest, system
from krita_AIhorde.door.places import Places
from krita_AIhorde.door.system import DoorError

KRITARC = b"[MainWindow]\nState=AAA\n[python]\nenable_other=true\n"


def small_build(package: Path, _pythons: Sequence[str]) -> None:
    """Stands in for the vendored packages, which need a network."""
    (package / "vendor").mkdir()
    (package / "vendor" / "aiohttp.py").write_text("version = 'new'\n", encoding="utf-8")


@pytest.fixture
def krita(tmp_path: Path) -> Places:
    places = Places(tmp_path / "krita" / "pykrita", tmp_path / "config" / "kritarc")
    places.kritarc.parent.mkdir()
    places.kritarc.write_bytes(KRITARC)
    return places


def put_old_version(places: Places) -> dict[str, bytes]:
    """An earlier version with a file of its own; its snapshot."""
    old = places.pykrita / "krita_AIhorde"
    old.mkdir(parents=True)
    (old / "__init__.py").write_text("old = True\n", encoding="utf-8")
    (places.pykrita / "krita_AIhorde.desktop").write_text("[Desktop Entry]\nName=old\n", encoding="utf-8")
    return snapshot(places)


def snapshot(places: Places) -> dict[str, bytes]:
    top = places.pykrita.parents[1]
    return {
        str(file.relative_to(top)): file.read_bytes() for file in sorted(top.rglob("*")) if file.is_file()
    }


def test_a_fresh_install_is_whole_and_switched_on(krita: Places) -> None:
    install.install(krita, pythons=["3.11"], build=small_build)

    package = krita.pykrita / "krita_AIhorde"
    assert manifest.problems(package) == []
    assert (package / "vendoring.py").read_bytes() == (
        system.CHECKOUT / "krita_AIhorde/vendoring.py"
    ).read_bytes()
    assert (package / "practice").is_dir(), "an artist can learn offline"
    assert not (package / "door").exists()
    assert (package / "pyproject.toml").is_file(), "the version is read from it"
    assert (krita.pykrita / "krita_AIhorde.desktop").is_file()
    assert sorted(entry.name for entry in krita.pykrita.iterdir()) == [
        "krita_AIhorde",
        "krita_AIhorde.desktop",
    ]
    action = krita.data / "actions" / "krita_AIhorde.action"
    assert action.read_bytes() == (system.CHECKOUT / "krita_AIhorde.action").read_bytes()
    assert krita.kritarc.read_bytes() == KRITARC.replace(
        b"[python]\n", b"[python]\nenable_krita_AIhorde=true\n"
    )


def test_an_update_replaces_every_file_of_the_old_version(krita: Places) -> None:
    put_old_version(krita)
    (krita.pykrita / "krita_AIhorde" / "gone.py").write_text("", encoding="utf-8")

    install.install(krita, pythons=["3.11"], build=small_build)

    assert not (krita.pykrita / "krita_AIhorde" / "gone.py").exists()
    assert "Name=Krita AI Horde" in (krita.pykrita / "krita_AIhorde.desktop").read_text("utf-8")


def test_an_import_check_that_fails_leaves_the_old_version(krita: Places) -> None:
    bare = python_without_packages(krita)
    before = put_old_version(krita)

    with pytest.raises(DoorError, match=r"does not load in Krita's Python: .*certifi"):
        install.install(krita, pythons=["3.11"], python=bare, build=small_build)

    assert snapshot(krita) == before


def python_without_packages(places: Places) -> Path:
    """A Python without site-packages: this one's has all that the plugin needs."""
    wrapper = places.kritarc.parent / "python"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n', encoding="utf-8")
    wrapper.chmod(0o700)
    return wrapper


@pytest.mark.parametrize("step", ["build", ".desktop", ".action", "kritarc"])
def test_any_failure_leaves_everything_as_it_was(
    krita: Places, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = put_old_version(krita)
    build = small_build
    if step == "build":

        def build(package: Path, pythons: Sequence[str]) -> None:
            small_build(package, pythons)
            raise DoorError("the network went away")

    elif step.startswith("."):
        real = install.os.replace
        monkeypatch.setattr(install.os, "replace", lambda a, b: fail() if b.suffix == step else real(a, b))
    else:
        monkeypatch.setattr(install, "_configure", lambda *_: fail())

    with pytest.raises((DoorError, OSError)):
        install.install(krita, pythons=["3.11"], build=build)

    assert snapshot(krita) == before


def fail() -> None:
    raise OSError(28, "No space left on device")


def test_a_power_cut_between_two_renames_is_mended(krita: Places) -> None:
    put_old_version(krita)
    # As it stands when the old version is already aside and the new one not yet in its place:
    (krita.pykrita / "krita_AIhorde").rename(krita.pykrita / "krita_AIhorde.old")
    (krita.pykrita / "krita_AIhorde.new").mkdir()

    with pytest.raises(DoorError):
        install.install(krita, pythons=["3.11"], build=lambda *_: (_ for _ in ()).throw(DoorError("offline")))

    assert (krita.pykrita / "krita_AIhorde" / "__init__.py").read_text("utf-8") == "old = True\n"
    assert not (krita.pykrita / "krita_AIhorde.old").exists()


def test_uninstall_takes_the_plugin_and_leaves_the_artist_s_data(krita: Places) -> None:
    install.install(krita, pythons=["3.11"], build=small_build)
    data = install.artists_data(krita)
    data.mkdir()
    (data / "settings.json").write_text("{}", encoding="utf-8")
    (krita.pykrita / "other.desktop").write_text("", encoding="utf-8")

    assert install.uninstall(krita) is True

    assert [entry.name for entry in krita.pykrita.iterdir()] == ["other.desktop"]
    assert krita.kritarc.read_bytes() == KRITARC
    assert (data / "settings.json").is_file()
    assert list(krita.actions.iterdir()) == []
    assert install.uninstall(krita) is False


def test_a_configuration_that_is_a_link_stays_one(krita: Places, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles"
    krita.kritarc.rename(real)
    krita.kritarc.symlink_to(real)

    install.install(krita, pythons=["3.11"], build=small_build)

    assert krita.kritarc.is_symlink()
    assert b"enable_krita_AIhorde=true" in real.read_bytes()


def test_the_manifest_tells_what_is_damaged(krita: Places) -> None:
    install.install(krita, pythons=["3.11"], build=small_build)
    package = krita.pykrita / "krita_AIhorde"
    (package / "about.py").unlink()
    (package / "paths.py").write_text("", encoding="utf-8")
    shutil.copytree(package / "vendor", package / "vendor" / "__pycache__")

    assert manifest.problems(package) == ["about.py is missing", "paths.py has been changed"]


def test_the_manifest_is_one_that_sha256sum_reads(krita: Places) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum on this system")
    install.install(krita, pythons=["3.11"], build=small_build)

    command = ["sha256sum", "--check", "--quiet", manifest.NAME]
    subprocess.run(command, cwd=krita.pykrita / "krita_AIhorde", check=True)


def test_the_doctor_finds_what_lies_beside_the_plugin_or_does_not(krita: Places) -> None:
    install.install(krita, pythons=["3.11"], build=small_build)
    assert all(check.ok for check in doctor._plugin(krita))

    (krita.actions / "krita_AIhorde.action").unlink()

    plugin = next(check for check in doctor._plugin(krita) if check.name == "Plugin")
    assert not plugin.ok
    assert plugin.found.endswith("krita_AIhorde.action is missing")
