"""From the Horde's JSON to typed answers, forgiving whatever can be forgiven.

The live server is newer than any list of ours: unknown fields are ignored, a missing field or one of
another type takes its default, an element of a list that cannot be read is left out. Only a wholly wrong
answer is an error.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter

from krita_AIhorde.horde.errors import BadAnswer

T = TypeVar("T")
_log = logging.getLogger(__name__)
_UNREADABLE = (ValueError, TypeError, OverflowError, BaseValidationError)


def at(*path: str) -> dict[str, Any]:
    """``attrs.field(metadata=at("a", "b"))``: the field is the answer's ``{"a": {"b": ...}}``."""
    return {"path": path}


def structure(cls: type[T], data: object) -> T:
    """``data`` (parsed JSON) as ``cls``. Raises BadAnswer if it is no object, or lacks a field without
    default.
    """
    try:
        return _converter().structure(data, cls)
    except _UNREADABLE as error:
        raise BadAnswer(f"{cls.__name__}: {type(error).__name__}") from None


def structure_list(cls: type[T], data: object) -> tuple[T, ...]:
    """``data`` as a tuple of ``cls``, without the unreadable ones. Raises BadAnswer if it is no list."""
    try:
        return _sequence(cls, _converter(), data)
    except _UNREADABLE as error:
        raise BadAnswer(f"list of {cls.__name__}: {type(error).__name__}") from None


@functools.cache
def _converter() -> Converter:
    converter = Converter()
    for kind, coerce in ((bool, _bool), (int, _int), (float, _float), (str, _str)):
        converter.register_structure_hook(kind, _ignoring_type(coerce))
    converter.register_structure_hook_factory(attrs.has, lambda cls: _object_hook(cls, converter))
    converter.register_structure_hook_factory(
        _is_tuple,
        lambda kind: lambda data, _type: _sequence(get_args(kind)[0], converter, data),
    )
    return converter


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _ignoring_type(coerce: Callable[[object], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _type: coerce(value)


def _object_hook(cls: type, converter: Converter) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(cls)
    fields = attrs.fields(cls)

    def hook(data: object, _type: object) -> Any:
        if not isinstance(data, Mapping):
            raise TypeError(f"{cls.__name__} from {type(data).__name__}")
        known: dict[str, Any] = {}
        for field in fields:
            try:
                value = _find(data, field.metadata.get("path", (field.name,)))
                known[field.name] = converter.structure(value, field.type)
            except LookupError:
                continue
            except _UNREADABLE:
                _log.debug("%s.%s is not as expected; its default is used", cls.__name__, field.name)
        return cls(**known)

    return hook


def _find(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """The value at ``path``; LookupError where there is none (a null is none)."""
    value: Any = data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
        if value is None:
            raise LookupError(name)
    return value


def _sequence(cls: type[T], converter: Converter, data: object) -> tuple[T, ...]:
    if not isinstance(data, list | tuple):
        raise TypeError(f"list from {type(data).__name__}")
    read = []
    for element in data:
        try:
            read.append(converter.structure(element, cls))
        except _UNREADABLE:
            _log.warning("an unreadable %s was left out", cls.__name__)
    return tuple(read)


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError("not a bool")


def _float(value: object) -> float:
    if not isinstance(value, int | float | str):
        raise TypeError("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _int(value: object) -> int:
    return value if type(value) is int else int(_float(value))


def _str(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # seeds have been numbers
    raise TypeError("not a text")
