"""Who may ask: the anonymous account and three test accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ANONYMOUS_KEY = "0000000000"
REQUEST_TAX = 3.0


@dataclass
class Account:
    """A user of the practice horde.

    `floor` is the part of `kudos` that can't be spent in advance (25 for registered accounts, -50 for the
    anonymous one). `ghosts` are requests refused for their source image: the real server forgets to let go
    of them, so their images count as waiting until they expire: (expiry, images).
    """

    key: str
    name: str
    number: int
    kudos: float
    concurrency: int = 30
    trusted: bool = False
    owns_workers: bool = False
    floor: float = 25.0
    requests: int = 0
    megapixelsteps: float = 0.0
    spent: float = 0.0
    gifted: int = 0
    received: int = 0
    ghosts: list[tuple[float, int]] = field(default_factory=list)

    @property
    def anonymous(self) -> bool:
        return self.key == ANONYMOUS_KEY

    @property
    def spendable(self) -> float:
        return max(0.0, self.kudos - self.floor)

    @property
    def alias(self) -> str:
        return f"{self.name}#{self.number}"

    def charge(self, kudos: float) -> None:
        """The anonymous account never sinks below its floor."""
        self.spent += kudos
        self.kudos -= kudos
        if self.anonymous:
            self.kudos = max(self.floor, self.kudos)

    def give(self, other: Account, kudos: int) -> None:
        self.kudos -= kudos
        self.gifted -= kudos
        other.kudos += kudos
        other.received += kudos

    def ghost_images(self, now: float) -> int:
        self.ghosts = [ghost for ghost in self.ghosts if ghost[0] > now]
        return sum(images for _, images in self.ghosts)

    def as_json(self, request_ids: list[str], worker_ids: list[str]) -> dict[str, Any]:
        """The answer of find_user. Without any request ``active_generations`` is an empty object, and the
        anonymous account is told of none."""
        active = {"image": [] if self.anonymous else request_ids} if request_ids else {}
        details = ("donated", "admin", "recurring", "awarded", "styled")
        things = {"image": 0, "text": 0, "interrogation": 0}
        return {
            "username": self.alias,
            "id": self.number,
            "kudos": round(self.kudos, 2),
            "concurrency": self.concurrency,
            "worker_invited": 0,
            "moderator": False,
            "kudos_details": {
                "accumulated": -round(self.spent, 2),
                "gifted": self.gifted,
                "received": self.received,
                **dict.fromkeys(details, 0),
            },
            "worker_count": len(worker_ids),
            "worker_ids": worker_ids,
            "styles": [],
            "sharedkey_ids": [],
            "active_generations": active,
            "trusted": self.trusted,
            "flagged": False,
            "vpn": False,
            "service": False,
            "education": False,
            "customizer": False,
            "special": False,
            "deleted": False,
            "pseudonymous": False,
            "account_age": 957,
            "usage": {"megapixelsteps": None, "requests": None},
            "contributions": {"megapixelsteps": None, "fulfillments": None},
            "records": {
                "usage": {"megapixelsteps": round(self.megapixelsteps, 2), "tokens": 0},
                "contribution": {"megapixelsteps": 0, "tokens": 0},
                "fulfillment": dict(things),
                "request": {**things, "image": self.requests},
                "style": dict(things),
            },
        }


class Accounts:
    """All accounts, by key."""

    def __init__(self) -> None:
        known = (
            Account(ANONYMOUS_KEY, "Anonymous", 0, -50.0, concurrency=500, floor=-50.0),
            Account("practice-user", "practice_user", 1, 1200.0),
            Account("practice-poor", "practice_poor", 2, 0.0),
            Account("practice-trusted", "practice_trusted", 3, 50000.0, trusted=True, owns_workers=True),
        )
        self._by_key = {account.key: account for account in known}

    def find(self, key: str) -> Account | None:
        return self._by_key.get(key)

    def named(self, username: str) -> Account | None:
        """Whoever has the number at the end of ``name#number``; the real server does not look at the name."""
        number = username.rpartition("#")[2]
        return next((account for account in self._by_key.values() if str(account.number) == number), None)
