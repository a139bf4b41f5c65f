"""The log: its owner's alone, never in the way, and gone when it is stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from krita_AIhorde import log

logger = logging.getLogger("krita_AIhorde.test")
Start = Callable[..., Callable[[], None]]


@pytest.fixture
def start() -> Iterator[Start]:
    """``log.start``, stopped at the end of the test if the test does not do it."""
    stops = []

    def started(folder: Path, viewer: Callable[[str], None] | None = None) -> Callable[[], None]:
        stops.append(log.start(folder, viewer))
        return stops[-1]

    yield started
    for stop in stops:
        stop()


def words(path: Path) -> list[str]:
    """What was said, without time, level and name."""
    return [line.split(": ", 1)[1] for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("level", "in_file", "in_viewer"),
    [
        (None, "info warning", "info warning"),
        ("info", "info warning", "info warning"),
        ("debug", "debug info warning", "info warning"),
        ("warning", "warning", "warning"),
        ("", "info warning", "info warning"),
        ("loud", "info warning", "info warning"),
    ],
)
def test_the_file_gets_what_was_asked_for_and_the_viewer_what_matters(
    start: Start, tmp_path: Path, level: str | None, in_file: str, in_viewer: str
) -> None:
    shown: list[str] = []
    start(tmp_path, shown.append)
    if level is not None:
        log.set_level("warning")
        log.set_level(level)
    logger.debug("debug")
    logger.info("info")
    logger.warning("warning")
    assert words(tmp_path / log.FILE) == in_file.split()
    assert [line.split(": ", 1)[1] for line in shown] == in_viewer.split()


def test_a_new_start_is_at_the_usual_level_again(start: Start, tmp_path: Path) -> None:
    start(tmp_path)()
    log.set_level("warning")
    start(tmp_path)
    logger.info("heard")
    assert words(tmp_path / log.FILE) == ["heard"]


def test_a_log_that_others_could_read_is_closed_to_them(start: Start, tmp_path: Path) -> None:
    (tmp_path / log.FILE).touch(0o644)
    (tmp_path / log.FILE).chmod(0o644)
    start(tmp_path)
    logger.info("more of it")
    assert (tmp_path / log.FILE).stat().st_mode & 0o777 == 0o600


def test_only_its_owner_can_read_it_after_a_rotation_too(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LARGEST", 300)
    start(tmp_path)
    for number in range(30):
        logger.info("line %d of a story that is longer than the file may be", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [log.FILE, f"{log.FILE}.1", f"{log.FILE}.2"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert all(path.stat().st_size <= 300 for path in tmp_path.iterdir())
    assert words(tmp_path / log.FILE)[-1].startswith("line 29 ")


def test_a_folder_that_cannot_be_written_is_told_once_and_disturbs_nobody(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[str] = []
    start(tmp_path / "is not there", shown.append)
    logger.info("first")
    logger.info("second")
    assert [line.split(": ", 1)[1] for line in shown] == [
        "first",
        "The log file cannot be written: No such file or directory",
        "second",
    ]
    assert capsys.readouterr() == ("", "")


def test_any_text_can_be_logged_and_the_viewer_gets_what_qt_takes(start: Start, tmp_path: Path) -> None:
    shown: list[str] = []
    start(tmp_path, shown.append)
    logger.info("%s", "Köln × 3 … \ud800 100 %s")
    assert words(tmp_path / log.FILE) == ["Köln × 3 … \\ud800 100 %s"]
    assert shown[0].isascii()
    assert shown[0].endswith(r"K\xf6ln \xd7 3 \u2026 \ud800 100 %s")


class Hosts(logging.Handler):
    """A handler of the host's, on the root logger."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.got.append(record.getMessage())


def test_the_host_s_own_log_is_left_alone(start: Start, tmp_path: Path) -> None:
    hosts, root, ours = Hosts(), logging.getLogger(), logging.getLogger(log.ROOT)
    before = list(ours.handlers)  # pytest has some
    root.addHandler(hosts)
    try:
        stop = start(tmp_path)
        logger.error("ours")
        logging.getLogger("somebody").error("the host's")
        stop()
    finally:
        root.removeHandler(hosts)
    assert hosts.got == ["the host's"]
    assert words(tmp_path / log.FILE) == ["ours"]
    assert ours.handlers == before
