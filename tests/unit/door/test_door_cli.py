"""The door answers in words, for people and for programs."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from krita_AIhorde.door import system

DOOR = [sys.executable, "krita_AIhorde.py"]


def door(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DOOR, *arguments],
        cwd=system.CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
    )


@pytest.mark.parametrize("command", ["demo", "install", "uninstall", "test", "bundle", "practice", "doctor"])
def test_every_command_explains_itself(command: str) -> None:
    answer = door(command, "--help")

    assert answer.returncode == 0
    assert answer.stdout.startswith(f"usage: krita_AIhorde.py {command}")
    assert command in door("--help").stdout


def test_the_door_itself_needs_nothing_but_the_standard_library() -> None:
    # -S: no site-packages at all, as on a machine that has just been set up.
    code = (
        "import sys; from krita_AIhorde.door import bundle, cli, demo, doctor, install, practice, testing\n"
        "assert not {'aiohttp', 'attr', 'PIL', 'PyQt5'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-S", "-c", code], cwd=system.CHECKOUT, check=True)


class Heartbeat(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/api/v2/status/heartbeat" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def horde() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Heartbeat) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v2"
        server.shutdown()
        thread.join()


def doctor(tmp_path: Path, url: str) -> dict[str, dict[str, object]]:
    places = ["--pykrita", str(tmp_path / "pykrita"), "--kritarc", str(tmp_path / "kritarc")]
    answer = door("doctor", "--json", *places, env={"AIHORDE_API_URL": url})
    assert answer.returncode == 1, "there is no plugin, so not all is well"
    return {check["name"]: check for check in json.loads(answer.stdout)}


def test_the_doctor_says_what_to_do(tmp_path: Path, horde: str) -> None:
    checks = doctor(tmp_path, horde)

    assert checks["Python"]["ok"] is True
    assert checks["The Horde"]["ok"] is True
    assert checks["Plugin"]["ok"] is False
    assert checks["Plugin"]["remedy"] == "Run: python3 krita_AIhorde.py install"


def test_the_doctor_sees_that_nobody_answers(tmp_path: Path) -> None:
    checks = doctor(tmp_path, "http://127.0.0.1:9/api/v2")

    assert checks["The Horde"]["ok"] is False
    assert "online" in str(checks["The Horde"]["remedy"])


def test_uninstall_without_a_plugin_is_no_error(tmp_path: Path) -> None:
    answer = door("uninstall", "--pykrita", str(tmp_path), "--kritarc", str(tmp_path / "kritarc"))

    assert answer.returncode == 0
    assert f"There was no plugin in {tmp_path}" in answer.stdout
