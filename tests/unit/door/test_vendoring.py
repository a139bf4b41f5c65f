"""Our packages come first while we load, and last ever after; Pillow is unpacked once, whole, by anybody."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from krita_AIhorde import vendoring
from krita_AIhorde.door import system
from krita_AIhorde.vendoring import VendorMissing

PURE = ("certifi", "attrs", "cattrs", "tenacity", "aiolimiter", "filelock", "aiohttp", "qasync")
REQUIREMENTS = """
dependencies = [
    "qasync==0.28.0",
    "aiohttp>=3.14.4",
    "PyQt5>=5.15.9",
    "Pillow>=12.3",
    "certifi",
]
"""


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
        write_package(folder / "vendor", name, "0.28.0" if name == "qasync" else "99.0", "ours")
    write_archive(folder / "vendor-pillow", PILLOW)
    (folder / "pyproject.toml").write_text(REQUIREMENTS, encoding="utf-8")
    return folder


def in_krita(package: Path, code: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a Python that has only what the test gives it; ``first`` leads its path."""
    prelude = f"""
import sys, pathlib
sys.path.append({str(system.CHECKOUT)!r})
if {first is not None}: sys.path.insert(0, {str(first)!r})
from krita_AIhorde import vendoring
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
        print(sys.path[-2:] == [str(package / "vendor"), str(next((data / "lib").iterdir()))])
        """,
        first=neighbour,
    )

    # idna: imported by the neighbour, later. yarl: only ours is there, and it is still found.
    assert says(answer).split("\n") == ["ours ours neighbour's ours", "True"]


def test_twice_is_as_good_as_once(package: Path) -> None:
    answer = in_krita(
        package,
        """
        vendoring.activate(data, package); once = list(sys.path)
        vendoring.activate(data, package)
        print(sys.path == once)
        """,
    )
    assert says(answer) == "True"


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


@pytest.mark.parametrize(
    ("version", "works"), [("3.14.4", True), ("4.0", True), ("3.14.3", False), ("3.8.1", False)]
)
def test_another_plugin_s_copy_that_came_first_will_do_if_new_enough(
    package: Path, tmp_path: Path, version: str, works: bool
) -> None:
    write_package(tmp_path / "neighbour", "aiohttp", version, "neighbour's")

    answer = in_krita(
        package,
        """
        import aiohttp
        try:
            vendoring.activate(data, package)
            print("works with", aiohttp.owner)
        except vendoring.VendorMissing as missing:
            print(missing)
        """,
        first=tmp_path / "neighbour",
    )

    if works:
        assert says(answer) == "works with neighbour's"
    else:
        assert f"aiohttp {version} from" in says(answer)
        assert "we need aiohttp >=3.14.4" in says(answer)


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

    assert said.startswith("Pillow could not be loaded by Python 3.")
    assert vendoring.platform_name() in said


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


# Unpacking


def test_what_is_unpacked_is_private_and_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = vendoring.unpack(write_archive(tmp_path / "one", PILLOW), data)
    before = (first / "PIL" / "__init__.py").stat().st_mtime_ns
    second = vendoring.unpack(write_archive(tmp_path / "two", {**PILLOW, "PIL/new.py": ""}), data)

    assert vendoring.unpack(next((tmp_path / "one").iterdir()), data) == first
    assert (first / "PIL" / "__init__.py").stat().st_mtime_ns == before, "unpacked again without need"
    assert sorted(entry.name for entry in (data / "lib").iterdir()) == sorted([first.name, second.name])
    if os.name == "posix":
        assert stat.S_IMODE((data / "lib").stat().st_mode) == 0o700
        assert stat.S_IMODE(first.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["missing", "short"])
def test_a_half_unpacked_folder_is_made_whole(tmp_path: Path, damage: str) -> None:
    archive = write_archive(tmp_path / "archives", PILLOW)
    folder = vendoring.unpack(archive, tmp_path / "data")
    library = folder / "pillow.libs" / "libwebp.so"
    if damage == "missing":
        library.unlink()
    else:
        library.write_text("x", encoding="utf-8")

    assert vendoring.unpack(archive, tmp_path / "data") == folder

    assert library.read_text("utf-8") == "x" * 1000
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_two_kritas_that_start_at_once_share_one_folder(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archives", {f"PIL/{n}.py": "x" * 10_000 for n in range(200)})
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from krita_AIhorde import vendoring\n"
        "print(vendoring.unpack(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))"
    )
    command = [sys.executable, "-c", code, str(system.CHECKOUT), str(archive), str(tmp_path / "data")]
    kritas = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {krita.communicate()[0].strip() for krita in kritas}

    assert [krita.returncode for krita in kritas] == [0] * 4
    assert len(said) == 1
    folder = Path(said.pop())
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]
    assert len(list((folder / "PIL").iterdir())) == 200


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/evil.py", "PIL/../../evil.py", "C:/evil.py", "PIL\\..\\evil.py"]
)
def test_an_archive_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    archive = write_archive(tmp_path / "archives", {**PILLOW, name: ""})

    with pytest.raises(VendorMissing, match="belongs elsewhere"):
        vendoring.unpack(archive, tmp_path / "data")

    assert list((tmp_path / "data" / "lib").iterdir()) == []


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("PIL/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = tmp_path / "pillow-cp311-x-000000000000.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(link, "/etc")

    with pytest.raises(VendorMissing, match="belongs elsewhere"):
        vendoring.unpack(archive, tmp_path / "data")


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archives", PILLOW)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(VendorMissing, match=r"damaged.*Install the plugin again"):
        vendoring.unpack(archive, tmp_path / "data")

    other = write_archive(tmp_path / "others", {**PILLOW, "PIL/Image.py": "changed"})
    archive.write_bytes(other.read_bytes())
    with pytest.raises(VendorMissing, match=r"is damaged"):
        vendoring.unpack(archive, tmp_path / "data")
