"""Krita is found, run in a profile of its own, and ended with everything that it started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from krita_AIhorde.door import display, krita, practice, profile, scenario, system
from krita_AIhorde.door.system import DoorError, Missing

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o700)
    return folder / name


@pytest.fixture
def own(tmp_path: Path) -> profile.Profile:
    return profile.new(tmp_path / "home")


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    made = program(tmp_path / "usr" / "bin", "krita", script)
    monkeypatch.setenv("PATH", f"{made.parent}:/usr/bin:/bin")
    return made


@posix
def test_krita_sees_its_own_home_and_nothing_of_our_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: profile.Profile
) -> None:
    stand_in(tmp_path, monkeypatch, "env; echo arguments $*")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("AIHORDE_API_KEY", "the artist's")
    monkeypatch.setenv("PATH", f"/venv/bin:{os.environ['PATH']}")

    result = krita.run_krita(
        own,
        display=":7",
        log=tmp_path / "log",
        env={"AIHORDE_API_URL": "http://x"},
        args=["a.kra"],
        timeout=30,
    )

    said = result.log.read_text("utf-8").splitlines()
    seen = dict(line.split("=", 1) for line in said if "=" in line)
    assert result.exit_code == 0
    assert said[-1] == "arguments --nosplash a.kra"
    assert seen["HOME"] == str(own.home)
    assert Path(seen["XDG_CONFIG_HOME"]) / "kritarc" == own.kritarc
    assert Path(seen["XDG_DATA_HOME"]) / "krita" / "pykrita" == own.pykrita
    assert (seen["DISPLAY"], seen["QT_QPA_PLATFORM"]) == (":7", "xcb")
    assert seen["AIHORDE_API_URL"] == "http://x"
    assert "AIHORDE_API_KEY" not in seen
    assert "PYTHONPATH" not in seen
    assert seen["PATH"].startswith(f"{tmp_path}/usr/bin:")


@posix
def test_a_krita_that_does_not_end_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: profile.Profile
) -> None:
    # The child holds the pipe open as long as it lives.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    stand_in(tmp_path, monkeypatch, f"sleep 600 > {pipe} & wait")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    result = krita.run_krita(own, display=":7", log=tmp_path / "log", timeout=0.3)

    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b"", "a child of Krita still runs"
    os.close(reader)
    assert result.timed_out is True
    assert result.exit_code < 0


@posix
def test_what_ends_without_a_verdict_is_told_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: profile.Profile
) -> None:
    stand_in(tmp_path, monkeypatch, "echo no screen; exit 3")

    verdict = scenario.play(own, None, folder=tmp_path, display=":7", timeout=30)

    assert verdict["ok"] is False
    assert verdict["error"] == "Krita ended with 3 before there was a verdict\nno screen"
    assert (verdict["exit_code"], verdict["seconds_to_quit"]) == (3, None)


def test_no_krita_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert krita.find() is None
    with pytest.raises(Missing, match="no krita"):
        krita.executable()


@pytest.mark.parametrize("libraries", ["lib/x86_64-linux-gnu", "lib64", "lib"])
def test_krita_s_python_is_read_from_its_plugin_host(tmp_path: Path, libraries: str) -> None:
    found = program(tmp_path / "bin", "krita", "")
    host = tmp_path / libraries / "kritaplugins" / "kritapykrita.so"
    assert krita.python_version(found) is None

    host.parent.mkdir(parents=True)
    host.write_bytes(b"\x7fELF\x00libc.so.6\x00libpython3.13.so.1.0\x00")

    assert krita.python_version(found) == "3.13"
    assert krita.python_of(found) is None
    beside = program(tmp_path / "bin", "python3.13", "")
    assert krita.python_of(found) == beside


def test_the_slow_first_start_happens_once(tmp_path: Path) -> None:
    found = program(tmp_path / "bin", "krita", "")
    starts: list[Path] = []

    def warm(fresh: profile.Profile) -> None:
        starts.append(fresh.home)
        (fresh.pykrita / "driver.desktop").touch()
        (fresh.pykrita.parent / "resourcecache.sqlite").write_text("built", encoding="utf-8")
        fresh.enable("driver")

    homes = [profile.warmed(tmp_path / name, found, warm, tmp_path / "cache") for name in ("one", "two")]

    assert len(starts) == 1
    for home in homes:
        assert (home.pykrita.parent / "resourcecache.sqlite").read_text("utf-8") == "built"
        assert list(home.pykrita.iterdir()) == []
        assert home.kritarc.read_bytes() == b""

    found.write_text("#!/bin/sh\n# another version\n", encoding="utf-8")
    profile.warmed(tmp_path / "three", found, warm, tmp_path / "cache")
    assert len(starts) == 2, "another Krita has another resource database"


def test_a_first_start_that_fails_leaves_no_profile_behind(tmp_path: Path) -> None:
    found = program(tmp_path / "bin", "krita", "")

    def fail(_fresh: profile.Profile) -> None:
        raise DoorError("Krita does not start")

    with pytest.raises(DoorError):
        profile.warmed(tmp_path / "home", found, fail, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@posix
def test_the_display_lives_as_long_as_it_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "Xvfb", f"echo $$ > {tmp_path}/pid; echo 42 > /dev/fd/$2; exec sleep 600")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with display.display(visible=False) as name:
        assert name == ":42"
        server = int((tmp_path / "pid").read_text("ascii"))
        os.kill(server, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@posix
def test_a_display_that_does_not_come_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "Xvfb", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(DoorError, match="Xvfb did not start"), display.display(visible=False):
        pytest.fail("there is no display")


def test_a_practice_horde_that_does_not_start_is_told_with_its_words(tmp_path: Path) -> None:
    python = program(tmp_path, "python", "echo port 5 is taken; exit 1")

    with (
        pytest.raises(DoorError, match="did not start: port 5 is taken"),
        practice.horde(python, log=tmp_path / "log"),
    ):
        pytest.fail("there is no horde")


@posix
def test_the_practice_horde_s_address_is_read_from_its_first_line(tmp_path: Path) -> None:
    python = program(tmp_path, "python", "echo Practice horde: http://127.0.0.1:5/api/v2; exec sleep 600")

    with practice.horde(python, "--pace", "2", log=tmp_path / "log") as url:
        assert url == "http://127.0.0.1:5/api/v2"


@posix
def test_whoever_ends_the_door_ends_what_it_started(tmp_path: Path) -> None:
    # The address comes last: what has read it finds the rest done.
    program(tmp_path, "Xvfb", f"echo $$ > {tmp_path}/pid; echo 42 > /dev/fd/$2; exec sleep 600")
    code = (
        "import sys, time; from krita_AIhorde.door import cli, demo, display, system\n"
        "def stuck(*_, **__):\n"
        "    with display.display(visible=False): print(flush=True); time.sleep(600)\n"
        "demo.demo = stuck\n"
        "sys.exit(cli.main(['demo']))"
    )
    path = f"{tmp_path}:/usr/bin:/bin"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=system.CHECKOUT,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
    ) as door:
        assert door.stdout is not None
        assert door.stdout.readline() == b"\n"

        door.terminate()

        assert door.wait(20) == 128 + 15
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("ascii")), 0)
