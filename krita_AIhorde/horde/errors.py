"""Every way in which the Horde can fail us; ``classify`` tells them apart.

An error carries the server's own words (``message``); words for artists are the ``ui`` room's. No error's
text holds an API key: some of the Horde's answers quote the key that was sent, so it is taken out before an
error is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class HordeError(Exception):
    """Base of all. ``transient``: the same call can succeed later, and nothing is lost by repeating it.

    ``ambiguous`` takes that back for one occurrence: a POST was sent, and the Horde may have accepted it.
    """

    transient: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        rc: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message  # the server's own words, or the network's; "" where nothing was said
        self.rc = rc  # the server's code, "" where there is none
        self.status = status  # the HTTP status, None where no answer came
        self.retry_after = retry_after  # seconds
        self.ambiguous = ambiguous

    @property
    def repeatable(self) -> bool:
        return self.transient and not self.ambiguous

    def __str__(self) -> str:
        if self.message:
            return self.message
        return f"HTTP {self.status}" if self.status else type(self).__name__


class EndpointError(HordeError, ValueError):
    """The base URL cannot be used."""


class InsecureEndpoint(EndpointError):
    """Plain http to a host that is not this machine: a key would be readable on the way."""


class Unreachable(HordeError):
    """DNS, refused, no route, no network: certainly nothing was sent."""

    transient = True


class ProxyRefused(Unreachable):
    """The proxy that the system names is not there, or does not let us through."""


class ProxyLogin(ProxyRefused):
    """The proxy wants a name and a password, or others than it got."""


class ProxyUnusable(ProxyRefused):
    """The system names a proxy of a kind that we do not speak (``message``: which, as "socks5"), or no
    address at all ("").
    """


class TlsFailure(HordeError):
    """The host's certificate does not verify. Nothing was sent."""


class NoAnswer(HordeError):
    """Sent, but no whole answer came (reset, timeout, a gateway gave up). After a POST: ``ambiguous``."""

    transient = True


class ServerTrouble(HordeError):
    """5xx, a redirect, or HTML in place of JSON (a proxy's page, a hotel's login)."""

    transient = True


class BadAnswer(HordeError):
    """JSON, but not what was asked for. After a POST: ``ambiguous``."""

    transient = True


class RateLimited(HordeError):
    """429 of the rate limiter; it clears by itself after ``retry_after``."""

    transient = True


class TooManyPrompts(HordeError):
    """429 of the concurrency limit: too many images of ours wait already. It clears when they are done."""


class RequestNotFound(HordeError):
    """This request id is unknown: it expired (20 minutes without a worker's sign of life), or never was."""


class InvalidKey(HordeError):
    """No user has this API key."""


class KudosUpfront(HordeError):
    """So large a request that its kudos must be there beforehand. ``needed``: kudos, None if not said."""

    needed: float | None = None


class TimedOutIP(HordeError):
    """This network address is barred for ``seconds`` (also in ``retry_after``), after a refused prompt."""

    seconds: float = 180.0  # the Horde's shortest, where the message names none


class Maintenance(HordeError):
    """The Horde accepts no requests at present."""


class PromptRefused(HordeError):
    """The prompt offends the Horde's rules (CorruptPrompt). Sending it again bars the address for minutes."""


class Refused(HordeError):
    """Any other 4xx. ``fields``: what the schema refused, by path (``{"params.width": "500 is ..."}``)."""

    fields: Mapping[str, str] = MappingProxyType({})


class TransferRefused(Refused):
    """No kudos were transferred, nor would they be the next time. The Horde's words for it like to joke."""


class UnknownRecipient(TransferRefused):
    """Nobody has that name ("name#number", of which only the number counts)."""


class TransferToSelf(TransferRefused):
    """The recipient is the sender."""


class AnonymousTransfer(TransferRefused):
    """Nothing is given to or taken from the anonymous account."""


class NotEnoughKudos(TransferRefused):
    """More than can be spared: every account has to keep a few (25, or 14 without a login elsewhere)."""


class BadAmount(TransferRefused):
    """Nothing, or less than nothing."""


class TransferTooSoon(TransferRefused):
    """The recipient gave kudos to the sender within the last minute."""


class LinkRefused(HordeError):
    """An address elsewhere to which we do not go: none at all, plain http, or redirected without an end."""


class AnswerTooLong(HordeError):
    """More bytes from elsewhere than we were ready to read."""


class ImageError(HordeError):
    """A generation's image cannot be had."""


class LinkDead(ImageError):
    """Gone, expired, or never uploaded. Links are signed anew by every ``status``: ask once more."""


class ImageTooLarge(ImageError):
    """More bytes than a picture of the Horde can have."""


class NotAnImage(ImageError):
    """Bytes, but of no image (a worker uploaded garbage)."""


class ImageUnreachable(ImageError):
    """The image's host does not answer, or not now."""

    transient = True
