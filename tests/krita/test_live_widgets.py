"""What the docker knows of the Horde and what can be done about it, in the real Krita."""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde.door import profile

SCENARIO = Path(__file__).with_name("scenarios") / "live_widgets.py"
pytestmark = pytest.mark.timeout(300)
FRIEND = "practice-trusted"


def test_account_models_workers_health_and_settings(krita_run: Any, practice: str, tmp_path: Path) -> None:
    friend = account(practice, FRIEND)
    with newer_version() as address:
        env = {
            "AIHORDE_API_URL": practice,
            "AIHORDE_DATA_DIR": str(tmp_path / "data"),
            "AIHORDE_FRIEND": friend["username"],
            "AIHORDE_OUT": str(tmp_path),
        }
        verdict = krita_run(SCENARIO, env=env, timeout=150.0, change=lambda own: look_at(own, address))
    assert verdict["ok"], verdict["error"]
    data = verdict["data"]
    name, kudos = data["account"]
    assert "#" in name
    assert float(kudos) > 0
    assert data["gift to nobody"], "a gift to nobody is refused in words"
    assert data["gift to a friend"] == f"You gave 5 kudos to {friend['username']}."
    assert account(practice, FRIEND)["kudos"] == friend["kudos"] + 5
    assert data["clip skip"] == 2, "one press sets what the model needs"
    assert data["info shown"] is True
    assert data["favourite on top"] == "Pony Diffusion XL"
    assert data["chosen workers"] == 1
    assert data["dialog is modal"] is False
    assert data["weighed"] == "(red:1.1) house"
    assert data["after the reset"] == [20, "practice-user"]
    said, text = data["exported"]
    assert said == "Written to “mine.json”. The API key is not in it."
    assert "practice-user" not in text
    assert json.loads(text), "JSON, for other programs too"
    assert data["file dialogs are modal to Krita"] == [False, False]
    said, steps, prompt, key = data["imported"]
    assert "were taken" in said
    assert (steps, prompt, key) == (41, "an exported house", "practice-user")
    assert data["imported nonsense"] == "This is no file of settings. Nothing was changed."
    assert "Version 99.1 of this plugin is there." in data["update"]
    assert 'href="https://example.org/plugin"' in data["update"]
    assert data["update after switching it off"] is False
    assert verdict["exit_code"] == 0


def account(practice: str, key: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{practice}/find_user", headers={"apikey": key})
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@contextlib.contextmanager
def newer_version() -> Iterator[str]:
    """The address of a file that names a version which nobody has yet."""
    text = b'[project]\nversion = "99.1"\n[project.urls]\nHomepage = "https://example.org/plugin"\n'

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments: Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/pyproject.toml"
        server.shutdown()


def look_at(own: profile.Profile, address: str) -> None:
    """Make the installed plugin look for its updates there."""
    file = own.places.pykrita / "krita_AIhorde" / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r'^Updates = ".*"$', f'Updates = "{address}"', text, flags=re.MULTILINE)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
