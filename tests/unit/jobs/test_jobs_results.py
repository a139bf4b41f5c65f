"""Results on disk: whole or not there, nobody else's to read, and within the limit where that can be."""

from __future__ import annotations

import errno
import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from krita_AIhorde.jobs.results import Kept, Results, file_stem, overflow

WEBP, PNG, JPEG = b"RIFF\x04\0\0\0WEBP and so on", b"\x89PNG\r\n\x1a\n and so on", b"\xff\xd8\xff and so on"
ID = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
NOVEMBER = time.mktime((2026, 11, 23, 12, 0, 0, 0, 0, -1))


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "results", clock=lambda: NOVEMBER)


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(WEBP, ".webp"), (PNG, ".png"), (JPEG, ".jpg"), (b"a page of text", ".bin"), (b"", ".bin")],
)
def test_what_is_saved_is_there_again_under_its_month_and_its_true_suffix(
    results: Results, data: bytes, suffix: str
) -> None:
    relative = results.save(ID, data)
    assert relative == f"2026-11/{ID}{suffix}"
    assert results.read(relative) == data


def test_another_krita_finds_it_too(results: Results, tmp_path: Path) -> None:
    relative = results.save(ID, WEBP)
    assert Results(tmp_path / "results").read(relative) == WEBP


def test_only_their_owner_can_read_them(results: Results, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        relative = results.save(ID, WEBP)
    finally:
        os.umask(old)
    file = tmp_path / "results" / relative
    modes = [path.stat().st_mode & 0o777 for path in (file, file.parent, file.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_the_same_image_again_takes_the_old_one_s_place(results: Results, tmp_path: Path) -> None:
    assert results.save(ID, WEBP) == results.save(ID, WEBP + b"!")
    assert everything(tmp_path) == [f"results/2026-11/{ID}.webp"]
    assert results.total() == len(WEBP) + 1


def test_what_is_removed_is_gone_and_the_second_time_does_nothing(results: Results) -> None:
    kept, gone = results.save("kept", PNG), results.save("gone", WEBP)
    assert results.remove(gone)
    assert not results.remove(gone)
    with pytest.raises(FileNotFoundError):
        results.read(gone)
    assert results.read(kept) == PNG
    assert results.total() == len(PNG)


def test_a_folder_that_is_not_there_yet_is_empty(results: Results, tmp_path: Path) -> None:
    assert (results.total(), results.sweep(), results.remove("2026-11/x.webp")) == (0, 0, False)
    assert not list(tmp_path.iterdir())


# Names


@given(st.text(st.characters(exclude_categories=())))
@example("")
@example("CON")
@example("nul")
@example("../../.bashrc")
@example("a" * 10_000)
@example("C:\\Windows")
@example("\ud800\0")
def test_any_name_is_one_that_every_system_takes(name: str) -> None:
    stem = file_stem(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", stem)
    assert stem not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


@given(st.text(), st.text())
@example("Fox", "fox")
@example("a/b", "a-b")
@example("", " ")
@example("a" * 200, "a" * 201)
def test_two_names_are_two_files(one: str, other: str) -> None:
    assert (file_stem(one) == file_stem(other)) == (one == other)


def test_a_name_that_leads_elsewhere_does_not(results: Results, tmp_path: Path) -> None:
    relative = results.save("../../elsewhere", WEBP)
    assert results.read(relative) == WEBP
    assert everything(tmp_path) == [f"results/{relative}"]


# Paths that a damaged journal may hold


@pytest.mark.parametrize(
    "relative",
    [
        "", ".", "..", "/", "2026-11", "2026-11/", "2026-11/.", "2026-11/..", "secret.png", "../secret.png",
        "2026-11/../../secret.png", "2026-11/../../../secret.png", "2026-11//secret.png",
        "/2026-11/secret.png", "2026-11\\secret.png", "2026-11/..\\..\\secret.png", "C:/secret.png",
        "2026-11/secret.png\n",
        "2026-11/secret.png\0", "2026-11/secret.png:stream", "2026-11/secret.txt", "2026-11/.secret.png",
        "٢٠٢٦-١١/secret.png", "{absolute}",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(results: Results, tmp_path: Path, relative: str) -> None:
    results.save("mine", PNG)
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"somebody's")
    relative = relative.format(absolute=secret)
    with pytest.raises(FileNotFoundError):
        results.read(relative)
    assert not results.remove(relative)
    assert everything(tmp_path) == ["results/2026-11/mine.png", "secret.png"]


def test_links_are_not_followed(results: Results, tmp_path: Path) -> None:
    results.save("mine", PNG)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.png").write_bytes(b"somebody's")
    left = outside / f".{'0' * 16}.part"
    left.write_bytes(b"")
    os.utime(left, (0, 0))
    folder = tmp_path / "results"
    (folder / "2026-12").symlink_to(outside)
    (folder / "2026-11" / "secret.png").symlink_to(outside / "secret.png")
    for relative in ("2026-12/secret.png", "2026-11/secret.png"):
        with pytest.raises(FileNotFoundError):
            results.read(relative)
        assert not results.remove(relative)
    assert results.total() == len(PNG)
    assert results.sweep() == 0
    assert len(list(outside.iterdir())) == 2


def test_a_folder_in_an_image_s_place_is_no_image(results: Results, tmp_path: Path) -> None:
    (tmp_path / "results" / "2026-11" / "x.png").mkdir(parents=True)
    assert not results.remove("2026-11/x.png")
    assert results.total() == 0


# Disks that fail


def failing(at: int, error: int = errno.ENOSPC) -> Any:
    """A system call that works until its ``at``-th time."""
    calls: list[object] = []

    def call(real: Any, *args: Any) -> Any:
        calls.append(args)
        if len(calls) == at:
            raise OSError(error, os.strerror(error))
        return real(*args)

    return call


@pytest.mark.parametrize("function", ["write", "fsync", "replace", "open"])
@pytest.mark.parametrize("before", [None, WEBP])
def test_a_full_disk_leaves_no_half_file_and_spares_the_old_one(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, before: bytes | None
) -> None:
    if before is not None:
        results.save(ID, before)
    real, fails = getattr(os, function), failing(1)
    with monkeypatch.context() as patch:
        patch.setattr(os, function, lambda *args: fails(real, *args))
        with pytest.raises(OSError, match="No space left"):
            results.save(ID, WEBP + bytes(1000))
    assert everything(tmp_path) == ([] if before is None else [f"results/2026-11/{ID}.webp"])
    assert results.total() == len(before or b"")
    relative = results.save(ID, PNG)
    assert results.read(relative) == PNG, "and it works again once there is room"


def test_a_disk_that_is_full_half_way_leaves_nothing(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fails = os.write, failing(3)
    monkeypatch.setattr(os, "write", lambda handle, data: fails(real, handle, data[:5]))
    with pytest.raises(OSError, match="No space left"):
        results.save(ID, WEBP)
    assert everything(tmp_path) == []


def test_a_folder_that_does_not_reach_the_disk_is_told_and_the_image_is_whole(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, fails = os.fsync, failing(2, errno.EIO)
    monkeypatch.setattr(os, "fsync", lambda handle: fails(real, handle))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        results.save(ID, WEBP)
    assert everything(tmp_path) == [f"results/2026-11/{ID}.webp"]
    assert results.read(f"2026-11/{ID}.webp") == WEBP


def test_a_system_that_writes_in_small_pieces_writes_everything(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    assert results.read(results.save(ID, WEBP)) == WEBP


def test_the_bytes_are_on_the_disk_before_the_name_is_and_then_the_name_too(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut could leave an empty file under a good name, or none at all."""
    order: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    def renamed(old: Path, new: Path) -> None:
        order.append("name")
        replace(old, new)

    if not Path("/proc/self/fd").exists():
        pytest.skip("nothing tells what a handle is of")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    results.save(ID, WEBP)
    assert order == ["file", "name", "folder", "folder"], "the month's folder is new as well"
    order.clear()
    results.save("another", WEBP)
    assert order == ["file", "name", "folder"]


def test_where_the_folder_cannot_be_made_nothing_is_saved(tmp_path: Path) -> None:
    (tmp_path / "results").write_bytes(b"")
    with pytest.raises(OSError, match="exists"):
        Results(tmp_path / "results").save(ID, WEBP)


# Leftovers


def leftover(tmp_path: Path, age: float) -> Path:
    file: Path = tmp_path / "results" / "2026-11" / f".{int(age):016x}.part"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(WEBP)
    os.utime(file, (NOVEMBER - age, NOVEMBER - age))
    return file


def test_leftovers_of_writers_that_are_gone_are_swept_away(results: Results, tmp_path: Path) -> None:
    relative = results.save(ID, WEBP)
    fresh, gone, old = (leftover(tmp_path, age) for age in (5, 300, 4000))
    assert results.total() == len(WEBP), "they are no images"
    assert results.sweep() == 2
    assert fresh.exists(), "its writer may just have made it"
    assert not gone.exists()
    assert not old.exists()
    assert results.read(relative) == WEBP


def test_a_write_that_goes_on_in_the_other_krita_is_not_swept_away(results: Results, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    slow = leftover(tmp_path, 300)
    with slow.open("rb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        assert results.sweep() == 0
        assert slow.exists()
    assert results.sweep() == 1


def test_our_own_write_holds_its_file(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("fcntl")
    swept: list[int] = []
    fsync = os.fsync

    def sweeping(handle: int) -> None:
        for part in (tmp_path / "results" / "2026-11").glob(".*.part"):
            os.utime(part, (NOVEMBER - 300, NOVEMBER - 300))
            swept.append(results.sweep())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", sweeping)
    assert results.read(results.save(ID, WEBP)) == WEBP
    assert swept == [0]


def test_files_of_the_artist_s_own_are_neither_counted_nor_swept(results: Results, tmp_path: Path) -> None:
    results.save(ID, WEBP)
    theirs = [
        tmp_path / "results" / name
        for name in ("readme.txt", ".part", "2026-11/My Fox.webp", "2026-11/.x.part")
    ]
    for file in theirs:
        file.write_bytes(b"theirs")
        os.utime(file, (0, 0))
    assert results.total() == len(WEBP)
    assert results.sweep() == 0
    assert all(file.exists() for file in theirs)


# The limit

kept = st.builds(
    Kept,
    path=st.uuids().map(str),
    size=st.integers(0, 100),
    saved_at=st.integers(0, 20).map(float),
    landed=st.booleans(),
    favourite=st.booleans(),
)
many = st.lists(kept, max_size=12, unique_by=lambda entry: entry.path)
limits = st.integers(0, 600)


def size(entries: list[Kept]) -> int:
    return sum(entry.size for entry in entries)


@settings(deadline=None)
@given(many, limits)
def test_favourites_and_what_has_not_landed_stay_whatever_the_limit(entries: list[Kept], limit: int) -> None:
    assert all(entry.landed and not entry.favourite for entry in overflow(entries, limit))


@settings(deadline=None)
@given(many, limits)
def test_the_rest_is_within_the_limit_or_holds_nothing_that_may_go(entries: list[Kept], limit: int) -> None:
    removed = overflow(entries, limit)
    rest = [entry for entry in entries if entry not in removed]
    assert len(rest) + len(removed) == len(entries)
    assert size(rest) <= limit or all(entry.favourite or not entry.landed for entry in rest)


@settings(deadline=None)
@given(many, limits)
def test_no_more_is_removed_than_needed_and_nothing_before_what_is_older(
    entries: list[Kept], limit: int
) -> None:
    removed = overflow(entries, limit)
    if removed:
        assert size(entries) - size(removed[:-1]) > limit, "without the last one it was still too much"
    ages = [entry.saved_at for entry in removed]
    assert ages == sorted(ages)
    spared = [e.saved_at for e in entries if e.landed and not e.favourite and e not in removed]
    assert not removed or not spared or max(ages) <= min(spared)


@settings(deadline=None)
@given(st.permutations([Kept(str(n), 10, float(n % 3), landed=True) for n in range(6)]))
def test_the_order_in_which_they_are_named_does_not_matter(entries: list[Kept]) -> None:
    assert [entry.path for entry in overflow(entries, 30)] == ["0", "3", "1"]
