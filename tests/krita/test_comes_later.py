"""No network when Krita starts; a proxy in between: what the docker says, and how it goes on by itself."""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hordes import log_of
from secure_horde import URL_OF_IT, secure_horde

from krita_AIhorde.door import practice as practice_process

SCENARIO = Path(__file__).with_name("scenarios") / "comes_later.py"
KEY = "practice-user"
OFFLINE = 5.0  # seconds
pytestmark = pytest.mark.timeout(400)


def when_told(go: Path, then: Callable[[], None], over: threading.Event) -> threading.Thread:
    """``then()`` as soon as there is a file ``go``."""

    def wait() -> None:
        while not over.wait(0.02):
            if go.exists():
                then()
                return

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def attempts(data: Path) -> list[str]:
    log = (data / "aihorde.log").read_text("utf-8")
    return re.findall(r"(?:GET|POST) /\S+: (?:Unreachable|ProxyRefused)", log)


def test_the_network_comes_after_krita(krita_run: Any, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    go, data, over = tmp_path / "go", tmp_path / "data", threading.Event()
    env = {
        "AIHORDE_API_URL": f"http://127.0.0.1:{port}/api/v2",
        "AIHORDE_API_KEY": KEY,
        "AIHORDE_DATA_DIR": str(data),
        "AIHORDE_TEST_GO": str(go),
        "AIHORDE_TEST_OFFLINE": str(OFFLINE),
    }
    ended = threading.Event()

    def network() -> None:
        options = ("--port", str(port), "--pace", "0.3")
        with practice_process.horde(Path(sys.executable), *options, log=tmp_path / "practice.log"):
            ended.wait()

    thread = when_told(go, network, over)
    try:
        verdict = krita_run(SCENARIO, env=env)
    finally:
        over.set()
        ended.set()
        thread.join()
    assert verdict["ok"], verdict["error"]
    told = verdict["data"]
    assert told["models say"].startswith("AI Horde cannot be reached. Check your internet connection.")
    assert told["row says"].startswith("No connection to AI Horde · trying again")
    # Waits double from one second on, so the next look is about as far away as the outage was long.
    assert max(told["seconds"].values()) < 20, told["seconds"]
    calls = attempts(data)
    assert len(calls) < 30, "a retry storm"
    assert verdict["exit_code"] == 0
    print(f"back after {told['seconds']}; {len(calls)} calls failed meanwhile")


def test_a_proxy_from_the_environment(krita_run: Any, tmp_path: Path) -> None:
    go, data, over = tmp_path / "go", tmp_path / "data", threading.Event()
    with secure_horde(tmp_path) as horde:
        horde.proxy.refuse = 403
        env = {
            "AIHORDE_API_URL": URL_OF_IT,
            "AIHORDE_API_KEY": KEY,
            "AIHORDE_DATA_DIR": str(data),
            "AIHORDE_TEST_GO": str(go),
            "SSL_CERT_FILE": str(horde.roots),
            "https_proxy": horde.proxy.url,
        }

        def let_through() -> None:
            horde.proxy.refuse = 0

        thread = when_told(go, let_through, over)
        try:
            verdict = krita_run(SCENARIO, env=env)
        finally:
            over.set()
            thread.join()
        log = log_of(horde.practice)
    assert verdict["ok"], verdict["error"]
    told = verdict["data"]
    assert "proxy" in told["models say"]
    assert told["row says"].startswith("No way through the proxy · trying again")
    assert [entry["path"] for entry in log if entry["port"] == "image"], "the picture came through it, too"
    asked = {target for target in horde.proxy.targets if not target.startswith("raw.githubusercontent")}
    assert asked >= {"horde.example:443", "images.example:443"}
    assert {head.split(" ")[0] for head in horde.proxy.heads} == {"CONNECT"}
    for secret in (KEY, "apikey", "a fox"):
        assert secret.encode() not in horde.proxy.seen
    assert verdict["exit_code"] == 0
    print(f"back after {told['seconds']}; {len(attempts(data))} calls failed meanwhile")
