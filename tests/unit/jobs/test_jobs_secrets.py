"""The API key is in no log, no message and no repr, whatever happens to a job."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from jobs_bench import KEY, Bench

from krita_AIhorde import log
from krita_AIhorde import settings as s
from krita_AIhorde.horde.client import HordeClient
from krita_AIhorde.horde.endpoint import Endpoint
from krita_AIhorde.horde.errors import HordeError
from krita_AIhorde.jobs.spec import Operation

# Each ends in another place: a layer, an answer that quotes, a broken connection, an image that is none.
FATES = (
    "a fox",
    "[practice fault=invalid_key]",
    "[practice fault=reset_after_submit]",
    "[practice fault=corrupt_image]",
    "[practice fault=nsfw]",
)


async def test_no_log_and_no_row_holds_the_key(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("krita_AIhorde.jobs.fetching.TRIES", 1)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    stop = log.start(tmp_path, shown.append)
    try:
        await bench.client.find_user()
        jobs = [bench.send(fate, operation=Operation.INPAINT) for fate in FATES]
        ends = [await bench.ended(job) for job in jobs]
    finally:
        stop()
    sent = [entry for entry in await bench.requests("POST", "/async") if KEY in str(entry["headers"])]
    assert len(sent) >= len(FATES), "the key was in use"
    written = (tmp_path / log.FILE).read_text("utf-8")
    assert len(written.splitlines()) > 3 * len(FATES)
    everything = {
        "the log": written,
        "Krita's Log Viewer": "\n".join(shown),
        "other loggers": caplog.text,
        "the rows": repr(ends),
        "the jobs": repr(list(bench.queue._jobs)),
        "the client": repr([bench.client, bench.client.endpoint, vars(bench.client)]),
    }
    for where, text in everything.items():
        assert KEY not in text, where


@pytest.mark.parametrize("fault", ["invalid_key@find_user", "html_502@find_user", "reset@find_user"])
async def test_no_exception_holds_the_key(bench: Bench, fault: str) -> None:
    await bench.ask("/practice/faults", {"faults": [fault]})
    with pytest.raises(HordeError) as caught:
        await bench.client.find_user()
    error: BaseException | None = caught.value
    while error is not None:  # with all that it came from
        assert KEY not in str(error) + repr(error) + repr(error.args)
        error = error.__cause__ or error.__context__


async def test_an_unknown_key_that_the_horde_quotes_is_taken_out(bench: Bench) -> None:
    client = HordeClient(Endpoint(bench.horde.url, "sEcReT-sEcReT", client_agent="krita_AIhorde:0:test"))
    with pytest.raises(HordeError) as caught:
        await client.find_user()
    await client.close()
    assert "sEcReT" not in str(caught.value)


def test_settings_show_no_values() -> None:
    settings = s.Settings()
    settings.set(s.API_KEY, KEY)
    assert KEY not in repr(settings) + str(settings)
