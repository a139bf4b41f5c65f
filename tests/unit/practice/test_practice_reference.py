"""The practice horde's own reference of models."""

from __future__ import annotations

import json

from practice_kit import Visitor
from practice_recordings import DATA

REAL = json.loads((DATA / "horde" / "model_reference.json").read_text(encoding="utf-8"))
PATH = "/practice/reference.json"


async def test_it_lists_every_model_that_is_served(visitor: Visitor) -> None:
    reference = json.loads((await visitor.ask("GET", PATH)).raw)
    served = (await visitor.ask("GET", "/api/v2/status/models")).body
    assert set(reference) == {model["name"] for model in served}


async def test_it_has_the_shape_of_the_real_one(visitor: Visitor) -> None:
    reference = json.loads((await visitor.ask("GET", PATH)).raw)
    shapes = {
        key: {type(value) for value in (e[key] for e in REAL.values() if key in e)}
        for e in REAL.values()
        for key in e
    }
    for name, entry in reference.items():
        assert {"name", "baseline", "type", "inpainting", "nsfw", "style", "version", "config"} <= set(entry)
        assert entry["name"] == name
        for key, value in entry.items():
            assert type(value) in shapes[key], key
    kinds = {entry["baseline"] for entry in reference.values()}
    assert kinds == {entry["baseline"] for entry in REAL.values()}
    for name in set(reference) & set(REAL):
        for key in ("baseline", "inpainting", "requirements", "nsfw"):
            assert reference[name].get(key) == REAL[name].get(key), (name, key)


async def test_who_has_it_already_is_not_sent_it_again(visitor: Visitor) -> None:
    first = await visitor.ask("GET", PATH)
    assert first.status == 200
    again = await visitor.ask("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.raw) == (304, b"")
    assert (await visitor.ask("GET", PATH, headers={"If-None-Match": '"another"'})).status == 200
