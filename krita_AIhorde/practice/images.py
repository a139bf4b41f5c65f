"""The image port: signed links to what workers uploaded, as an S3-like object store gives them out."""

from __future__ import annotations

import calendar
import hashlib
import hmac
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web

from . import wire
from .clock import Clock

LINK_SECONDS = 1800
KEPT_SECONDS = 120 * 60
_FOLDER = "/horde-transient/"
_MOVED_FOLDER = "/horde-moved/"
_SIGNATURE = "&X-Amz-Signature="
GENERATION = web.ResponseKey("generation", str)  # whose upload an answer holds


@dataclass
class Upload:
    """What a worker uploaded, if it did (`data` None: it did not). `faults` are the job's; `links` counts
    those made."""

    data: bytes | None
    uploaded: float
    faults: dict[str, int | None] = field(default_factory=dict)
    links: int = 0
    downloads: int = 0


class Gallery:
    """Uploads by name, and the links to them. A link is good for 30 minutes, an upload is kept for 120.

    `served` counts whole downloads by generation; it outlives the uploads.
    """

    def __init__(self, clock: Clock) -> None:
        self.base_url = self.untrusted_url = ""
        self.served: Counter[str] = Counter()
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._uploads: dict[str, Upload] = {}

    def clear(self) -> None:
        self._uploads.clear()
        self.served.clear()

    def keep(self, generation_id: str, data: bytes | None, faults: dict[str, int | None]) -> None:
        """`data` None is an upload that never came."""
        self._uploads[generation_id] = Upload(data, self._clock.now(), faults)
        self._prune()

    def link(self, generation_id: str) -> str:
        """A fresh link, percent-encoded as the real store does it. It answers only to exactly these
        characters."""
        signed = self._clock.now()
        upload = self._uploads.get(generation_id)
        if upload is not None:
            upload.links += 1
            if "expired_link" in upload.faults and upload.links == 1:
                signed -= 2 * LINK_SECONDS
        untrusted = upload is not None and "untrusted_link" in upload.faults
        return (self.untrusted_url if untrusted else self.base_url) + self._signed(
            f"{_FOLDER}{generation_id}.webp", signed
        )

    def _signed(self, file: str, signed: float) -> str:
        """Path and query."""
        at = time.gmtime(signed)
        scope = quote(f"local/{time.strftime('%Y%m%d', at)}/auto/s3/aws4_request", safe="")
        path = (
            f"{file}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}"
            f"&X-Amz-Date={time.strftime('%Y%m%dT%H%M%SZ', at)}&X-Amz-Expires={LINK_SECONDS}"
            "&X-Amz-SignedHeaders=host"
        )
        return f"{path}{_SIGNATURE}{self._signature(path)}"

    def fetch(self, raw_path: str) -> Upload:
        """The upload that a link (path and query, as they stood in the request line) leads to. Raises
        `Refused`, or `Moved`."""
        path, _, signature = raw_path.partition(_SIGNATURE)
        name = generation_of(path)
        upload = self._uploads.get(name)
        forged = not hmac.compare_digest(self._signature(path).encode(), signature.encode())
        if forged or (upload is not None and "lost_link" in upload.faults):
            raise Refused(
                403, "SignatureDoesNotMatch", "The request signature does not match the one calculated here."
            )
        if self._clock.now() > _signed_at(path) + LINK_SECONDS:
            raise Refused(403, "ExpiredRequest", "Request has expired")
        if upload is not None and "redirected_link" in upload.faults and path.startswith(_FOLDER):
            raise Moved(self.base_url + self._signed(f"{_MOVED_FOLDER}{name}.webp", self._clock.now()))
        self._prune()
        if name not in self._uploads or upload is None or upload.data is None:
            raise missing()
        upload.downloads += 1
        if "late_upload" in upload.faults and upload.downloads <= 2:
            raise missing()
        return upload

    def _signature(self, path: str) -> str:
        return hmac.new(self._secret, path.encode(), hashlib.sha256).hexdigest()

    def _prune(self) -> None:
        oldest = self._clock.now() - KEPT_SECONDS
        for name in [name for name, upload in self._uploads.items() if upload.uploaded < oldest]:
            del self._uploads[name]


class Refused(Exception):
    """An answer of the store other than the image: a short XML document."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        )

    def response(self) -> web.Response:
        return web.Response(status=self.status, text=self.body, content_type="application/xml")


class Moved(Exception):
    """The upload is behind another link."""

    def __init__(self, link: str) -> None:
        super().__init__(link)
        self.link = link


def missing() -> Refused:
    return Refused(404, "NoSuchKey", "The specified key does not exist.")


def generation_of(path: str) -> str:
    """The generation whose upload a path (with or without its query) names."""
    return path.partition("?")[0].rpartition("/")[2].removesuffix(".webp")


async def serve(request: web.Request, gallery: Gallery) -> web.StreamResponse:
    """Answers one download. Workers upload without a content type, so the store gives none away either."""
    try:
        upload = gallery.fetch(request.raw_path)
    except Refused as refused:
        return refused.response()
    except Moved as moved:
        return web.Response(status=302, headers={"Location": moved.link})
    data = upload.data or b""
    kind = "text/html" if "html_image" in upload.faults else "application/octet-stream"
    headers = {"Content-Type": kind, "ETag": f'"{hashlib.md5(data).hexdigest()}"'}
    response = web.Response(body=data, headers=headers)
    cuts = upload.faults.get("half_image", 0)
    if cuts is None or upload.downloads <= cuts:
        return await wire.cut_in_body(request, response)
    response[GENERATION] = generation_of(request.path)
    return response


def _signed_at(path: str) -> float:
    """Seconds since the epoch from X-Amz-Date. Only called for paths whose signature is ours."""
    stamp = path.partition("X-Amz-Date=")[2][:16]
    return float(calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")))
