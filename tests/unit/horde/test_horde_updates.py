"""Newer versions of the plugin: found, compared, and never a reason for an error."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.updates import MAX_BYTES, Update, Version, check_for_update, is_due

PAGE = "https://project.example/releases"
ORDER = [
    "0", "0.1.dev1", "0.1.0a1.dev3", "0.1a1", "0.1.0-alpha.2", "0.1b1", "0.1.0rc1", "0.1.0-rc.2", "0.1",
    "0.1.post1", "0.1.1", "0.2", "0.10", "1.0.0.dev0", "1", "1.0.0.1", "1.0.1.dev1", "v1.0.1", "2023.7.25",
    "20102",
]  # fmt: skip


def parsed(text: str) -> Version:
    version = Version.parse(text)
    assert version is not None
    return version


def test_versions_are_in_their_order() -> None:
    versions = [parsed(text) for text in ORDER]
    assert versions == sorted(versions)
    assert len(set(versions)) == len(versions)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.0", "1"),
        ("v1.2", "1.2.0"),
        ("1.0RC1", "1.0c1"),
        ("1.0+local.5", "1.0"),
        (" 1.0\n", "1.0"),
        ("1.0a", "1.0-alpha0"),
    ],
)
def test_different_spellings_of_one_version(one: str, other: str) -> None:
    assert parsed(one) == parsed(other)


@pytest.mark.parametrize(
    "text", ["", "v", "one", "1.", "1..2", "1.0 beta", "1.0-", "-1", "1.0x", "9" * 10, "1" + ".1" * 50]
)
def test_what_is_no_version(text: str) -> None:
    assert Version.parse(text) is None


@given(st.text())
def test_any_text_is_a_version_or_none(text: str) -> None:
    version = Version.parse(text)
    assert version is None or version == parsed(version.text)


releases = st.lists(st.integers(0, 99), min_size=1, max_size=4)


@given(releases, releases)
def test_numbers_are_compared_as_numbers(one: list[int], other: list[int]) -> None:
    def padded(numbers: list[int]) -> list[int]:
        return numbers + [0] * (4 - len(numbers))

    def text(numbers: list[int]) -> str:
        return ".".join(map(str, numbers))

    assert (parsed(text(one)) < parsed(text(other))) == (padded(one) < padded(other))


PROJECT = """
[build-system]
version = "9.9"

[project]
name = "krita-aihorde"
version = "{0}"

[project.urls]
Homepage = "https://project.example/home"

[tool.other]
version = "8.8"
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            json.dumps({"version": "0.2.0", "url": "https://a.example/"}),
            Update("0.2.0", "https://a.example/"),
        ),
        (json.dumps({"version": "0.2.0"}), Update("0.2.0", PAGE)),
        (json.dumps({"version": "0.2.0", "url": "http://a.example/"}), Update("0.2.0", PAGE)),
        (json.dumps({"version": "0.2.0", "url": "javascript:alert(1)"}), Update("0.2.0", PAGE)),
        (json.dumps({"version": "0.2.0", "url": 'https://a.example/"><b>'}), Update("0.2.0", PAGE)),
        (
            json.dumps(
                {"tag_name": "v0.2.0", "url": "https://api.example/1", "html_url": "https://a.example/v0.2.0"}
            ),
            Update("0.2.0", "https://a.example/v0.2.0"),
        ),
        (
            json.dumps(
                {"info": {"version": "0.2.0", "project_url": "https://pypi.example/x/"}, "releases": {}}
            ),
            Update("0.2.0", "https://pypi.example/x/"),
        ),
        (PROJECT.format("0.2.0"), Update("0.2.0", "https://project.example/home")),
        (PROJECT.format("0.2.0").replace("\n", "\r\n"), Update("0.2.0", "https://project.example/home")),
        (PROJECT.format("0.1.0"), None),
        (json.dumps({"version": "0.1"}), None),
        (json.dumps({"version": "0.0.9"}), None),
        (json.dumps({"version": "0.2.0rc1"}), None),
        (json.dumps({"version": 2}), None),
        (json.dumps({"version": "soon"}), None),
        (json.dumps(["0.2.0"]), None),
        ("[" * 100_000, None),
        ("<html>log in</html>", None),
        ("", None),
    ],
)
async def test_what_an_address_offers(
    raw_host: Any, wire: Any, connect: Any, text: str, found: Update | None
) -> None:
    host = await raw_host(lambda _: wire.reply(text.encode()))
    client = connect("https://horde.example")
    assert await check_for_update(client, f"{host.url}/version", "0.1.0", page=PAGE) == found
    assert "my-own-key" not in str(host.received)
    assert "client-agent" not in host.received[0].headers


@pytest.mark.parametrize(
    ("current", "offered"), [("0.2.0a1", True), ("0.1.0", False), ("0.2.0", False), ("", False)]
)
async def test_a_preview_is_offered_to_those_who_use_one(
    raw_host: Any, wire: Any, connect: Any, current: str, offered: bool
) -> None:
    host = await raw_host(lambda _: wire.reply({"version": "0.2.0rc1"}))
    found = await check_for_update(connect(host.url), f"{host.url}/version", current)
    assert found == (Update("0.2.0rc1", "") if offered else None)


@pytest.mark.parametrize(
    "answer",
    [
        lambda wire: b"",
        lambda wire: wire.reply(b"", 404),
        lambda wire: wire.reply(b"", 500),
        lambda wire: wire.reply(b"", 302, {"Location": "http://elsewhere.example/"}),
        lambda wire: wire.reply(b"\xff\xfe"),
        lambda wire: wire.reply(b'{"version": "9"}' + b" " * MAX_BYTES),
    ],
)
async def test_a_failure_is_silent(
    raw_host: Any, wire: Any, connect: Any, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    host = await raw_host(lambda _: answer(wire))
    with caplog.at_level(logging.DEBUG, "krita_AIhorde"):
        assert await check_for_update(connect(host.url), f"{host.url}/version", "0.1.0") is None
    said = [record for record in caplog.records if record.name.endswith("updates")]
    assert [record.levelno for record in said] == [logging.DEBUG]


@pytest.mark.parametrize(
    "address", ["http://elsewhere.example/version", "file:///etc/passwd", "", "not an address"]
)
async def test_addresses_that_are_not_asked(connect: Any, address: str) -> None:
    assert await check_for_update(connect("https://horde.example"), address, "0.1.0") is None


def test_when_to_ask_again_is_said_here_too() -> None:
    assert is_due(None, 0.0)
