"""The Horde's three shapes of error, and its words. Wordings are the real server's, as recorded."""

from __future__ import annotations

import difflib
import re
from typing import Any

from aiohttp import web

VALIDATION_FAILED = "Input payload validation failed"
BAD_JSON = "The browser (or proxy) sent a request that this server could not understand."
SERVER_ERROR = "Internal Server Error"
WRONG_METHOD = "The method is not allowed for the requested URL."
NO_USER = (
    "No user matching sent API Key. Have you remembered to register at https://stablehorde.net/register ?"
)
NO_IMAGE = (
    "Image validation failed. Please ensure the source image payload is either a URL containing an image "
    "or a valid base64 encoded image."
)
NOT_FOUND_PAGE = (
    "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    "<p>The requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling and try again.</p>\n"
)

# Routes that the real server may suggest in a 404 (flask-restx compares the path asked for with these).
_ROUTES = (
    "/api/v2/find_user",
    "/api/v2/generate/async",
    "/api/v2/generate/check/<string:id>",
    "/api/v2/generate/pop",
    "/api/v2/generate/rate/<string:id>",
    "/api/v2/generate/status/<string:id>",
    "/api/v2/generate/submit",
    "/api/v2/generate/text/async",
    "/api/v2/generate/text/pop",
    "/api/v2/generate/text/status/<string:id>",
    "/api/v2/generate/text/submit",
    "/api/v2/interrogate/async",
    "/api/v2/interrogate/pop",
    "/api/v2/interrogate/status/<string:id>",
    "/api/v2/interrogate/submit",
    "/api/v2/status/models",
    "/api/v2/status/models/<string:model_name>",
    "/api/v2/users",
    "/api/v2/users/<string:user_id>",
    "/api/v2/workers",
    "/api/v2/workers/<string:worker_id>",
)


class HordeError(Exception):
    """An answer that is not a success: ``{"message", "rc"}``, ``{"message"}`` or ``{"errors",
    "message"}``."""

    def __init__(
        self, status: int, message: str, rc: str | None = None, errors: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.rc = rc
        self.errors = errors

    def response(self) -> web.Response:
        body: dict[str, Any] = {}
        if self.errors is not None:
            body["errors"] = self.errors
        body["message"] = self.message
        if self.rc is not None:
            body["rc"] = self.rc
        return web.json_response(body, status=self.status)


def schema_error(errors: dict[str, str]) -> HordeError:
    return HordeError(400, VALIDATION_FAILED, errors=errors)


def bad_request(rc: str, message: str) -> HordeError:
    return HordeError(400, message, rc)


def forbidden(rc: str, message: str) -> HordeError:
    return HordeError(403, message, rc)


def invalid_key() -> HordeError:
    return HordeError(401, NO_USER, "InvalidAPIKey")


def not_found(rc: str, message: str, path: str) -> HordeError:
    """A 404 of a known route; where other routes look alike, the real server appends a guess at them."""
    known = {re.sub("(<.*>)", "", route): route for route in _ROUTES}
    close = difflib.get_close_matches(path, list(known))
    if close:
        message = message[:-1] if message.endswith(".") else message
        guesses = " or ".join(known[match] for match in close)
        message = f"{message}. You have requested this URI [{path}] but did you mean {guesses} ?"
    return HordeError(404, message, rc)


def request_not_found(request_id: str, verb: str, path: str) -> HordeError:
    text = f"Image Waiting Prompt ({verb}) with ID '{request_id}' not found."
    return not_found("RequestNotFound", text, path)
