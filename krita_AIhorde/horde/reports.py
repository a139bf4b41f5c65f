"""How things stand at the Horde, typed: models, workers, accounts, health, news."""

from __future__ import annotations

from attrs import field, frozen

from krita_AIhorde.horde.markdown import plain_text
from krita_AIhorde.horde.structuring import at


@frozen
class ActiveModel:
    """A model that is served, or asked for (``count`` 0). ``eta`` in seconds, ``queued`` in pixelsteps."""

    name: str
    count: int = 0
    performance: float = 0.0
    queued: float = 0.0
    jobs: float = 0.0
    eta: int = 0
    type: str = "image"


@frozen
class WorkerInfo:
    """A volunteer's machine. ``performance`` is the Horde's own text ("4.7 megapixelsteps per second").

    ``max_pixels`` is the largest area that it makes; ``trusted``, that its owner is. One in maintenance
    takes no requests.
    """

    id: str
    name: str = ""
    online: bool = True
    trusted: bool = False
    maintenance_mode: bool = False
    nsfw: bool = False
    max_pixels: int = 0
    img2img: bool = False
    painting: bool = False
    lora: bool = False
    controlnet: bool = False
    post_processing: bool = field(default=False, metadata=at("post-processing"))
    threads: int = 1
    performance: str = ""
    models: tuple[str, ...] = ()
    type: str = "image"


@frozen
class User:
    """Whose key it is. ``username`` is "name#number"; ``concurrency`` is how many images may wait at once.

    ``requests`` are the images that were made for it, ``contributions`` those that its workers made.
    """

    username: str
    kudos: float = 0.0
    concurrency: int = 30
    trusted: bool = False
    pseudonymous: bool = False
    worker_count: int = 0
    worker_ids: tuple[str, ...] = ()
    requests: int = field(default=0, metadata=at("records", "request", "image"))
    contributions: int = field(default=0, metadata=at("records", "fulfillment", "image"))
    active_image_ids: tuple[str, ...] = field(default=(), metadata=at("active_generations", "image"))


@frozen
class Transferred:
    """Kudos that went from one account to another."""

    transferred: float


@frozen
class Modes:
    """Maintenance: no new requests; invite only: no new workers."""

    maintenance_mode: bool = False
    invite_only_mode: bool = False


@frozen
class Heartbeat:
    """``message`` is OK, DOWN or OVERLOADED."""

    message: str = ""
    version: str = ""


@frozen
class Performance:
    """The Horde's load. ``queued_requests`` counts images; workers are those of the last five minutes."""

    queued_requests: int = 0
    queued_megapixelsteps: float = 0.0
    past_minute_megapixelsteps: float = 0.0
    worker_count: int = 0
    thread_count: int = 0

    @property
    def seconds_queued(self) -> float | None:
        """How long the queue takes at the last minute's speed; None where nothing was made in it."""
        if self.queued_megapixelsteps <= 0:
            return 0.0
        if self.past_minute_megapixelsteps <= 0:
            return None
        return 60.0 * self.queued_megapixelsteps / self.past_minute_megapixelsteps


@frozen
class Newspiece:
    """A piece of news; ``date`` is as the Horde writes it ("2025-12-16"), ``links`` are addresses in it."""

    title: str = ""
    markdown: str = field(default="", metadata=at("newspiece"))
    date: str = field(default="", metadata=at("date_published"))
    importance: str = ""
    links: tuple[str, ...] = field(default=(), metadata=at("more_info_urls"))

    @property
    def text(self) -> str:
        """It as plain text, without the marks of markdown."""
        return plain_text(self.markdown)
