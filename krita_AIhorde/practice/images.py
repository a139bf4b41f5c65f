"""The image port: signed links to what workers uploaded, as an S3-like object store gives them out."""

from __future__ import annotations

import calendar
import hashlib
import hmac
import io
import secrets
import time
import zlib
from dataclasses import dataclass, field
from urllib.parse import quote

from aiohttp import web
from PIL import Image

from .clock import Clock

LINK_SECONDS = 1800
KEPT_SECONDS = 120 * 60
_FOLDER = "/horde-transient/"
_SIGNATURE = "&X-Amz-Signature="


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
    """Uploads by name, and the links to them. A link is good for 30 minutes, an upload is kept for 120."""

    def __init__(self, clock: Clock) -> None:
        self.base_url = ""
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._uploads: dict[str, Upload] = {}

    def clear(self) -> None:
        self._uploads.clear()

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
        at = time.gmtime(signed)
        scope = quote(f"local/{time.strftime('%Y%m%d', at)}/auto/s3/aws4_request", safe="")
        path = (
            f"{_FOLDER}{generation_id}.webp?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}"
            f"&X-Amz-Date={time.strftime('%Y%m%dT%H%M%SZ', at)}&X-Amz-Expires={LINK_SECONDS}"
            "&X-Amz-SignedHeaders=host"
        )
        return f"{self.base_url}{path}{_SIGNATURE}{self._signature(path)}"

    def fetch(self, raw_path: str) -> Upload:
        """The upload that a link (path and query, as they stood in the request line) leads to. Raises
        `Refused`."""
        path, _, signature = raw_path.partition(_SIGNATURE)
        name = path.partition("?")[0].removeprefix(_FOLDER).removesuffix(".webp")
        upload = self._uploads.get(name)
        forged = not hmac.compare_digest(self._signature(path).encode(), signature.encode())
        if forged or (upload is not None and "lost_link" in upload.faults):
            raise Refused(
                403, "SignatureDoesNotMatch", "The request signature does not match the one calculated here."
            )
        if self._clock.now() > _signed_at(path) + LINK_SECONDS:
            raise Refused(403, "ExpiredRequest", "Request has expired")
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


def missing() -> Refused:
    return Refused(404, "NoSuchKey", "The specified key does not exist.")


async def serve(request: web.Request, gallery: Gallery) -> web.StreamResponse:
    """Answers one download. Workers upload without a content type, so the store gives none away either."""
    try:
        upload = gallery.fetch(request.raw_path)
    except Refused as refused:
        return refused.response()
    data = upload.data or b""
    headers = {"Content-Type": "application/octet-stream", "ETag": f'"{hashlib.md5(data).hexdigest()}"'}
    cuts = upload.faults.get("half_image", 0)
    if cuts is None or upload.downloads <= cuts:
        return await _cut_in_half(request, data, headers)
    return web.Response(body=data, headers=headers)


async def _cut_in_half(request: web.Request, data: bytes, headers: dict[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers={**headers, "Content-Length": str(len(data))})
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    if request.transport is not None:
        request.transport.close()  # not abort(): the first half is to arrive
    return response


def spoiled(data: bytes, faults: dict[str, int | None]) -> bytes | None:
    """What a worker with these faults uploads in place of `data`. Takes a moment for ``huge_image``."""
    if "no_upload" in faults:
        return None
    if "corrupt_image" in faults:
        return b"This is not the image that was asked for. " * 20
    if "empty_image" in faults:
        return b""
    if "huge_image" in faults:
        return _bomb()
    return data


def _bomb(side: int = 16384) -> bytes:
    """A valid black PNG of `side` x `side` pixels, 1 bit each, in a few kilobytes."""
    rows = zlib.compress(bytes((1 + side // 8) * side), 9)
    header = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    body = b"".join(
        len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
        for kind, content in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def inline(data: bytes | None) -> bytes | None:
    """The upload as the server hands it out in the status itself (``r2: false``): re-encoded, RGB stays
    RGB. An upload that is no image is handed out as it is."""
    if not data:
        return None
    try:
        image = Image.open(io.BytesIO(data))
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=80)
    except (OSError, ValueError, Image.DecompressionBombError):
        return data
    return buffer.getvalue()


def _signed_at(path: str) -> float:
    """Seconds since the epoch from X-Amz-Date. Only called for paths whose signature is ours."""
    stamp = path.partition("X-Amz-Date=")[2][:16]
    return float(calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")))
