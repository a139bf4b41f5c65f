"""Pillow is unpacked once, whole, by anybody; and taken away when nobody uses it, and not before."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from plugin_folder import PILLOW, write_archive

from krita_AIhorde import archives
from krita_AIhorde.archives import VendorMissing
from krita_AIhorde.door import system


def test_what_is_unpacked_is_private_and_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = archives.unpack(write_archive(tmp_path / "one", PILLOW), data)
    before = (first / "PIL" / "__init__.py").stat().st_mtime_ns
    second = archives.unpack(write_archive(tmp_path / "two", {**PILLOW, "PIL/new.py": ""}), data)

    assert archives.unpack(next((tmp_path / "one").iterdir()), data) == first
    assert (first / "PIL" / "__init__.py").stat().st_mtime_ns == before, "unpacked again without need"
    assert sorted(entry.name for entry in (data / "lib").iterdir()) == sorted([first.name, second.name])
    if os.name == "posix":
        assert stat.S_IMODE((data / "lib").stat().st_mode) == 0o700
        assert stat.S_IMODE(first.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", ["missing", "short"])
def test_a_half_unpacked_folder_is_made_whole(tmp_path: Path, damage: str) -> None:
    archive = write_archive(tmp_path / "archives", PILLOW)
    folder = archives.unpack(archive, tmp_path / "data")
    library = folder / "pillow.libs" / "libwebp.so"
    if damage == "missing":
        library.unlink()
    else:
        library.write_text("x", encoding="utf-8")

    assert archives.unpack(archive, tmp_path / "data") == folder

    assert library.read_text("utf-8") == "x" * 1000
    assert [entry.name for entry in folder.parent.iterdir()] == [folder.name]


def test_two_kritas_that_start_at_once_share_one_folder(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archives", {f"PIL/{n}.py": "x" * 10_000 for n in range(200)})
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from krita_AIhorde import archives\n"
        "print(archives.unpack(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))"
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
        archives.unpack(archive, tmp_path / "data")

    assert list((tmp_path / "data" / "lib").iterdir()) == []


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("PIL/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = tmp_path / "pillow-cp311-x-000000000000.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(link, "/etc")

    with pytest.raises(VendorMissing, match="belongs elsewhere"):
        archives.unpack(archive, tmp_path / "data")


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archives", PILLOW)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(VendorMissing, match=r"damaged.*Install the plugin again"):
        archives.unpack(archive, tmp_path / "data")

    other = write_archive(tmp_path / "others", {**PILLOW, "PIL/Image.py": "changed"})
    archive.write_bytes(other.read_bytes())
    with pytest.raises(VendorMissing, match=r"is damaged"):
        archives.unpack(archive, tmp_path / "data")


# Clean-up

HOLDER = """
import sys, pathlib; sys.path.insert(0, sys.argv[1])
from krita_AIhorde import archives
hold = archives.take(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
print(hold.folder, flush=True)
sys.stdin.read()
"""


def builds(data: Path) -> set[str]:
    return {entry.name for entry in (data / "lib").iterdir()}


def test_a_build_that_nobody_uses_any_more_goes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    old = archives.take(write_archive(tmp_path / "old", PILLOW), data)
    new = archives.take(write_archive(tmp_path / "new", {**PILLOW, "PIL/new.py": ""}), data)
    old.release()

    assert archives.clean(data) == [old.folder.name]

    assert builds(data) == {new.folder.name}
    assert (new.folder / "PIL" / "new.py").is_file()
    assert archives.clean(data) == []
    new.release()


def test_what_another_krita_uses_stays_until_that_has_ended(tmp_path: Path) -> None:
    data = tmp_path / "data"
    archive = write_archive(tmp_path / "old", PILLOW)
    command = [sys.executable, "-c", HOLDER, str(system.CHECKOUT), str(archive), str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as krita:
        assert krita.stdout is not None
        folder = Path(krita.stdout.readline().strip())
        before = sorted(folder.rglob("*"))

        assert archives.clean(data) == []
        assert sorted(folder.rglob("*")) == before

        krita.kill()
    assert archives.clean(data) == [folder.name], "a Krita that was killed holds nothing"


def test_two_kritas_may_use_one_build(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archives", PILLOW)
    first, second = (archives.take(archive, tmp_path / "data") for _ in range(2))
    first.release()

    assert archives.clean(tmp_path / "data") == []
    assert first.folder == second.folder

    second.release()
    assert archives.clean(tmp_path / "data") == [second.folder.name]


def test_a_start_beside_a_clean_up_gets_a_whole_build(tmp_path: Path) -> None:
    """One process takes and lets go, another cleans up, as fast as they can."""
    archive, data = write_archive(tmp_path / "archives", PILLOW), tmp_path / "data"
    archives.take(archive, data).release()
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from krita_AIhorde import archives\n"
        "while True: \n"
        "    if archives.clean(pathlib.Path(sys.argv[2])): open(sys.argv[3], 'a').write('x')\n"
    )
    cleaned = tmp_path / "cleaned"
    command = [sys.executable, "-c", code, str(system.CHECKOUT), str(data), str(cleaned)]
    with subprocess.Popen(command) as cleaner:
        try:
            while not cleaned.exists() or cleaned.stat().st_size < 20:  # the test's own limit ends it
                hold = archives.take(archive, data)
                files = {
                    file.relative_to(hold.folder).as_posix(): file.stat().st_size
                    for file in hold.folder.rglob("*")
                    if file.is_file() and file.name != archives.IN_USE
                }
                assert files == {name: len(content) for name, content in PILLOW.items()}
                hold.release()
        finally:
            cleaner.kill()


def test_what_a_killed_krita_left_aside_goes_after_a_day(tmp_path: Path) -> None:
    hold = archives.take(write_archive(tmp_path / "archives", PILLOW), tmp_path / "data")
    aside = hold.folder.with_name(".0123456789ab-half")
    (aside / "PIL").mkdir(parents=True)

    assert archives.clean(tmp_path / "data") == [], "another Krita may be unpacking there right now"

    yesterday = time.time() - 25 * 3600
    os.utime(aside, (yesterday, yesterday))
    assert archives.clean(tmp_path / "data") == [aside.name]
    assert builds(tmp_path / "data") == {hold.folder.name}
    hold.release()


def test_where_nothing_was_ever_unpacked_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert archives.clean(tmp_path / "no folder") == []


def test_windows_leaves_what_another_krita_has_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no locks, an open file keeps its folder from being renamed, with this error."""

    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Access is denied")

    hold = archives.take(write_archive(tmp_path / "archives", PILLOW), tmp_path / "data")
    hold.release()
    with monkeypatch.context() as windows:
        windows.setattr(archives.sys, "platform", "win32")
        windows.setattr(Path, "rename", refuse)
        assert archives.clean(tmp_path / "data") == []
    assert (hold.folder / "PIL" / "Image.py").is_file()

    monkeypatch.setattr(archives.sys, "platform", "win32")
    assert archives.clean(tmp_path / "data") == [hold.folder.name], "nobody has it open any more"


def test_a_disk_without_locks_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(_file: object, _how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    hold = archives.take(write_archive(tmp_path / "archives", PILLOW), tmp_path / "data")
    hold.release()

    assert archives.clean(tmp_path / "data") == []
    assert (hold.folder / "PIL" / "Image.py").is_file()
