"""Diagnostics are for public eyes: they help, and they tell nothing that is nobody's business."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde import diagnostics, log
from krita_AIhorde import settings as s

KEY = "zA9-k_eY4horde+/22chrs"
REQUEST = "66d3ca28-57f0-4624-9e77-f1f89f342a67"
OTHER = "0ba1f2d3-1111-4624-9e77-f1f89f342a67"
IMAGE = f"https://a223.r2.example/stable-horde/{REQUEST}.webp?X-Amz-Credential=a%2Fb&X-Amz-Signature=5ec4e7"
NOTHING: dict[str, Any] = {"facts": {}, "settings": [], "jobs": [], "secrets": []}


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / log.FILE


def told(log_file: Path, text: str, *, secrets: tuple[str, ...] = (KEY,)) -> str:
    """A report of a log that holds ``text``."""
    log_file.write_text(text, "utf-8", errors="backslashreplace")
    return diagnostics.report(**{**NOTHING, "secrets": secrets}, log_file=log_file)


def test_it_says_what_helps(log_file: Path) -> None:
    log_file.write_text("12:00 INFO krita_AIhorde: left in 3 ms\n", "utf-8")
    report = diagnostics.report(
        facts={"Plugin": "0.1.0", "Krita": "5.2.9", "System": "Linux\n6.1"},
        settings=[("steps", 30), ("cfg_scale", 7.5), ("karras", False), ("sampler", "k_lms"), ("seed", "42")],
        jobs=["a1b2c3: queued, position 3, 0 of 2 images"],
        log_file=log_file,
        secrets=[KEY, ""],
    )
    for line in (
        "Plugin: 0.1.0", "Krita: 5.2.9", "System: Linux 6.1", "steps: 30", "cfg_scale: 7.5", "karras: False",
        "sampler: k_lms", "seed: 42", "a1b2c3: queued, position 3, 0 of 2 images",
        "12:00 INFO krita_AIhorde: left in 3 ms",
    ):  # fmt: skip
        assert f"  {line}\n" in report
    assert "[secret]" not in report


def test_a_key_that_is_everywhere_appears_nowhere(log_file: Path) -> None:
    sayings = [
        KEY,
        f"key {KEY}.",
        f"'{KEY}'",
        f"https://{KEY}@horde.example/{KEY}?apikey={quote(KEY, safe='')}",
    ]
    log_file.write_text("\n".join([*sayings, f"apikey: {KEY}", f"/home/{KEY}/x", KEY * 30]), "utf-8")
    log_file.with_name(f"{log.FILE}.1").write_text(f"older {KEY}\n", "utf-8")
    report = diagnostics.report(
        facts={"Server": sayings[3], KEY: KEY},
        settings=[("api_key", KEY), ("prompt", KEY), ("model", KEY), (KEY, 3), ("workers", [KEY])],
        jobs=sayings,
        log_file=log_file,
        secrets=["", KEY],
    )
    assert KEY not in report
    assert quote(KEY, safe="") not in report
    assert KEY[:12] not in report
    assert report.count("[secret]") > 10


greek = st.text("αβγ_-\n ", max_size=12)


@given(st.text("αβγ_-", min_size=1, max_size=6).map("α".__add__), greek, greek)
def test_whatever_is_secret_is_not_there(secret: str, before: str, after: str) -> None:
    everywhere = {"facts": {"a fact": before + secret + after}, "jobs": [secret, after + secret + secret]}
    report = diagnostics.report(**{**NOTHING, **everywhere, "secrets": [secret]}, log_file=Path("no log"))
    assert secret not in report
    assert report.count("[secret]") >= 4


def test_of_one_secret_in_another_nothing_is_left(log_file: Path) -> None:
    assert "tail" not in told(log_file, "inner-tail and inner", secrets=("inner", "inner-tail"))


def test_what_the_artist_typed_is_not_shown(log_file: Path) -> None:
    words = "my own words"
    typed = [(setting.name, words) for setting in s.ALL if isinstance(setting.default, str)]
    free = [(name, value) for name, value in typed if name not in diagnostics.CHOSEN]
    report = diagnostics.report(**{**NOTHING, "settings": [*free, ("of_tomorrow", words)]}, log_file=log_file)
    assert {"prompt", "negative_prompt", "api_key"} <= {name for name, _ in free}
    assert words not in report
    assert "prompt: (set, not shown)" in report


def test_a_request_s_id_cannot_be_used_but_followed(log_file: Path) -> None:
    lines = [f"job a1: accepted as {REQUEST}", f"GET /generate/check/{REQUEST}: 200", f"as {OTHER.upper()}"]
    report = told(log_file, "\n".join([*lines, REQUEST.replace("-", "")]))
    assert REQUEST[:8] not in report
    assert OTHER[:8].upper() not in report
    assert "job a1: accepted as [id 1]" in report
    assert "GET /generate/check/[id 1]: 200" in report
    assert "as [id 2]" in report
    assert "\n  [id 1]\n" in report


def test_of_links_the_host_is_left(log_file: Path) -> None:
    report = told(
        log_file,
        f"GET {IMAGE} failed\n"
        f"at https://aihorde.net/api/v2 and http://127.0.0.1:7001/api/v2/, via socks5://me:pass@proxy:1080/\n"
        "X-Amz-Signature=5ec4e7 Authorization: Bearer 5ec4e7",
    )
    assert "GET https://a223.r2.example/[link] failed" in report
    assert "at https://aihorde.net/api/v2 and http://127.0.0.1:7001" in report
    for private in ("5ec4e7", "Credential=a", "stable-horde", "pass", "me:"):
        assert private not in report


def test_a_picture_is_not_shown(log_file: Path) -> None:
    picture = base64.b64encode(bytes(range(256)) * 9).decode()
    assert "data:image/webp;base64,[data] " in told(log_file, f"data:image/webp;base64,{picture} came")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/home/jane/art/fox.kra", "~/art/fox.kra"),
        ("'/home/jane'", "'~'"),
        ("file:///home/jane/fox.kra", "file:~/fox.kra"),
        ("/home/janet/fox.kra", "/home/[user]/fox.kra"),
        ("/var/home/jane/fox.kra", "/var/home/[user]/fox.kra"),
        ("/run/media/jane/DISK/fox.kra", "/run/media/[user]/DISK/fox.kra"),
        ("/Users/Jane Doe/art", "/Users/[user]/art"),
        (r"C:\Users\Jane Doe\AppData\x.log", r"C:\Users\[user]\AppData\x.log"),
        (r"'C:\\Users\\JANEDO~1\\x.log'", r"'C:\\Users\\[user]\\x.log'"),
        (r"no file C:\Users\jane", r"no file C:\Users\[user]"),
        ("/home/jane and /home/john", "~ and /home/[user]"),
        ("/usr/lib/x.so: jane", "/usr/lib/x.so: jane"),
    ],
)
def test_folders_do_not_tell_whose_they_are(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, line: str, shown: str
) -> None:
    monkeypatch.setenv("HOME", "/home/jane")
    monkeypatch.setenv("USER", "jane")
    assert f"\n  {shown}\n" in told(log_file, line)


def test_a_home_that_is_a_link_is_known_by_both_names(
    log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("HOME", str(tmp_path / "link"))
    report = told(log_file, f"{tmp_path}/link/a {tmp_path}/real/b {tmp_path}/really")
    assert f"\n  ~/a ~/b {tmp_path}/really\n" in report


@pytest.mark.parametrize("home", ["/", ""])
def test_a_home_that_is_everything_hides_nothing(
    log_file: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    assert "/usr/bin/x" in told(log_file, "/usr/bin/x")


def numbers_in(report: str) -> list[int]:
    return [int(line.split()[1]) for line in report.splitlines() if line.startswith("  line ")]


def test_the_end_of_the_log_is_shown_with_that_of_the_file_before(log_file: Path) -> None:
    older = log_file.with_name(f"{log.FILE}.1")
    older.write_text("".join(f"line {number}\n" for number in range(500)), "utf-8")
    assert numbers_in(told(log_file, "line 500\nline 501\n")) == list(range(302, 502))
    long = "".join(f"line {number}\n" for number in range(1000, 1300))
    assert numbers_in(told(log_file, long)) == list(range(1100, 1300))


def test_of_a_very_long_log_no_half_line_is_shown(log_file: Path) -> None:
    report = told(log_file, f"x{KEY}" * 30_000 + "\nline 1\n")
    assert numbers_in(report) == [1]
    assert KEY[3:] not in report


def test_without_a_log_the_rest_is_told(log_file: Path) -> None:
    report = diagnostics.report(**{**NOTHING, "facts": {"Krita": "5.2.9"}}, log_file=log_file)
    assert "There is no log." in report
    assert "Krita: 5.2.9" in report


def test_a_log_that_cannot_be_read_is_named_as_such(log_file: Path) -> None:
    log_file.mkdir()
    assert "The log could not be read: " in diagnostics.report(**NOTHING, log_file=log_file)


def test_bytes_that_are_no_text_do_not_stop_it(log_file: Path) -> None:
    log_file.write_bytes(b"\xff\xfe caf\xe9\nline 2\n")
    assert numbers_in(diagnostics.report(**NOTHING, log_file=log_file)) == [2]
