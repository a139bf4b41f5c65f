"""Where the Horde is, and who we are there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from attrs import evolve, field, frozen
from yarl import URL

from krita_AIhorde.horde.errors import EndpointError, InsecureEndpoint

ANONYMOUS_KEY = "0000000000"


def is_loopback(host: str | None) -> bool:
    """Whether ``host`` is this very machine: ``localhost``, 127.0.0.0/8 or ::1."""
    if not host:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _clean_key(key: str) -> str:
    # Keys are pasted: white space and line ends come along, and could not be sent in a header.
    return "".join(char for char in key if char.isprintable() and not char.isspace()) or ANONYMOUS_KEY


def _clean_url(url: str) -> str:
    return url.strip().rstrip("/")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError if it is no number
        URL(url, encoded=True)  # ValueError for what aiohttp could not call; older Pythons let more pass
    except (ValueError, IndexError) as error:  # yarl raises IndexError for some brackets
        raise EndpointError(f"not a URL: {error}") from None
    return parts


@frozen
class Endpoint:
    """A Horde (``base_url`` up to and including ``/api/v2``), our key for it, and our name.

    Raises InsecureEndpoint for plain http to another machine, EndpointError for what is no URL of a Horde.
    An empty key is the anonymous one.
    """

    base_url: str = field(converter=_clean_url)
    api_key: str = field(default=ANONYMOUS_KEY, converter=_clean_key, repr=False)
    client_agent: str = "unknown:0:unknown"

    @base_url.validator
    def _check_url(self, _attribute: object, url: str) -> None:
        parts = _split(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointError("the Horde's address must begin with https:// and name a host")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise EndpointError("the Horde's address must be a plain one: no user, no query")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise InsecureEndpoint("plain http is for this machine only; use https://")

    @classmethod
    def validate(cls, url: str) -> str:
        """``url`` as it would be used; raises what the constructor raises."""
        return cls(url).base_url

    @property
    def is_anonymous(self) -> bool:
        return self.api_key == ANONYMOUS_KEY

    @property
    def is_loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname)

    @property
    def secret(self) -> str:
        """What must never be written anywhere; empty for the anonymous key, which everybody knows."""
        return "" if self.is_anonymous else self.api_key

    def with_key(self, key: str) -> Endpoint:
        return evolve(self, api_key=key)

    def headers(self) -> dict[str, str]:
        """For every call: a request with the default agent is blocked where its address is in timeout."""
        return {"Client-Agent": self.client_agent, "Accept": "application/json"}

    def key_headers(self) -> dict[str, str]:
        """For the calls that need to know who asks."""
        return {"apikey": self.api_key}

    def url(self, *path: str, query: Mapping[str, str] | None = None) -> str:
        """The address of an API path, given in segments, already encoded."""
        address = "/".join([self.base_url, *(quote(segment, safe="") for segment in path)])
        return f"{address}?{urlencode(query)}" if query else address
