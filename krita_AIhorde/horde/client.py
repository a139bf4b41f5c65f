"""The AI Horde's API as a handful of coroutines, each of which keeps the Horde's limits by itself."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, TypeVar

from attrs import evolve

from krita_AIhorde.horde import elsewhere, images
from krita_AIhorde.horde.elsewhere import Text
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import (
    AnonymousTransfer,
    BadAmount,
    BadAnswer,
    HordeError,
    LinkDead,
    RateLimited,
    RequestNotFound,
    UnknownRecipient,
    Unreachable,
)
from krita_AIhorde.horde.live import Listeners
from krita_AIhorde.horde.messages import (
    ActiveModel,
    Check,
    Generation,
    GenerationRequest,
    Heartbeat,
    Modes,
    Newspiece,
    Performance,
    Price,
    Status,
    Submitted,
    Transferred,
    User,
    WorkerInfo,
    structure,
    structure_list,
    to_body,
)
from krita_AIhorde.horde.pacing import Bucket, Governor
from krita_AIhorde.horde.sessions import Sessions, Timeouts
from krita_AIhorde.horde.transport import OnWire, Transport

T = TypeVar("T")
DEFAULT_PAUSE = 1.0  # seconds; where a 429 does not say how long


class HordeClient:
    """Made without a loop and without I/O; every coroutine raises HordeError (see ``errors``) and nothing
    else.

    No call is repeated here: ``retry.persist`` does that for whoever wants it. ``close`` it in the end.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        governor: Governor | None = None,
        timeouts: Timeouts | None = None,
        max_image_bytes: int = images.MAX_BYTES,
    ) -> None:
        self._endpoint = endpoint
        self._governor = governor or Governor()
        self._sessions = Sessions(timeouts or Timeouts())
        self._transport = Transport(self._sessions)
        self._max_image_bytes = max_image_bytes
        self.failures = Listeners()  # called with the HordeError of every call of the API that fails
        self.recoveries = Listeners()  # called when a call gets through after one that reached nobody
        self._cut_off = False

    @property
    def endpoint(self) -> Endpoint:
        return self._endpoint

    def use_key(self, key: str) -> None:
        """From the next call on. Connections know no key, so none has to be closed."""
        self._endpoint = self._endpoint.with_key(key)

    async def submit(self, request: GenerationRequest, *, on_wire: OnWire | None = None) -> Submitted:
        """Ask for generations. An ``ambiguous`` error means that the Horde may have accepted the request.

        ``on_wire()`` is awaited when the wait for our turn is over: from then on the request may exist.
        """
        if request.dry_run:
            raise ValueError("a dry run submits nothing: ask for its price")
        return await self._generate(Submitted, request, on_wire)

    async def price(self, request: GenerationRequest, *, on_wire: OnWire | None = None) -> float:
        """Kudos that ``request`` would cost, asked with its prompt: give one that says nothing.

        It waits for as long as anything else is to be submitted; ``on_wire`` as in ``submit``.
        """
        return (await self._generate(Price, evolve(request, dry_run=True), on_wire, spare=True)).kudos

    async def check(self, id: str) -> Check:
        """How far request ``id`` is. Raises RequestNotFound when it has expired."""
        return structure(Check, await self._call(Bucket.CHECK, "GET", "generate", "check", id, key=id))

    async def status(self, id: str) -> Status:
        """The same with its images so far, links freshly signed; ten times a minute at most, so only to
        fetch some.
        """
        return structure(Status, await self._call(Bucket.STATUS, "GET", "generate", "status", id, key=id))

    async def cancel(self, id: str) -> Status:
        """Cancel what still waits of request ``id``; can be repeated. The answer is its status **before**
        that.

        An image in a worker's hands is finished, charged, and found in a later status.
        """
        return structure(Status, await self._call(Bucket.CANCEL, "DELETE", "generate", "status", id, key=id))

    def forget(self, id: str) -> None:
        """Request ``id`` has ended and will not be asked about again."""
        self._governor.forget(id)

    async def models(self) -> tuple[ActiveModel, ...]:
        """Image models that are served or asked for, most workers first."""
        answer = await self._call(Bucket.OTHER, "GET", "status", "models", query={"type": "image"})
        found = [model for model in structure_list(ActiveModel, answer) if model.type == "image"]
        return tuple(sorted(found, key=lambda model: (-model.count, model.name.lower())))

    async def find_user(self) -> User:
        """Whose key ours is. Raises InvalidKey."""
        return structure(User, await self._call(Bucket.OTHER, "GET", "find_user", with_key=True))

    async def transfer_kudos(self, username: str, amount: int, *, retry_key: str = "") -> float:
        """Give ``amount`` of our kudos to ``username`` ("name#number", or the id of a shared key); returns
        how many were given. Raises TransferRefused.

        After an ``ambiguous`` error they may be gone. Repeated with the ``retry_key`` of the first attempt
        (any text of the caller's), they are given once, if the Horde is new enough to know such keys.
        """
        recipient = username.strip()
        if self._endpoint.is_anonymous:
            raise AnonymousTransfer
        if not recipient:
            raise UnknownRecipient
        if amount <= 0:
            raise BadAmount
        answer = await self._post(
            Transferred,
            Bucket.TRANSFER,
            ("kudos", "transfer"),
            {"username": recipient, "amount": amount},
            headers={"Idempotency-Key": retry_key or uuid.uuid4().hex},
        )
        return answer.transferred

    async def workers(self) -> tuple[WorkerInfo, ...]:
        """All workers that make images and were seen in the last minutes, by name. A long answer."""
        answer = await self._call(Bucket.OTHER, "GET", "workers", query={"type": "image"})
        workers = await asyncio.to_thread(structure_list, WorkerInfo, answer)
        found = [worker for worker in workers if worker.type == "image"]
        return tuple(sorted(found, key=lambda worker: (worker.name.lower(), worker.id)))

    async def performance(self) -> Performance:
        return structure(Performance, await self._call(Bucket.OTHER, "GET", "status", "performance"))

    async def news(self) -> tuple[Newspiece, ...]:
        """Newest first."""
        answer = await self._call(Bucket.OTHER, "GET", "status", "news")
        return tuple(sorted(structure_list(Newspiece, answer), key=lambda piece: piece.date, reverse=True))

    async def modes(self) -> Modes:
        return structure(Modes, await self._call(Bucket.OTHER, "GET", "status", "modes"))

    async def heartbeat(self) -> Heartbeat:
        """Whether the Horde is up; free of limits."""
        return structure(Heartbeat, await self._transport.call(self._endpoint, "GET", "status", "heartbeat"))

    async def fetch_image(self, url: str) -> bytes:
        """Download an image (WebP, PNG or JPEG). Raises ImageError; LinkDead asks for a fresh ``status``."""
        return await images.download(
            self._sessions, url, max_bytes=self._max_image_bytes, loopback=self._endpoint.is_loopback
        )

    async def image_bytes(self, generation: Generation) -> bytes:
        """The image of ``generation``, wherever it is. Raises what ``fetch_image`` raises."""
        if images.is_link(generation.img):
            return await self.fetch_image(generation.img)
        if generation.img in ("", "N/A"):  # the Horde's word for an image that never arrived
            raise LinkDead
        return await images.decode(generation.img, max_bytes=self._max_image_bytes)

    async def fetch_text(self, url: str, *, max_bytes: int, etag: str = "") -> Text | None:
        """A text from another host than the Horde, which learns nothing about us; None if ``etag`` names
        the version that it still has. https only (plain http: this machine). Raises HordeError.
        """
        return await elsewhere.fetch_text(self._sessions, url, max_bytes=max_bytes, etag=etag)

    async def close(self) -> None:
        """Close all connections, for good. End your own calls first: aiohttp lets them run into their
        timeouts.
        """
        await self._sessions.close()

    async def _generate(
        self, cls: type[T], request: GenerationRequest, on_wire: OnWire | None, *, spare: bool = False
    ) -> T:
        path = ("generate", "async")
        return await self._post(cls, Bucket.SUBMIT, path, to_body(request), spare=spare, on_wire=on_wire)

    async def _post(
        self, cls: type[T], bucket: Bucket, path: tuple[str, ...], body: object, **options: Any
    ) -> T:
        answer = await self._call(bucket, "POST", *path, with_key=True, body=body, **options)
        try:
            return structure(cls, answer)
        except BadAnswer as error:
            error.ambiguous = True
            raise

    async def _call(
        self,
        bucket: Bucket,
        method: str,
        *path: str,
        key: str | None = None,
        spare: bool = False,
        **options: Any,
    ) -> Any:
        key = key if key is not None else "/".join(path)
        async with self._governor.call(bucket, key, spare=spare):
            try:
                answer = await self._transport.call(self._endpoint, method, *path, **options)
            except HordeError as error:
                self._heed(error, bucket, key)
                raise
        if self._cut_off:
            self._cut_off = False
            self.recoveries.tell()
        return answer

    def _heed(self, error: HordeError, bucket: Bucket, key: str) -> None:
        if isinstance(error, RateLimited):
            self._governor.pause(bucket, error.retry_after or DEFAULT_PAUSE, key)
        elif isinstance(error, RequestNotFound):
            self._governor.forget(key)
        self._cut_off = self._cut_off or isinstance(error, Unreachable)
        self.failures.tell(error)
