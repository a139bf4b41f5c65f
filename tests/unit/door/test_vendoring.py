"""Our packages come first while we load, and last ever after."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin_folder import in_krita, says, write_package

from krita_AIhorde import archives, vendoring


def test_ours_is_loaded_and_then_everybody_else_s_comes_first(package: Path, tmp_path: Path) -> None:
    neighbour = tmp_path / "neighbour"
    for name in ("aiohttp", "PIL"):
        write_package(neighbour, name, "1.0", "neighbour's")
    write_package(neighbour, "idna", "1.0", "neighbour's")
    write_package(package / "vendor", "idna", "9.0", "ours")
    write_package(package / "vendor", "yarl", "9.0", "ours")

    answer = in_krita(
        package,
        """
        vendoring.activate(data, package)
        import aiohttp, PIL, idna, yarl
        print(aiohttp.owner, PIL.owner, idna.owner, yarl.owner)
        print(not any(str(package) in entry or str(data) in entry for entry in sys.path))
        """,
        first=neighbour,
    )

    # idna: imported by the neighbour, later. yarl: only ours is there, and it is still found.
    assert says(answer).split("\n") == ["ours ours neighbour's ours", "True"]


def test_twice_is_as_good_as_once(package: Path) -> None:
    answer = in_krita(
        package,
        """
        before = list(sys.path)
        vendoring.activate(data, package); once = list(sys.meta_path)
        vendoring.activate(data, package)
        print(sys.path == before, len(sys.meta_path) == len(once))
        """,
    )
    assert says(answer) == "True True"


def test_qasync_waits_for_qt(package: Path, tmp_path: Path) -> None:
    write_package(tmp_path / "qt", "PyQt5", "5.15", "qt's")
    (tmp_path / "qt" / "PyQt5" / "QtCore.py").write_text("", encoding="utf-8")

    answer = in_krita(
        package,
        """
        vendoring.activate(data, package)
        print("qasync" in sys.modules)
        import PyQt5.QtCore
        vendoring.activate(data, package)
        print("qasync" in sys.modules)
        """,
        first=tmp_path / "qt",
    )
    assert says(answer).split("\n") == ["False", "True"]


def test_the_version_of_what_we_have_loaded_can_be_asked_for(package: Path, tmp_path: Path) -> None:
    """As `attr.__version__` does; and a neighbour who asks for a copy of its own is told of that."""
    write_package(tmp_path / "neighbour", "idna", "1.0", "theirs")
    write_package(package / "vendor", "idna", "9.0", "ours")

    answer = in_krita(
        package,
        """
        from importlib.metadata import distributions, version
        vendoring.activate(data, package)
        elsewhere = list(distributions(name="aiohttp", path=["/nowhere"]))
        print(version("aiohttp"), version("idna"), len(elsewhere))
        """,
        first=tmp_path / "neighbour",
    )
    assert says(answer) == "3.14.5 1.0 0"


@pytest.mark.parametrize("late", [False, True])
def test_who_comes_after_us_gets_a_copy_of_its_own(package: Path, tmp_path: Path, late: bool) -> None:
    """Even if it puts its folder behind everybody else's, and long after us."""
    write_package(package / "vendor", "idna", "9.0", "ours")
    write_package(tmp_path / "neighbour", "idna", "1.0", "theirs")
    add = f"sys.path.append({str(tmp_path / 'neighbour')!r})\n"
    activate = "vendoring.activate(data, package)\n"

    answer = in_krita(
        package, (activate + add if late else add + activate) + "import idna; print(idna.owner)"
    )

    assert says(answer) == "theirs"


MISSING = """
try:
    vendoring.activate(data, package)
except vendoring.VendorMissing as missing:
    print(missing)
"""


def test_a_copy_without_its_packages_says_so(tmp_path: Path) -> None:
    source = tmp_path / "krita_AIhorde"
    source.mkdir()

    assert says(in_krita(source, MISSING)) == "certifi is missing: this copy of the plugin came without it."


def test_no_pillow_for_this_python_is_told_with_its_version(package: Path) -> None:
    for build in (package / "vendor-pillow").iterdir():
        build.rename(build.with_name(build.name.replace(vendoring.python_tag(), "cp39")))

    said = says(in_krita(package, MISSING))

    here = archives.spoken(vendoring.platform_name())
    assert said.startswith(
        f"This copy of the plugin was made for {here} with Python 3.9; this is {here} with"
    )


def test_packages_from_elsewhere_will_do(tmp_path: Path, package: Path) -> None:
    """As in a developer's environment: nothing travels along, and all is there."""
    (package / "vendor").rename(tmp_path / "site")
    for build in (package / "vendor-pillow").iterdir():
        build.unlink()
    write_package(tmp_path / "site", "PIL", "12.3.0", "site's")

    assert (
        says(in_krita(package, "vendoring.activate(data, package); print('fine')", tmp_path / "site"))
        == "fine"
    )
