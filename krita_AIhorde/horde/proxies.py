"""Which proxy a call goes through: what the environment or the system says, less what would be unsafe.

aiohttp's ``trust_env`` would do more and less than is wanted: it sends credentials from ``~/.netrc`` to
whatever host is called, sends calls to a loopback address (the one plain http that may carry a key) through
the proxy, and passes over a SOCKS proxy as if there were none. All other calls are https, of which an http
proxy is told nothing but the host's name (CONNECT): TLS runs through it from end to end, key and all.
"""

from __future__ import annotations

import asyncio
import time
import urllib.request

from yarl import URL

from krita_AIhorde.horde.endpoint import is_loopback
from krita_AIhorde.horde.errors import HordeError, ProxyLogin, ProxyUnusable

# Seconds for which an answer counts. Windows reads its registry for one, and looks the host's name up; macOS
# looks it up, too. Whoever changes the network need not start Krita again.
MEMORY = 30.0
_SPOKEN = ("http", "https")
_Key = tuple[str, str, int | None]


class Proxies:
    """Remembers for a while what the system said. Made without I/O."""

    def __init__(self) -> None:
        self._known: dict[_Key, tuple[float, str]] = {}
        self._resting: dict[str, float] = {}  # proxies that refused our login, and until when they are let be

    async def of(self, url: URL) -> URL | None:
        """The proxy for ``url``, with its name and password if it has any; None for a direct connection.

        A call to this machine goes through none, whatever the system says. Raises ProxyUnusable for one that
        aiohttp cannot speak to: going past it instead could show an artist's address who hides it on purpose.
        Raises ProxyLogin for one that has just refused our login: who comes with a wrong password again and
        again, for every job and list, gets an account locked in many a company.
        """
        if is_loopback(url.host):
            return None
        key = _key(url)
        until, said = self._known.get(key, (0.0, ""))
        if until < time.monotonic():
            said = await asyncio.to_thread(_said_by_the_system, *key)
            self._known[key] = (time.monotonic() + MEMORY, said)
        left = self._resting.get(said, 0.0) - time.monotonic()
        if left > 0:
            raise ProxyLogin(retry_after=left)
        return _usable(said) if said else None

    def heed(self, url: URL, error: HordeError) -> None:
        """A call to ``url`` failed so."""
        if isinstance(error, ProxyLogin) and error.retry_after:
            _, said = self._known.get(_key(url), (0.0, ""))
            self._resting[said] = time.monotonic() + error.retry_after


def _key(url: URL) -> _Key:
    return url.scheme, url.host or "", url.port


def _said_by_the_system(scheme: str, host: str, port: int | None) -> str:
    """The proxy as the environment has it (``https_proxy``, ``all_proxy``, ``no_proxy``, also in capitals),
    or else Windows' or macOS's settings; "" for none. May block for as long as a name takes to be looked up.
    """
    proxies = urllib.request.getproxies()
    # The environment's all_proxy is asked by everybody but urllib. "socks" is macOS's name for its setting.
    found = proxies.get(scheme) or proxies.get("all")
    if not found and proxies.get("socks") and not urllib.request.getproxies_environment():
        found = proxies["socks"].replace("http://", "socks://")  # which is how macOS writes it
    if not found or urllib.request.proxy_bypass(f"{host}:{port}"):
        return ""
    return found.strip()


def _usable(proxy: str) -> URL:
    """Raises ProxyUnusable, which quotes nothing but the scheme: the rest may hold a password."""
    scheme, there, _ = proxy.partition("://")
    if not there:
        proxy, scheme = f"http://{proxy}", "http"
    if scheme.lower() not in _SPOKEN:
        raise ProxyUnusable(scheme.lower())
    try:
        url = URL(proxy)
        fine = bool(url.host and url.port)
    except (ValueError, IndexError):  # yarl raises IndexError for some brackets
        fine = False
    if not fine:
        raise ProxyUnusable
    return url
