"""A zip that Krita's importer takes as it is; the same bytes from the same checkout; nothing forgotten."""

from __future__ import annotations

import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from krita_AIhorde.door import assemble, bundle, manifest, release, system, vendor
from krita_AIhorde.door.system import DoorError

LINUX = next(wanted for wanted in bundle.SYSTEMS if wanted.name == "linux")


def small_build(package: Path, pythons: Sequence[str]) -> None:
    """Stands in for the vendored packages, which need a network."""
    (package / "vendor" / "aiohttp").mkdir(parents=True)
    (package / "vendor" / "aiohttp" / "__init__.py").write_text("", encoding="utf-8")
    (package / "vendor-pillow").mkdir()
    for python in pythons:
        tag = f"cp{python.replace('.', '')}"
        (package / "vendor-pillow" / f"pillow-{tag}-linux-x86_64-0123456789ab.zip").write_bytes(b"x" * 1000)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    file = tmp_path / "plugin.zip"
    bundle.make(file, LINUX, small_build)
    return file


def test_it_holds_what_the_importer_copies_and_nothing_else(made: Path, tmp_path: Path) -> None:
    assert bundle.problems(made) == []
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "out")
    package = tmp_path / "out" / "krita_AIhorde"

    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == [
        "krita_AIhorde",
        "krita_AIhorde.action",
        "krita_AIhorde.desktop",
    ]
    assert "krita_AIhorde/" in names, "the importer looks for the entry of the folder"
    assert "krita_AIhorde/vendor/aiohttp/" in names
    assert manifest.problems(package) == []
    assert (package / "pyproject.toml").is_file(), "the version is read from it"
    assert (package / "manual.html").is_file(), "the plugin manager shows it"
    assert not (package / "door").exists()
    assert not list(package.rglob("*.pyc"))


def test_the_same_checkout_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    os.utime(system.CHECKOUT / "krita_AIhorde.desktop")
    old = os.umask(0o077)
    try:
        bundle.make(again, LINUX, small_build)
    finally:
        os.umask(old)

    assert again.read_bytes() == made.read_bytes()
    with zipfile.ZipFile(made) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        modes = {stat.filemode(entry.external_attr >> 16) for entry in archive.infolist()}
    assert modes == {"-rw-r--r--", "drwxr-xr-x"}


def test_the_description_says_what_is_needed_where_the_plugin_manager_shows_it(made: Path) -> None:
    with zipfile.ZipFile(made) as archive:
        text = archive.read("krita_AIhorde.desktop").decode("utf-8")
        manual = archive.read("krita_AIhorde/manual.html").decode("utf-8")
    assert "X-KDE-Library=krita_AIhorde\n" in text
    assert re.search(r"^Comment=.*Needs Krita 5\.2 or newer\.$", text, re.MULTILINE)
    assert re.search(r"^X-Krita-Manual=manual\.html$", text, re.MULTILINE)
    assert "needs Krita 5.2 or newer" in manual


def rewritten(made: Path, change: Callable[[dict[str, bytes]], object]) -> list[str]:
    """What is said of a zip in which ``change`` has been made to the entries."""
    with zipfile.ZipFile(made) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return bundle.problems(made)


@pytest.mark.parametrize(
    "name",
    ["vendor-pillow/_webp.so", "vendor/x/libwebp.so.7", "vendor/x.pyd", "vendor/y.dll", "z.dylib"],
)
def test_a_compiled_file_in_the_package_is_refused(made: Path, name: str) -> None:
    said = rewritten(made, lambda entries: entries.update({f"krita_AIhorde/{name}": b""}))
    assert f"krita_AIhorde/{name} is compiled" in said


@pytest.mark.parametrize("name", ["plugin.py.orig", ".DS_Store", "ui/.docker.py.swp", "notes.txt"])
def test_what_lies_in_the_checkout_by_chance_is_refused(made: Path, name: str) -> None:
    said = rewritten(made, lambda entries: entries.update({f"krita_AIhorde/{name}": b""}))
    assert said == [f"krita_AIhorde/{name} is no part of the plugin"]


def test_what_the_importer_would_leave_behind_or_not_find_is_refused(made: Path) -> None:
    assert rewritten(made, lambda e: e.update({"README.md": b""})) == ["README.md would not be copied"]
    assert "the folder krita_AIhorde/ui/ has no entry" in rewritten(
        made, lambda e: e.pop("krita_AIhorde/ui/")
    )
    assert rewritten(made, lambda e: e.pop("krita_AIhorde/")) == ["krita_AIhorde/ is missing"]


def test_a_description_that_the_importer_cannot_read_is_refused(made: Path) -> None:
    bare = b"[Desktop Entry]\nX-KDE-Library=krita_AIhorde\n"
    assert "krita_AIhorde.desktop has no Name" in rewritten(
        made, lambda entries: entries.update({"krita_AIhorde.desktop": bare})
    )


def test_the_size_for_each_python_is_printed_and_limited(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = bundle.shares(made, LINUX.pythons)
    shared = made.stat().st_size - 5 * 1000
    assert sizes == dict.fromkeys(LINUX.pythons, shared + 1000)

    bundle.make(tmp_path / "again.zip", LINUX, small_build)
    assert f"3.14: {sizes['3.14'] / 1e6:.1f}" in capsys.readouterr().out

    monkeypatch.setattr(bundle, "LIMIT", sizes["3.10"] - 1)
    before = (tmp_path / "again.zip").read_bytes()
    with pytest.raises(DoorError, match=r"MB for Python 3\.10; 12 are the limit"):
        bundle.make(tmp_path / "again.zip", LINUX, small_build)
    assert (tmp_path / "again.zip").read_bytes() == before
    assert not list(tmp_path.glob(".*")), "nothing half done is left"


def test_every_system_s_kritas_are_served() -> None:
    systems = {wanted.name: wanted for wanted in bundle.SYSTEMS}

    assert set(systems) == {"windows", "macos", "linux", "linux-arm"}
    assert systems["macos"].platforms == ("macos-x86_64", "macos-arm64")
    assert all({"3.10", "3.13"} <= set(wanted.pythons) for wanted in bundle.SYSTEMS)
    assert systems["linux"].pythons == ("3.10", "3.11", "3.12", "3.13", "3.14")
    for wanted in bundle.SYSTEMS:
        for python in wanted.pythons:
            for platform in wanted.platforms:
                vendor.pillow_wheel(python, platform)  # raises where none is pinned


# Version and notes


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a release is made of."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    (folder / "HISTORY.md").write_text(
        "# History\n\n## 1.2.3\n\n- New things.\n\n## 1.2.2\n\n- Old things.\n", encoding="utf-8"
    )
    return folder


def test_the_notes_are_what_the_history_says_of_this_version(checkout: Path) -> None:
    assert release.notes(checkout) == "# Krita AI Horde 1.2.3\n\n- New things.\n"


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ("# History\n\n## 1.2.2\n\n- Old things.\n", "begins with “1.2.2”, and the version"),
        ("# History\n\n## Next\n\n- New.\n\n## 1.2.3\n\n- Old.\n", "begins with “Next”"),
        ("# History\n", "begins with “”"),
        ("# History\n\n## 1.2.3\n\n## 1.2.2\n\n- Old things.\n", "says nothing of 1.2.3 yet"),
    ],
)
def test_a_version_that_the_history_does_not_tell_of_is_refused(
    checkout: Path, tmp_path: Path, history: str, said: str
) -> None:
    (checkout / "HISTORY.md").write_text(history, encoding="utf-8")
    with pytest.raises(DoorError, match=said):
        bundle.bundle(tmp_path / "dist", checkout=checkout)
    assert not (tmp_path / "dist").exists()


def test_a_version_of_another_form_is_refused(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text('[project]\nversion = "1.2"\n', encoding="utf-8")
    with pytest.raises(DoorError, match=r"1\.2\.3"):
        release.version(checkout)


def test_this_checkout_can_be_released() -> None:
    assert release.notes(system.CHECKOUT).startswith(f"# Krita AI Horde {release.version(system.CHECKOUT)}\n")


def test_zips_notes_and_digests_lie_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        vendor, "build", lambda package, pythons, _platforms, _pip: small_build(package, pythons)
    )
    made = bundle.bundle(tmp_path / "dist")

    version = release.version(system.CHECKOUT)
    assert [file.name for file in made] == [
        f"krita_AIhorde-{version}-{name}.zip" for name in ("windows", "macos", "linux", "linux-arm")
    ]
    assert (tmp_path / "dist" / bundle.NOTES).read_text("utf-8") == release.notes(system.CHECKOUT)
    if shutil.which("sha256sum") is not None:
        command = f"cd {tmp_path / 'dist'} && sha256sum --check --quiet --strict {bundle.SUMS}"
        assert os.system(command) == 0
    assert len((tmp_path / "dist" / bundle.SUMS).read_text("ascii").splitlines()) == 4


# Actions


def test_krita_is_told_of_every_action() -> None:
    """What Krita is not told of in this file loses the artist's shortcut at every start."""
    text = (system.CHECKOUT / assemble.ACTION).read_text("utf-8")
    told = re.findall(
        r'<Action name="(\w+)">.*?<text>(.*?)</text>.*?<toolTip>(.+?)</toolTip>', text, re.DOTALL
    )
    plugin = (system.CHECKOUT / "krita_AIhorde" / "plugin.py").read_text("utf-8")
    made = re.findall(r'"(aihorde_\w+)", (?:tr\()?"(AI Horde: [^"]+)"', plugin)
    assert len(made) == 6
    assert [(name, words) for name, words, _tip in told] == made
