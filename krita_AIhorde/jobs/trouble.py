"""Which of the artist's troubles an error of the Horde's client is."""

from __future__ import annotations

from attrs import frozen

from krita_AIhorde.horde import errors
from krita_AIhorde.jobs.snapshot import Trouble

# The first match counts, so the special come before the general.
_TROUBLES: tuple[tuple[type[errors.HordeError], Trouble], ...] = (
    (errors.TlsFailure, Trouble.TLS),
    (errors.InsecureEndpoint, Trouble.INSECURE),
    (errors.ProxyLogin, Trouble.PROXY_LOGIN),
    (errors.ProxyUnusable, Trouble.PROXY_KIND),
    (errors.ProxyRefused, Trouble.PROXY),
    (errors.Unreachable, Trouble.NO_CONNECTION),
    (errors.NoAnswer, Trouble.NO_ANSWER),
    (errors.ServerTrouble, Trouble.SERVER),
    (errors.BadAnswer, Trouble.SERVER),
    (errors.RateLimited, Trouble.RATE_LIMITED),
    (errors.TooManyPrompts, Trouble.TOO_MANY_JOBS),
    (errors.InvalidKey, Trouble.BAD_KEY),
    (errors.KudosUpfront, Trouble.KUDOS),
    (errors.TimedOutIP, Trouble.IP_TIMEOUT),
    (errors.Maintenance, Trouble.MAINTENANCE),
    (errors.PromptRefused, Trouble.PROMPT),
    (errors.RequestNotFound, Trouble.EXPIRED),
    (errors.ImageUnreachable, Trouble.NO_CONNECTION),
    (errors.ImageError, Trouble.IMAGE_LOST),
    (errors.Refused, Trouble.REFUSED),
)


@frozen
class Reason:
    """Why something did not work, as far as anybody said."""

    trouble: Trouble = Trouble.NONE
    detail: str = ""  # the server's own words, or what the network or the system said
    rc: str = ""  # the server's code


NO_REASON = Reason()


def reason_of(error: errors.HordeError) -> Reason:
    kinds = (trouble for kind, trouble in _TROUBLES if isinstance(error, kind))
    return Reason(next(kinds, Trouble.UNEXPECTED), str(error), error.rc)
