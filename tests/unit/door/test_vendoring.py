"""Our packages come first while we load, and last ever after; Pillow is unpacked once, whole, by anybody."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import packaging
import pytest

from krita_AIhorde import archives, vendoring
from krita_AIhorde.door import system

PURE = ("certifi", "attrs", "cattrs", "tenacity", "aiolimiter", "filelock", "aiohttp", "qasync")
REQUIREMENTS = """
dependencies = [
    "qasync>=0.25,<0.29",
    "aiohttp>=3.10,<4",
    "PyQt5>=5.15.9",
    "Pillow>=11",
    "filelock>=3.20,<4",
    "certifi",
]
"""
VERSIONS = {"qasync": "0.28.0", "aiohttp": "3.14.5", "filelock": "3.32.7"}


def write_package(folder: Path, name: str, version: str, owner: str) -> None:
    """A package ``name`` that knows whose copy it is, with the metadata that pip leaves beside it."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(f"owner = {owner!r}\n", encoding="utf-8")
    if name == "PIL":
        (folder / name / "Image.py").write_text("", encoding="utf-8")
    info = folder / f"{'pillow' if name == 'PIL' else name}-{version}.dist-info"
    info.mkdir()
    project = "pillow" if name == "PIL" else name
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n", "utf-8")


def write_archive(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part"
    with zipfile.ZipFile(part, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    digest = hashlib.sha256(part.read_bytes()).hexdigest()[:12]
    tag = f"{vendoring.python_tag()}-{vendoring.platform_name()}"
    return part.rename(folder / f"pillow-{tag}-{digest}.zip")


PILLOW = {"PIL/__init__.py": "owner = 'ours'\n", "PIL/Image.py": "", "pillow.libs/libwebp.so": "x" * 1000}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installed plugin with all that travels along."""
    folder = tmp_path / "krita_AIhorde"
    for name in PURE:
        write_package(folder / "vendor", name, VERSIONS.get(name, "99.0"), "ours")
    # The real one: it is what judges the others.
    shutil.copytree(Path(packaging.__file__).parent, folder / "vendor" / "packaging")
    write_archive(folder / "vendor-pillow", PILLOW)
    (folder / "pyproject.toml").write_text(REQUIREMENTS, encoding="utf-8")
    return folder


def in_krita(package: Path, code: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a Python that has only what the test gives it; ``first`` leads its path."""
    prelude = f"""
import sys, pathlib
sys.path.append({str(system.CHECKOUT)!r})
if {first is not None}: sys.path.insert(0, {str(first)!r})
from krita_AIhorde import archives, vendoring
package, data = pathlib.Path({str(package)!r}), pathlib.Path({str(package.parent / "data")!r})
"""
    return subprocess.run(
        [sys.executable, "-S", "-I", "-c", prelude + textwrap.dedent(code)],
        check=False,
        capture_output=True,
        text=True,
    )


def says(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


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


@pytest.mark.parametrize(("version", "works"), [("3.99", True), ("3.0", False), ("", True)])
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
