"""Our schema says what the API's specification says, and is checked as jsonschema checks it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from krita_AIhorde.horde.schema import GENERATION_REQUEST, violations

DATA = Path(__file__).resolve().parents[2] / "data"
DEFINITIONS = json.loads((DATA / "swagger.json").read_text(encoding="utf-8"))["definitions"]
CHECKING = frozenset({
    "type", "required", "items", "enum", "minimum", "maximum", "multipleOf", "minLength", "maxLength",
    "uniqueItems",
})  # fmt: skip


def specified(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What a definition of the specification checks: references resolved, inheritance merged."""
    if "$ref" in definition:
        return specified(DEFINITIONS[definition["$ref"].rpartition("/")[2]])
    found = {name: value for name, value in definition.items() if name in CHECKING}
    if "items" in found:
        found["items"] = specified(found["items"])
    properties = {name: specified(value) for name, value in definition.get("properties", {}).items()}
    for part in map(specified, definition.get("allOf", ())):
        properties |= part.pop("properties", {})
        found |= part
    properties.pop("*", None)  # the generator's way to say "anything may stand here"
    return found | ({"properties": properties} if properties else {})


def comparable(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {name: comparable(value) for name, value in schema.items()}
    return sorted(schema) if isinstance(schema, list | tuple) else schema


def test_our_schema_is_the_specifications() -> None:
    assert comparable(GENERATION_REQUEST) == comparable(specified(DEFINITIONS["GenerationInputStable"]))


# The Horde takes 512.0 for an integer, as later drafts of JSON schema do, and not draft 4.
_DRAFT4 = jsonschema.Draft4Validator
_JUDGE = jsonschema.validators.extend(
    _DRAFT4,
    type_checker=_DRAFT4.TYPE_CHECKER.redefine(
        "integer",
        lambda _, value: (
            not isinstance(value, bool)
            and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        ),
    ),
)({"$ref": "#/definitions/GenerationInputStable", "definitions": DEFINITIONS})


def judged(body: Any) -> set[str]:
    """Paths of what jsonschema refuses, as the Horde reports them."""
    paths = set()
    for error in _JUDGE.iter_errors(body):
        missing = [error.message.split("'")[1]] if error.validator == "required" else []
        paths.add(".".join([*map(str, error.absolute_path), *missing]))
    return paths


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 4000),
    st.floats(-10, 4000, allow_nan=False),
    st.sampled_from([64, 512.0, 0.01, 1, 20.5, 3072, 3136, 500, 501, 12, 13, "k_euler", "remix", "GFPGAN"]),
    st.text(max_size=12),
    st.integers(250, 260).map("x".__mul__),
    st.integers(1020, 1030).map("x".__mul__),
)
names = st.sampled_from(
    ["name", "model", "is_version", "inject_trigger", "inject_ti", "text", "reference", "image"]
)
anything = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.lists(st.dictionaries(names, scalars, max_size=3), max_size=2),
    st.dictionaries(names, scalars, max_size=2),
)
places = st.sampled_from(
    [
        *((name,) for name in GENERATION_REQUEST["properties"]),
        *(("params", name) for name in GENERATION_REQUEST["properties"]["params"]["properties"]),
    ]
)
GOOD: dict[str, Any] = {"prompt": "a fox", "params": {"width": 512, "height": 512, "steps": 20}}


@given(st.lists(st.tuples(places, anything), min_size=1, max_size=3))
@settings(max_examples=600)
def test_whatever_stands_wherever_is_judged_as_jsonschema_judges_it(changes: list[Any]) -> None:
    body: Any = copy.deepcopy(GOOD)
    for place, value in changes:
        inside = body
        for name in place[:-1]:
            inside = inside.get(name) if isinstance(inside, dict) else None
        if isinstance(inside, dict):
            inside[place[-1]] = value
    found = [violation.field for violation in violations(body)]
    assert set(found) == judged(body)
    assert len(found) == len(set(found))


@given(anything)
def test_whatever_is_sent_instead_of_a_body_is_judged_as_jsonschema_judges_it(body: Any) -> None:
    assert {violation.field for violation in violations(body)} == judged(body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, ("prompt", "required", None, None)),
        ({"prompt": ""}, ("prompt", "minLength", 1, 0)),
        ({"prompt": "x", "params": {"width": 500}}, ("params.width", "multipleOf", 64, 500)),
        ({"prompt": "x", "params": {"steps": 501}}, ("params.steps", "maximum", 500, 501)),
        ({"prompt": "x", "params": None}, ("params", "type", "object", None)),
        ({"prompt": "x", "params": {"loras": [{}]}}, ("params.loras.0.name", "required", None, None)),
        ({"prompt": "x", "webhook": "https://"}, ("webhook", "minLength", 10, 8)),
        ([], ("", "type", "object", None)),
    ],
)
def test_a_violation_says_where_it_is_and_what_the_limit_is(body: Any, told: tuple[Any, ...]) -> None:
    (violation,) = violations(body)
    assert (violation.field, violation.rule, violation.limit, violation.given) == told


def test_an_unknown_choice_is_named() -> None:
    (violation,) = violations({"prompt": "x", "params": {"sampler_name": "dpmpp_9000"}})
    assert (violation.rule, violation.given) == ("enum", "dpmpp_9000")
    assert "k_euler_a" in violation.limit
