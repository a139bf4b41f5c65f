"""Copies of our packages that another plugin has loaded before us: they will do, or are in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin_folder import in_krita, says, write_package

from krita_AIhorde import vendoring

BEFORE = """
import {module} as theirs
try:
    vendoring.activate(data, package)
    print("works with", theirs.owner)
except vendoring.InTheWay as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("name", "version", "works"),
    [
        ("aiohttp", "3.10", True),
        ("aiohttp", "3.14.5", True),
        ("aiohttp", "3.99rc1", True),
        ("aiohttp", "3.9.5", False),
        ("aiohttp", "3.10rc1", False),
        ("aiohttp", "4.0", False),
        ("qasync", "0.28.0", True),
        ("qasync", "0.29", False),
        ("filelock", "3.25.post1", True),
        ("filelock", "4.0.1", False),
        ("PIL", "11.0.0", True),
        ("PIL", "9.4.0", False),
    ],
)
def test_another_plugin_s_copy_that_came_first_will_do_if_it_is_in_the_range(
    package: Path, tmp_path: Path, name: str, version: str, works: bool
) -> None:
    brings = tmp_path / "pykrita" / "other_plugin" / "lib"
    write_package(brings, name, version, "theirs")

    said = says(in_krita(package, BEFORE.format(module=name), first=brings))

    if works:
        assert said == "works with theirs"
    else:
        project = "Pillow" if name == "PIL" else name
        assert said.startswith(f"{project} {version} from {brings} (the plugin “other_plugin” brings it)")
        assert f"we need {project} {vendoring.requirements(package)[project]}" in said
        assert "Traceback" not in said


@pytest.mark.parametrize(
    ("version", "works"), [("3.99", True), ("3.0", False), ("", True), ("unknown", True)]
)
def test_a_copy_without_metadata_is_asked_for_its_version(
    package: Path, tmp_path: Path, version: str, works: bool
) -> None:
    """Plugins carry packages as mere folders, too; where nobody tells a version, the import will."""
    (tmp_path / "neighbour" / "aiohttp").mkdir(parents=True)
    text = "owner = 'theirs'\n" + (f"__version__ = {version!r}\n" if version else "")
    (tmp_path / "neighbour" / "aiohttp" / "__init__.py").write_text(text, encoding="utf-8")

    said = says(in_krita(package, BEFORE.format(module="aiohttp"), first=tmp_path / "neighbour"))

    assert said == "works with theirs" if works else said.startswith(f"aiohttp {version} from")


@pytest.mark.parametrize(("version", "works"), [("1.25.1", True), ("2.0", False), ("1.9.4", False)])
def test_what_our_packages_need_is_held_to_what_they_say(
    package: Path, tmp_path: Path, version: str, works: bool
) -> None:
    """yarl is in nobody's list but aiohttp's own."""
    write_package(package / "vendor", "yarl", "1.26", "ours")
    metadata = package / "vendor" / "aiohttp-3.14.5.dist-info" / "METADATA"
    needs = "Requires-Dist: yarl<2.0,>=1.25\nRequires-Dist: yarl<1; extra == 'speedups'\n"
    metadata.write_text(metadata.read_text("utf-8") + needs, encoding="utf-8")
    write_package(tmp_path / "neighbour", "yarl", version, "theirs")

    said = says(in_krita(package, BEFORE.format(module="yarl"), first=tmp_path / "neighbour"))

    if works:
        assert said == "works with theirs"
    else:
        assert f"yarl {version} from {tmp_path / 'neighbour'} was loaded before ours" in said
        assert "our aiohttp needs yarl <2.0,>=1.25" in said


def test_what_a_neighbour_s_copy_needs_is_the_neighbour_s_business(package: Path, tmp_path: Path) -> None:
    write_package(package / "vendor", "yarl", "1.26", "ours")
    metadata = package / "vendor" / "aiohttp-3.14.5.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text("utf-8") + "Requires-Dist: yarl>=1.25\n", encoding="utf-8")
    write_package(tmp_path / "neighbour", "yarl", "1.9", "theirs")
    write_package(tmp_path / "neighbour", "aiohttp", "3.11", "theirs")

    code = "import yarl\n" + BEFORE.format(module="aiohttp")
    assert says(in_krita(package, code, first=tmp_path / "neighbour")) == "works with theirs"


def test_packaging_is_not_loaded_where_nobody_was_first(package: Path) -> None:
    answer = in_krita(package, "vendoring.activate(data, package); print('packaging' in sys.modules)")
    assert says(answer) == "False"
