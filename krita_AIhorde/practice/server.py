"""The practice horde as a whole: two ports, the API's and the images', on the running asyncio loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType

from aiohttp import web
from aiohttp.typedefs import Middleware

from . import api, control, images, trouble
from .errors import NOT_FOUND_PAGE, WRONG_METHOD, HordeError, schema_error
from .faults import Fault, first_striking
from .horde import Horde
from .log import ENTRY, Entry
from .ports import Ports

MOST_BYTES = 64 * 1024 * 1024
_HEADERS = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, Content-Length, Accept-Encoding, "
    "X-CSRF-Token, apikey, "
    "Client-Agent, X-Fields, X-Forwarded-For, Proxied-For, Proxy-Authorization",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS, PUT, DELETE, PATCH",
    "Access-Control-Allow-Origin": "*",
    "Horde-Node": "practice:0:5.1.5",
}

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PracticeHorde:
    """A small AI Horde. `pace` is in seconds per image; port 0 is any free port, known after `start`.

    It binds to `host` only, the loopback address unless told otherwise.
    """

    def __init__(
        self, *, port: int = 0, image_port: int = 0, pace: float = 3.0, host: str = "127.0.0.1"
    ) -> None:
        self._wanted = (port, image_port)
        self._pace = pace
        self._host = host
        self._horde: Horde | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._ports: Ports | None = None

    @property
    def url(self) -> str:
        """The API's base URL, up to and including ``/api/v2``."""
        return self._address("api") + api.BASE

    @property
    def image_url(self) -> str:
        return self._address("image")

    def _address(self, port: str) -> str:
        if self._ports is None:
            raise RuntimeError("the practice horde has not been started")
        return self._ports.address(port)

    async def start(self) -> None:
        """Raises OSError where a port is taken."""
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="practice")
        self._ports = Ports(self._host)
        self._horde = Horde(self._pace, self._pool, self._ports)
        try:
            for name, app, port in zip(("api", "image"), _apps(self._horde), self._wanted, strict=True):
                await self._ports.open(name, app, port)
        except OSError:
            await self.stop()
            raise
        self._horde.gallery.base_url = self.image_url
        await self._horde.start()

    async def stop(self) -> None:
        """Leaves no task, socket or thread. May be called again."""
        if self._horde is not None:
            await self._horde.stop()
        if self._ports is not None:
            await self._ports.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._ports, self._horde, self._pool = None, None, None

    async def __aenter__(self) -> PracticeHorde:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def _apps(horde: Horde) -> tuple[web.Application, web.Application]:
    api_app = web.Application(middlewares=[_around(horde, "api", _answer)], client_max_size=MOST_BYTES)
    api_app.add_routes(api.routes(horde) + control.routes(horde))
    image_app = web.Application(middlewares=[_around(horde, "image", _answer_image)])
    image_app.router.add_get("/{tail:.*}", partial(_serve_image, horde))
    return api_app, image_app


async def _serve_image(horde: Horde, request: web.Request) -> web.StreamResponse:
    return await images.serve(request, horde.gallery)


def _around(
    horde: Horde,
    port: str,
    answer: Callable[[Horde, web.Request, _Handler, Entry], Awaitable[web.StreamResponse]],
) -> Middleware:
    """A middleware that notes the request and its answer's status in the log."""

    @web.middleware
    async def around(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if port == "api" and request.path.startswith(control.PREFIX):
            return await handler(request)
        entry = horde.log.note(request, port, await request.read(), horde.clock.now())
        request[ENTRY] = entry
        response = await answer(horde, request, handler, entry)
        if not entry.cut:
            horde.log.note_answer(entry, response)
        return response

    return around


async def _answer(horde: Horde, request: web.Request, handler: _Handler, entry: Entry) -> web.StreamResponse:
    stray = request.match_info.http_exception
    if stray is not None:
        return _with_headers(_astray(stray), {})
    endpoint = (request.match_info.route.name or "").removesuffix("_single")
    verdict = _limits(horde, request, endpoint)
    if isinstance(verdict, web.Response):
        return verdict

    async def serve() -> web.StreamResponse:
        try:
            response = await handler(request)
        except HordeError as error:
            response = error.response()
        return _with_headers(response, verdict)

    try:
        fault = _fault(horde, request, endpoint, entry)
    except HordeError as error:
        return _with_headers(error.response(), verdict)
    response = await trouble.meet(horde, fault, request, serve) if fault else await serve()
    if fault is None or fault.passing:
        if endpoint == "submit" and response.status == 202:
            horde.pending.answered(entry.body)
        return response
    if fault.name.startswith("html_"):
        return response  # comes from a proxy that knows nothing of the Horde
    if fault.name == "rate_limited_bare":
        verdict.pop("Retry-After", None)
    return _with_headers(response, {**verdict, **response.headers})


def _limits(horde: Horde, request: web.Request, endpoint: str) -> dict[str, str] | web.Response:
    """Headers for the answer, or the answer itself: 429, without rc."""
    if not horde.settings.limits:
        return {}
    key = request.headers.get("apikey", "0000000000")
    where = f"{request.method}@{request.path}"
    verdict = horde.limiter.hit(horde.limiter.rules(endpoint, request.remote or "", key, where))
    if verdict.refused is None:
        return verdict.headers
    response = HordeError(429, str(verdict.refused)).response()
    _with_headers(response, verdict.headers)
    return response


def _fault(horde: Horde, request: web.Request, endpoint: str, entry: Entry) -> Fault | None:
    """The fault that this request meets: one of its job's own, or one that is switched on for all."""
    own: list[Fault] = []
    if endpoint == "submit":
        try:
            own = horde.pending.of(entry.body).api_faults()
        except ValueError as error:
            raise schema_error({"prompt": str(error)}) from None
    elif "id" in request.match_info:
        found = horde.cluster.find(request.match_info["id"])
        own = found.api_faults if found is not None else []
    return first_striking([*own, *horde.settings.faults], endpoint)


async def _answer_image(
    horde: Horde, request: web.Request, handler: _Handler, entry: Entry
) -> web.StreamResponse:
    async def serve() -> web.StreamResponse:
        return await handler(request)

    own = horde.cluster.api_faults_of(images.generation_of(request.path))
    fault = first_striking([*own, *horde.settings.faults], "image")
    response = await trouble.meet(horde, fault, request, serve) if fault else await serve()
    if images.GENERATION in response:
        await response.prepare(request)
        await response.write_eof()
        horde.gallery.served[response[images.GENERATION]] += 1
    return response


def _astray(stray: web.HTTPException) -> web.Response:
    if isinstance(stray, web.HTTPMethodNotAllowed):
        response = HordeError(405, WRONG_METHOD).response()
        response.headers["Allow"] = ", ".join([*sorted(stray.allowed_methods), "OPTIONS"])
        return response
    return web.Response(status=404, text=NOT_FOUND_PAGE, content_type="text/html")


def _with_headers(response: web.StreamResponse, more: dict[str, str]) -> web.StreamResponse:
    if not response.prepared:
        response.headers.update({**_HEADERS, **more})
    return response
