"""Checks a JSON value against a `Field`, in the words of the real server's schema check."""

from __future__ import annotations

from typing import Any

from .fields import Field

UNKNOWN = "Unknown field. The Horde would ignore it without a word; the practice horde refuses it (strict)"


def check(value: Any, field: Field, path: str = "", strict: bool = True) -> dict[str, str]:
    """Errors by dotted path (``params.width``); empty when the value is fine.

    Where a value breaks several rules, the last one is reported: type, length, range, multiple, choice.
    `strict` refuses keys that are not in the table, which the real server ignores.
    """
    if not _is(value, field.type):
        # The other rules still apply where they can (20.5 is no integer, and yet out of range).
        return {path: f"{value!r} is not of type {field.type!r}"} | _simple(value, field, path)
    errors = _simple(value, field, path)
    if isinstance(value, list) and field.items:
        for index, item in enumerate(value):
            errors |= check(item, field.items, _join(path, str(index)), strict)
    if isinstance(value, dict):
        errors |= _check_object(value, field, path, strict)
    return errors


def _check_object(value: dict[str, Any], field: Field, path: str, strict: bool) -> dict[str, str]:
    errors = {
        _join(path, name): f"{name!r} is a required property" for name in field.required if name not in value
    }
    for name, item in value.items():
        if name in field.properties:
            errors |= check(item, field.properties[name], _join(path, name), strict)
        elif strict and not field.open:
            errors[_join(path, name)] = UNKNOWN
    return errors


def _simple(value: Any, field: Field, path: str) -> dict[str, str]:
    broken = ""
    if isinstance(value, str):
        if len(value) < field.min_length:
            broken = f"{value!r} " + ("should be non-empty" if field.min_length == 1 else "is too short")
        if field.max_length is not None and len(value) > field.max_length:
            broken = f"{value!r} is too long"
    if _is(value, "number"):
        broken = _out_of_range(value, field)
    if isinstance(value, list) and field.unique and _repeats(value):
        broken = f"{value!r} has non-unique elements"
    if field.choices and value not in field.choices:
        broken = f"{value!r} is not one of {list(field.choices)}"
    return {path: broken} if broken else {}


def _out_of_range(value: float, field: Field) -> str:
    if field.multiple_of is not None and value % field.multiple_of:
        return f"{value!r} is not a multiple of {field.multiple_of}"
    if field.maximum is not None and value > field.maximum:
        return f"{value!r} is greater than the maximum of {field.maximum}"
    if field.minimum is not None and value < field.minimum:
        return f"{value!r} is less than the minimum of {field.minimum}"
    return ""


def _repeats(values: list[Any]) -> bool:
    return any(value in values[:index] for index, value in enumerate(values))


def _is(value: Any, kind: str) -> bool:
    """JSON schema's types: 20.0 is an integer, true is no number."""
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return kind == "number" or isinstance(value, int) or value.is_integer()
    return isinstance(value, {"string": str, "boolean": bool, "array": list, "object": dict}[kind])


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
