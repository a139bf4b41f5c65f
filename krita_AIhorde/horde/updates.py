"""Whether there is a newer version of the plugin. Asked without a key, and silent when it cannot be known.

When it was last asked is the caller's to remember; ``is_due`` says whether it is time again.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.daily import is_due
from krita_AIhorde.horde.errors import HordeError

__all__ = ["Update", "Version", "check_for_update", "is_due"]

MAX_BYTES = 512 * 1024
_FINAL = (0, 0)
_RANKS = {
    "dev": -4, "a": -3, "alpha": -3, "b": -2, "beta": -2, "c": -1, "rc": -1, "pre": -1, "preview": -1,
    "post": 1, "rev": 1, "r": 1,
}  # fmt: skip
_SUFFIX = r"[-_.]?(dev|alpha|a|beta|b|preview|pre|rc|c|post|rev|r)[-_.]?(\d{0,9})"
_SUFFIXES = re.compile(_SUFFIX)
_VERSION = re.compile(
    rf"v?(?P<release>\d{{1,9}}(?:\.\d{{1,9}}){{0,9}})(?P<suffixes>(?:{_SUFFIX}){{0,9}})(?:\+[\w.]*)?"
)
_PROJECT = re.compile(r"^\[project\]\s*$(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_log = logging.getLogger(__name__)


@frozen
class Update:
    """A newer version, and the page that offers it ("" if nobody named one)."""

    version: str
    url: str


@frozen(order=True)
class Version:
    """A version that can be compared, by the rules of PEP 440 as far as versions of ours go."""

    release: tuple[int, ...]
    suffixes: tuple[tuple[int, int], ...] = (_FINAL,)
    text: str = field(default="", eq=False)

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """None for what is no version. A leading "v" and what follows a "+" do not count."""
        plain = text.strip().lower()
        found = _VERSION.fullmatch(plain)
        if found is None:
            return None
        release = [int(number) for number in found["release"].split(".")]
        while release and release[-1] == 0:
            release.pop()
        suffixes = [(_RANKS[name], int(number or 0)) for name, number in _SUFFIXES.findall(found["suffixes"])]
        return cls(tuple(release), (*suffixes, _FINAL), plain.removeprefix("v"))

    @property
    def is_preview(self) -> bool:
        return any(rank < 0 for rank, _ in self.suffixes)


async def check_for_update(
    client: HordeClient, address: str, current: str, *, page: str = ""
) -> Update | None:
    """What is newer than ``current`` by the file at ``address`` (https, or plain http on this machine).

    The file is a pyproject.toml, or JSON: ``{"version", "url"}``, or a release in GitHub's words or PyPI's.
    ``page`` is where to send the artist if it names none. A preview is offered to those who use one already.
    """
    try:
        answer = await client.fetch_text(address, max_bytes=MAX_BYTES)
    except HordeError as error:
        _log.debug("no word of updates: %s %s", type(error).__name__, error)
        return None
    offered, url = _offered(answer.text if answer is not None else "")
    newer, ours = Version.parse(offered), Version.parse(current)
    if newer is None or ours is None:
        _log.debug("versions that cannot be compared: %.40r, %.40r", offered, current)
        return None
    if newer <= ours or (newer.is_preview and not ours.is_preview):
        return None
    return Update(newer.text, url or _link(page))


def _offered(text: str) -> tuple[str, str]:
    """The version and the page that ``text`` names; "" for what it does not."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _of_project(text)
    if not isinstance(data, Mapping):
        return "", ""
    info = data.get("info")
    places = [data, info] if isinstance(info, Mapping) else [data]
    return _first(places, "version", "tag_name"), _link(_first(places, "html_url", "url", "project_url"))


def _of_project(text: str) -> tuple[str, str]:
    # Python 3.10 has no tomllib, and both are plain strings on lines of their own.
    project = _PROJECT.search(text)
    return _value("version", project[1] if project else ""), _link(_value("Homepage", text))


def _value(key: str, text: str) -> str:
    found = re.search(rf"^{key}\s*=\s*[\"']([^\"'\n]*)[\"']", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _first(places: list[Mapping[str, Any]], *names: str) -> str:
    values = (place.get(name) for place in places for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _link(url: str) -> str:
    """``url`` if it is one to show to an artist as a link."""
    return url if re.fullmatch(r"https://[^\s\"'<>]{1,500}", url) else ""
