"""The reference of models: asked for once a day, kept on disk, used however old where there is no network."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.daily import DAY
from krita_AIhorde.horde.elsewhere import Text
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import AnswerTooLong, BadAnswer, HordeError, Unreachable
from krita_AIhorde.horde.modelinfo import Baseline
from krita_AIhorde.horde.reference import REFERENCE_URL, ModelReference, reference_url
from krita_AIhorde.horde.referencecache import FILE, MAX_BYTES
from krita_AIhorde.practice.server import PracticeHorde

Run = Callable[[Any], Any]
URL = "https://elsewhere.example/reference.json"
NOON = 1_800_000_000.0


def reference(*names: str) -> str:
    return json.dumps({name: {"baseline": "stable_diffusion_xl", "description": "füchse"} for name in names})


class Elsewhere:
    """Serves ``text`` under the name ``etag``; an exception in its place is raised."""

    def __init__(self, text: Any = None, etag: str = '"v1"') -> None:
        self.text, self.etag = reference("one") if text is None else text, etag
        self.asked: list[tuple[float, str, str, int]] = []  # time, url, etag sent, limit

    async def fetch_text(self, url: str, *, max_bytes: int, etag: str = "") -> Text | None:
        self.asked.append((asyncio.get_running_loop().time(), url, etag, max_bytes))
        if isinstance(self.text, Exception):
            raise self.text
        return None if etag and etag == self.etag else Text(self.text, self.etag)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Callable[..., ModelReference]:
    """A reference as the next start of Krita would make it."""

    def make(elsewhere: Elsewhere, *, url: str = URL) -> ModelReference:
        return ModelReference(cast(HordeClient, elsewhere), tmp_path / "cache", url, clock=clock)

    return make


@pytest.fixture
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads take their time; a clock that costs none would run away from them."""

    async def inline(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", inline)


def names(models: ModelReference) -> list[str]:
    return sorted(models.models)


async def test_it_is_fetched_kept_and_told(opened: Any, tmp_path: Path, clock: Clock) -> None:
    elsewhere = Elsewhere()
    models = opened(elsewhere)
    seen: list[Any] = []
    models.subscribe(lambda: seen.append(names(models)))
    assert names(models) == []
    assert models.info("one").known is False
    await models.refresh()
    assert seen == [["one"]]
    assert (models.problem, models.updated_at) == (None, NOON)
    assert models.info("one").baseline is Baseline.SDXL
    assert models.info("another [Flux]").baseline is Baseline.FLUX
    assert elsewhere.asked[0][1:] == (URL, "", 5 * 2**20)
    kept = tmp_path / "cache" / FILE
    assert [path.name for path in kept.parent.iterdir()] == [FILE]
    if os.name == "posix":
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.parent.stat().st_mode & 0o777 == 0o700


async def test_within_a_day_nobody_is_asked_again_not_even_after_a_start(opened: Any, clock: Clock) -> None:
    elsewhere = Elsewhere()
    first = opened(elsewhere)
    await first.refresh()
    clock.now += DAY - 1
    await first.refresh()
    second = opened(elsewhere)
    await second.refresh()
    assert (names(second), second.problem, second.updated_at) == (["one"], None, NOON)
    assert second.info("one").description == "füchse"
    assert len(elsewhere.asked) == 1


async def test_after_a_day_it_is_asked_whether_there_is_a_newer_one(opened: Any, clock: Clock) -> None:
    elsewhere = Elsewhere()
    await opened(elsewhere).refresh()
    clock.now += DAY
    models = opened(elsewhere)
    await models.refresh()
    assert elsewhere.asked[-1][2] == '"v1"'
    assert (names(models), models.updated_at) == (["one"], clock.now)
    await opened(elsewhere).refresh()
    assert len(elsewhere.asked) == 2, "that it is still the newest was written down"
    clock.now += DAY
    elsewhere.text, elsewhere.etag = reference("two"), '"v2"'
    models = opened(elsewhere)
    await models.refresh()
    assert names(models) == ["two"]


async def test_a_host_that_names_no_versions_is_asked_once_a_day_too(opened: Any, clock: Clock) -> None:
    elsewhere = Elsewhere(etag="")
    for _ in range(3):
        await opened(elsewhere).refresh()
    assert len(elsewhere.asked) == 1
    clock.now += DAY
    await opened(elsewhere).refresh()
    assert [etag for _, _, etag, _ in elsewhere.asked] == ["", ""]


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"reference": {}}',
        b'{"reference": {"one": {}}, "url": "https://other.example/"}', b'{"reference": {"one": {}}}',
        b" " * (2 * MAX_BYTES + 1),
    ],
)  # fmt: skip
async def test_a_broken_cache_is_replaced(opened: Any, tmp_path: Path, broken: bytes) -> None:
    elsewhere = Elsewhere()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / FILE).write_bytes(broken)
    models = opened(elsewhere)
    await models.refresh()
    assert (names(models), elsewhere.asked[0][2]) == (["one"], "")
    await opened(elsewhere).refresh()
    assert len(elsewhere.asked) == 1


@pytest.mark.parametrize("checked_at", ["null", '"yesterday"', "NaN", "1e999", str(NOON + 10 * DAY)])
async def test_a_time_that_makes_no_sense_is_put_right(opened: Any, tmp_path: Path, checked_at: str) -> None:
    elsewhere = Elsewhere()
    await opened(elsewhere).refresh()
    kept = tmp_path / "cache" / FILE
    kept.write_text(kept.read_text("utf-8").replace(str(NOON), checked_at), "utf-8")
    for _ in range(2):
        models = opened(elsewhere)
        await models.refresh()
        assert (names(models), models.updated_at) == (["one"], NOON)
    assert len(elsewhere.asked) == 2


@pytest.mark.parametrize("failure", [Unreachable(), AnswerTooLong(), "<html>log in</html>", "{}", '{"a": 1}'])
async def test_offline_what_was_kept_is_used_however_old(opened: Any, clock: Clock, failure: Any) -> None:
    elsewhere = Elsewhere()
    await opened(elsewhere).refresh()
    clock.now += 400 * DAY
    elsewhere.text, elsewhere.etag = failure, '"v2"'
    models = opened(elsewhere)
    seen: list[Any] = []
    models.subscribe(lambda: seen.append((names(models), models.problem is None)))
    await models.refresh()
    assert seen == [(["one"], True), (["one"], False)], "the old ones are there before anybody is asked"
    assert isinstance(models.problem, HordeError)
    assert models.updated_at == NOON
    elsewhere.text = reference("two")
    again = opened(elsewhere)
    await again.refresh()
    assert (names(again), again.problem) == (["two"], None)


@pytest.mark.parametrize(("failure", "problem"), [(Unreachable(), Unreachable), ("no json", BadAnswer)])
async def test_with_neither_it_is_empty_and_says_so(
    opened: Any, tmp_path: Path, failure: Any, problem: type[HordeError]
) -> None:
    models = opened(Elsewhere(failure))
    await models.refresh()
    assert (names(models), type(models.problem), models.updated_at) == ([], problem, None)
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("without_threads")
def test_it_is_tried_again_later_and_not_too_soon(in_virtual_time: Run, opened: Any) -> None:
    elsewhere = Elsewhere(Unreachable())
    models = opened(elsewhere)

    async def main() -> None:
        task = asyncio.ensure_future(models.keep_fresh())
        for _ in range(300):
            await asyncio.sleep(1)
            await models.refresh()
        elsewhere.text = reference("one")
        await asyncio.sleep(10_000)
        task.cancel()
        await asyncio.wait([task])

    in_virtual_time(main())
    assert [time for time, *_ in elsewhere.asked] == pytest.approx([0, 120, 240, 360], abs=2)
    assert names(models) == ["one"]


@pytest.mark.usefixtures("without_threads")
def test_a_krita_that_runs_for_days_asks_every_day(in_virtual_time: Run, opened: Any, clock: Clock) -> None:
    elsewhere = Elsewhere()
    models = opened(elsewhere)

    async def main() -> None:
        task = asyncio.ensure_future(models.keep_fresh())
        for _ in range(3 * 24 * 6):
            await asyncio.sleep(600)
            clock.now += 600
        task.cancel()
        await asyncio.wait([task])

    in_virtual_time(main())
    asked = [time / DAY for time, *_ in elsewhere.asked]
    assert asked == pytest.approx([0, 1, 2], abs=0.05)


async def test_a_disk_that_takes_nothing_costs_only_the_next_start(
    opened: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file in the folder's place", "utf-8")
    models = opened(Elsewhere())
    await models.refresh()
    assert (names(models), models.problem) == (["one"], None)
    assert "not kept" in caplog.text


async def test_a_write_that_fails_leaves_the_old_one_whole(
    opened: Any, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Elsewhere()
    await opened(elsewhere).refresh()
    before = (tmp_path / "cache" / FILE).read_bytes()
    clock.now += DAY
    elsewhere.text, elsewhere.etag = reference("two"), '"v2"'

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    models = opened(elsewhere)
    await models.refresh()
    assert names(models) == ["two"]
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [FILE]
    assert (tmp_path / "cache" / FILE).read_bytes() == before


async def test_no_key_goes_to_where_the_reference_lies(
    raw_host: Any, wire: Any, connect: Any, tmp_path: Path
) -> None:
    host = await raw_host(lambda _: wire.reply(reference("one").encode(), headers={"ETag": '"v1"'}))
    models = ModelReference(connect("https://horde.example"), tmp_path, f"{host.url}/reference.json")
    await models.refresh()
    assert names(models) == ["one"]
    assert "my-own-key" not in str(host.received)
    assert "client-agent" not in host.received[0].headers


async def test_the_practice_hordes_reference(connect: Any, tmp_path: Path, clock: Clock) -> None:
    async with PracticeHorde() as horde:
        root = horde.url.removesuffix("/api/v2")
        for _ in range(2):  # the second time it is still the newest
            client = connect(root)
            models = ModelReference(client, tmp_path, reference_url(client.endpoint), clock=clock)
            await models.refresh()
            assert models.problem is None
            assert models.info("Pony Diffusion XL").triggers == ("score_9", "score_8_up")
            assert models.info("Flux.1-Schnell fp8 (Compact)").requirements.max_steps == 8
            assert models.updated_at == clock.now
            clock.now += DAY


def test_the_real_horde_has_the_public_reference() -> None:
    assert reference_url(Endpoint("https://aihorde.net/api/v2")) == REFERENCE_URL
