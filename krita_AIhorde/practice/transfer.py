"""POST /kudos/transfer: kudos go from one account to another, by the real server's rules and in its words."""

from __future__ import annotations

from typing import Any

from .accounts import Account, Accounts
from .clock import Clock
from .errors import bad_request, invalid_key, schema_error

_RETURN_GIFT = 60.0  # seconds in which what was given cannot be given back
_USUAL = 100  # kudos, where no amount is named
_MISSING = "Missing required parameter in the"
_KEY = f"The sending user's API key. {_MISSING} HTTP headers"
_USERNAME = f"The user or shared key ID which will receive the kudos. {_MISSING} JSON body"


class Transfers:
    """What was given by whom to whom: lately, and ever under a retry key."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._lately: dict[tuple[int, int], float] = {}
        self._done: dict[tuple[int, str], tuple[int, int]] = {}

    def transfer(self, body: dict[str, Any], key: str | None, retry_key: str | None) -> float:
        """The kudos that were given; with a retry key they are given once. Raises HordeError."""
        username, amount = _wanted(body, key)
        sender = self._accounts.find(key or "")
        if sender is None:
            raise invalid_key()
        recipient = self._recipient(sender, username)
        self._check(sender, recipient, amount)
        wanted = (recipient.number, amount)
        if retry_key is not None:
            done = self._done.get((sender.number, retry_key))
            if done is not None and done != wanted:
                message = "Idempotency key was already used with different transfer parameters."
                raise bad_request("IdempotencyKeyConflict", message)
            if done is not None:
                return float(amount)
        if amount > sender.spendable:
            raise bad_request("KudosTransferNotEnough", "Not enough kudos.")
        sender.give(recipient, amount)
        self._lately[sender.number, recipient.number] = self._clock.now()
        if retry_key is not None:
            self._done[sender.number, retry_key] = wanted
        return float(amount)

    def _recipient(self, sender: Account, username: str) -> Account:
        if sender.anonymous:
            message = "You cannot transfer Kudos from Anonymous, smart-ass."
            raise bad_request("KudosTransferFromAnon", message)
        found = self._accounts.named(username)
        if found is None:
            raise bad_request("InvalidTargetUsername", "Invalid target username.")
        if found.anonymous:
            message = "Tried to burn kudos via sending to Anonymous. Assuming PEBKAC and aborting."
            raise bad_request("KudosTransferToAnon", message)
        if found is sender:
            raise bad_request("KudosTransferToSelf", "Cannot send kudos to yourself, ya monkey!")
        return found

    def _check(self, sender: Account, recipient: Account, amount: int) -> None:
        returned = self._lately.get((recipient.number, sender.number))
        if returned is not None and self._clock.now() - returned < _RETURN_GIFT:
            message = "This user transferred kudos to you very recently. Please wait at least 1 minute."
            raise bad_request("TooFastKudosTransfers", message)
        if amount < 0:
            raise bad_request("NegativeKudosTransfer", "Nice try...")
        if amount == 0:
            raise bad_request("InvalidKudosTransferAmount", "Transfer amount must be positive.")


def _wanted(body: dict[str, Any], key: str | None) -> tuple[str, int]:
    """Recipient and amount."""
    errors: dict[str, str] = {}
    if key is None:
        errors["apikey"] = _KEY
    if body.get("username") is None:
        errors["username"] = _USERNAME
    amount = _USUAL
    try:
        amount = int(body.get("amount", _USUAL))
    except (ValueError, TypeError) as error:
        errors["amount"] = f"The amount of kudos to transfer. {error}"
    if errors:
        raise schema_error(errors)
    return str(body["username"]), amount
