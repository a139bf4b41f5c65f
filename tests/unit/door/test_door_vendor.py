"""What travels along is what was pinned, pure, and without what nobody needs."""

from __future__ import annotations

import hashlib
import itertools
import re
import zipfile
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from krita_AIhorde import vendoring
from krita_AIhorde.door import vendor
from krita_AIhorde.door.system import DoorError, Missing
from krita_AIhorde.door.vendor import Wheel


def wheel(folder: Path, name: str, files: dict[str, str]) -> Wheel:
    """A wheel in ``folder`` (a stand-in for the package index) and its pin."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wheel(f"{name}==1.0", digest, ("--platform=any",))


class Index:
    """A pip that serves from a folder, and remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[list[str]] = []

    def __call__(self, arguments: list[str]) -> None:
        self.asked.append(arguments)
        said = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
        for name in re.findall(r"^(\S+)==", Path(said["--requirement"]).read_text("utf-8"), re.MULTILINE):
            for file in self.folder.glob(f"{name}-*.whl"):
                (Path(said["--dest"]) / file.name).write_bytes(file.read_bytes())


def test_every_krita_in_use_has_a_pillow_on_every_platform() -> None:
    systems = (
        "linux-x86_64",
        "linux-aarch64",
        "macos-x86_64",
        "macos-arm64",
        "windows-amd64",
        "windows-arm64",
    )
    wheels = {
        vendor.pillow_wheel(python, platform)[1].sha256
        for python, platform in itertools.product((*vendor.PYTHONS, "3.12"), systems)
    }
    assert len(wheels) == 30

    with pytest.raises(Missing, match=r"no Pillow .* for Python 3.9"):
        vendor.pillow_wheel("3.9", "linux-x86_64")


def test_every_requirement_of_the_plugin_travels_along() -> None:
    pinned = {re.split("==", wheel.requirement)[0] for wheel in vendor.pure_wheels()}
    needed = set(vendoring.requirements()) - {"PyQt5", "Pillow"}

    assert needed <= pinned
    assert {"async-timeout", "exceptiongroup", "typing_extensions"} <= pinned, "Python 3.10 needs them"
    for wheel_ in vendor.pure_wheels():
        name, version = wheel_.requirement.split("==")
        allowed = vendoring.requirements().get(name, "")
        assert SpecifierSet(allowed).contains(version), f"{wheel_.requirement} against {allowed}"


def test_what_was_fetched_once_is_not_asked_for_again(tmp_path: Path) -> None:
    wanted = [
        wheel(tmp_path / "index", "one", {"one.py": ""}),
        wheel(tmp_path / "index", "two", {"two.py": ""}),
    ]
    pip = Index(tmp_path / "index")

    first = vendor.fetch(wanted, tmp_path / "cache", pip)
    assert vendor.fetch(wanted, tmp_path / "cache", pip) == first

    assert len(pip.asked) == 1
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(pip.asked[0])


def test_something_else_than_was_pinned_is_refused(tmp_path: Path) -> None:
    pinned = wheel(tmp_path / "index", "one", {"one.py": ""})
    wheel(tmp_path / "index", "one", {"one.py": "import evil"})

    with pytest.raises(DoorError, match=r"something else than was pinned: one==1\.0"):
        vendor.fetch([pinned], tmp_path / "cache", Index(tmp_path / "index"))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of two small packages that stand for all."""
    pure = wheel(
        tmp_path / "index",
        "pure",
        {
            "pure/__init__.py": "",
            "pure/_fast.pyx": "",
            "pure/tests/test_it.py": "",
            "pure-1.0.dist-info/METADATA": "Name: pure\nVersion: 1.0\n",
            "pure-1.0.dist-info/RECORD": "",
            "pure-1.0.dist-info/licenses/LICENSE": "do as you like",
        },
    )
    pillow = wheel(
        tmp_path / "index",
        "Pillow",
        {
            "PIL/__init__.py": "",
            "PIL/_webp.so": "webp",
            "PIL/_avif.so": "avif",
            "PIL/AvifImagePlugin.py": "",
            "pillow.libs/libavif-1.so": "avif",
            "pillow.libs/libwebp-1.so": "webp",
        },
    )
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(vendor, "pure_wheels", lambda: [pure])
    monkeypatch.setattr(vendor, "pillow_wheel", lambda python, platform: (f"cp{python}-{platform}", pillow))
    vendor.build(tmp_path / "package", ["311"], ["linux-x86_64"], Index(tmp_path / "index"))
    return tmp_path / "package"


def test_licences_come_along_and_noise_does_not(built: Path) -> None:
    files = sorted(
        file.relative_to(built / "vendor").as_posix() for file in built.rglob("vendor/**/*") if file.is_file()
    )
    assert files == ["pure-1.0.dist-info/METADATA", "pure-1.0.dist-info/licenses/LICENSE", "pure/__init__.py"]


def test_pillow_s_archive_is_named_after_its_content(built: Path) -> None:
    (archive,) = (built / "vendor-pillow").iterdir()
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()

    assert archive.name == f"pillow-cp311-linux-x86_64-{digest[:12]}.zip"
    with zipfile.ZipFile(archive) as opened:
        assert sorted(opened.namelist()) == [
            "PIL/AvifImagePlugin.py",
            "PIL/__init__.py",
            "PIL/_webp.so",
            "pillow.libs/libwebp-1.so",
        ]


def test_a_compiled_package_is_refused(tmp_path: Path) -> None:
    pinned = wheel(tmp_path / "index", "fast", {"fast/_fast.so": ""})

    with pytest.raises(DoorError, match=r"no pure Python package: it holds fast/_fast\.so"):
        vendor._unpack_pure(tmp_path / "index" / "fast-1.0-py3-none-any.whl", tmp_path / "vendor")
    assert pinned.requirement == "fast==1.0"
