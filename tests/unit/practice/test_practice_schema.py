"""The table of fields says what the API's specification says: jsonschema, fed with the specification, is
the judge."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
from hypothesis import example, given, settings
from hypothesis import strategies as st
from practice_kit import Visitor, order
from practice_recordings import DATA

from krita_AIhorde.practice.fields import GENERATION_REQUEST, Field
from krita_AIhorde.practice.validation import check

_SWAGGER = json.loads((DATA / "swagger.json").read_text(encoding="utf-8"))
# The fourth draft calls 20.0 no integer; the real server takes it for one, as later drafts do.
_Validator = jsonschema.validators.extend(
    jsonschema.Draft4Validator, type_checker=jsonschema.Draft6Validator.TYPE_CHECKER
)
_JUDGE = _Validator({"$ref": "#/definitions/GenerationInputStable", "definitions": _SWAGGER["definitions"]})


def _judged(body: Any) -> dict[str, str]:
    """Errors as the real server reports them: by path, the last one of each."""
    errors: dict[str, str] = {}
    for error in sorted(_JUDGE.iter_errors(body), key=lambda error: [str(part) for part in error.path]):
        path = [str(part) for part in error.path]
        if error.validator == "required":
            path.append(error.message.split("'")[1])
        errors[".".join(path)] = error.message
    return errors


def _good(field: Field) -> st.SearchStrategy[Any]:
    """Values that the table allows."""
    if field.choices:
        return st.sampled_from(field.choices)
    if field.type == "array" and field.items:
        return st.lists(_good(field.items), max_size=3, unique_by=json.dumps if field.unique else None)
    if field.type == "object":
        required = {name: _good(field.properties[name]) for name in field.required}
        optional = {name: _good(item) for name, item in field.properties.items() if name not in required}
        return st.fixed_dictionaries(required, optional=optional)
    return _good_plain(field)


def _good_plain(field: Field) -> st.SearchStrategy[Any]:
    low = -1e6 if field.minimum is None else field.minimum
    high = 1e6 if field.maximum is None else field.maximum
    step = field.multiple_of or 1
    plain: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "integer": st.integers(int(low) // step, int(high) // step).map(lambda number: number * step),
        "number": st.floats(low, high),
        "string": st.text(min_size=field.min_length, max_size=field.max_length or 30),
    }
    return plain[field.type]


_ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(-10, 5000, allow_nan=False),
    st.text(max_size=5),
    st.text(min_size=1020, max_size=1030),
    st.lists(st.one_of(st.integers(0, 3), st.text(max_size=3), st.just("GFPGAN")), max_size=3),
    st.dictionaries(
        st.sampled_from(["name", "model", "text"]), st.one_of(st.integers(), st.text()), max_size=2
    ),
)
_PLACES = [
    ("",),
    *((name,) for name in GENERATION_REQUEST.properties),
    *(("params", name) for name in GENERATION_REQUEST.properties["params"].properties),
]


@given(_good(GENERATION_REQUEST))
@settings(deadline=None)
def test_what_the_table_allows_the_specification_allows(body: dict[str, Any]) -> None:
    assert _judged(body) == {}
    assert check(body, GENERATION_REQUEST) == {}


@given(st.sampled_from(_PLACES), _ANYTHING)
@example(("params", "steps"), 20.0)
@example(("params", "steps"), 20.5)
@settings(deadline=None, max_examples=1000)
def test_anything_anywhere_is_judged_alike_and_told_in_the_same_words(
    place: tuple[str, ...], value: Any
) -> None:
    body: Any = copy.deepcopy(order())
    if place == ("",):
        body = value
    else:
        (body["params"] if len(place) == 2 else body)[place[-1]] = value
    ours = check(body, GENERATION_REQUEST, strict=False)
    judged = _judged(body)
    assert ours.keys() == judged.keys()
    for path, message in judged.items():
        assert _comparable(ours[path]) == _comparable(message)


def _comparable(message: str) -> str:
    """Without the list of choices, whose order is not the same."""
    return message.partition(" is not one of ")[0]


def test_every_field_of_the_specification_is_in_the_table() -> None:
    def names(definition: dict[str, Any]) -> set[str]:
        found = set(definition.get("properties", {}))
        for part in definition.get("allOf", []):
            name = part.get("$ref", "").rpartition("/")[2]
            found |= names(_SWAGGER["definitions"][name] if name else part)
        return found

    definitions = _SWAGGER["definitions"]
    assert names(definitions["GenerationInputStable"]) == set(GENERATION_REQUEST.properties)
    params = GENERATION_REQUEST.properties["params"]
    assert names(definitions["ModelGenerationInputStable"]) == set(params.properties)


async def test_a_body_within_the_limits_is_never_a_schema_error(unlimited: Visitor) -> None:
    """The same through the server: it may refuse a body for other reasons, but not for its schema."""
    bodies = [
        order(width=64, height=3072),
        order(steps=500),
        order(cfg_scale=0),
        order(n=20),
        order(clip_skip=12),
    ]
    for body in bodies:
        answer = await unlimited.submit(body | {"dry_run": True})
        assert answer.status == 200, answer.body
    for body in (order(width=0), order(steps=501), order(cfg_scale=-1), order(n=0), order(clip_skip=None)):
        answer = await unlimited.submit(body)
        assert (answer.status, "errors" in answer.body, "rc" in answer.body) == (400, True, False)
