"""The weight of words in a prompt: "a (red:1.2) house". Pure functions on plain text.

The syntax is that of the workers' software (ComfyUI): "(words:1.2)" weighs them, brackets may be nested, a
number after the last colon is the weight, and a backslash before a bracket makes it a plain one. Brackets
without a number are left alone: they weigh, too, and whoever wrote them meant it.

All positions count characters of Python, from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

STEP = Decimal("0.1")
PLAIN = Decimal(1)
LOWEST, HIGHEST = Decimal("0.1"), Decimal(2)  # beyond it a picture falls apart
_WEIGHT = re.compile(r":\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$", re.ASCII)
_BETWEEN_WORDS = frozenset(",;|，、；。！？\u3000")
_AROUND_WORDS = ".,;:!?'\"…"


@frozen
class Replacement:
    """``text`` comes instead of what is between ``start`` and ``end``."""

    start: int
    end: int
    text: str


@frozen
class Reweighed:
    """What to do to a text, from left to right, and what is selected then (``start`` = ``end``: a cursor)."""

    replacements: tuple[Replacement, ...]
    start: int
    end: int

    def applied(self, text: str) -> str:
        for each in reversed(self.replacements):
            text = text[: each.start] + each.text + text[each.end :]
        return text


def reweighed(text: str, start: int, end: int, *, up: bool) -> Reweighed | None:
    """Weigh the words between ``start`` and ``end``, or those around a cursor (both are the same).

    A weight of 1 has no brackets, but where others are next to it: those would be taken for them, and the
    opposite step would not lead back. None where there is nothing to weigh, or a limit is reached.
    """
    target = _target(text, _brackets(text), start, end)
    if target is None:
        return None
    step = STEP if up else -STEP
    if not isinstance(target, _Group):
        edits = [
            Replacement(target.start, target.start, "("),
            Replacement(target.end, target.end, f":{PLAIN + step})"),
        ]
        return _selecting(text, edits, _Span(target.start + 1, target.end + 1), start, end)
    weight = target.weight + step
    if (weight > HIGHEST) if up else (weight < LOWEST):
        return None
    words = target.words
    if weight == PLAIN:
        if text[words.end - 1] == "\\" and text[target.end : target.end + 1] in ("(", ")"):
            return None  # without its bracket, it would make the next one a plain one
        edits = [Replacement(target.start, words.start, ""), Replacement(words.end, target.end, "")]
        bare = _selecting(text, edits, _Span(words.start - 1, words.end - 1), start, end)
        if not _is_weighed(bare, text):
            return bare
    edits = [Replacement(target.number.start, target.number.end, format(weight, "f"))]
    return _selecting(text, edits, words, start, end)


def _is_weighed(change: Reweighed, text: str) -> bool:
    """Whether the next step would meet other brackets, not the weight that was just taken off."""
    after = change.applied(text)
    return isinstance(_target(after, _brackets(after), change.start, change.end), _Group)


@frozen
class _Span:
    start: int
    end: int

    def holds(self, other: _Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@frozen
class _Group(_Span):
    """Brackets with a weight. ``words`` is what is weighed, ``number`` where the weight is written."""

    words: _Span
    number: _Span
    weight: Decimal


def _selecting(text: str, edits: list[Replacement], words: _Span, start: int, end: int) -> Reweighed:
    """A cursor stays where it was, or at least in its word, if the next step would find the same words."""
    done = Reweighed(tuple(edits), words.start, words.end)
    if start != end:
        return done
    after = done.applied(text)
    cursor = _moved(start, edits)
    for place in (cursor, min(max(cursor, words.start), words.end)):
        found = _target(after, _brackets(after), place, place)
        if found is not None and (found.words if isinstance(found, _Group) else found) == words:
            return Reweighed(done.replacements, place, place)
    return done


def _moved(position: int, edits: list[Replacement]) -> int:
    """Where a cursor is after ``edits``: what is inserted there comes behind it, but for a first bracket."""
    before = [
        edit for edit in edits if edit.start < position or (edit.start == position and edit.text == "(")
    ]
    return position + sum(len(edit.text) - (min(edit.end, position) - edit.start) for edit in before)


# Reading.


def _units(text: str) -> Iterator[tuple[int, str]]:
    """Where each character is, and an escaped bracket as one."""
    at = 0
    while at < len(text):
        length = 2 if text[at] == "\\" and text[at + 1 : at + 2] in ("(", ")") else 1
        yield at, text[at : at + length]
        at += length


def _brackets(text: str) -> list[_Span]:
    """All pairs of brackets that are not escaped, inner ones before those around them."""
    pairs, opened = [], []
    for at, unit in _units(text):
        if unit == "(":
            opened.append(at)
        elif unit == ")" and opened:
            pairs.append(_Span(opened.pop(), at + 1))
    return pairs


def _group(text: str, pair: _Span) -> _Group | None:
    """The pair of brackets with its weight; None if it has none, or no words."""
    inside = text[pair.start + 1 : pair.end - 1]
    found = _WEIGHT.search(inside)
    if found is None or not inside[: found.start()].strip():
        return None
    first = pair.start + 1
    words = _Span(first, first + found.start())
    number = _Span(first + found.start(1), first + found.end(1))
    return _Group(pair.start, pair.end, words, number, Decimal(found[1]))


# Choosing.


def _target(text: str, brackets: list[_Span], start: int, end: int) -> _Span | None:
    """What is to be weighed: a `_Group` that has a weight, or words that have none."""
    if start == end:
        return _at_cursor(text, brackets, start)
    chosen = _whole_units(text, _trimmed(text, _Span(start, end)))
    if chosen.start >= chosen.end:
        return None
    groups = [group for pair in brackets if (group := _group(text, pair)) is not None]
    for group in groups:
        if chosen == group.words or _Span(group.words.end, group.end).holds(chosen):
            return group
    return _balanced(text, brackets, groups, chosen)


def _at_cursor(text: str, brackets: list[_Span], cursor: int) -> _Span | None:
    groups = [group for pair in brackets if (group := _group(text, pair)) is not None]
    for group in groups:
        if group.start < cursor < group.end:
            return group
    word = _word(text, cursor)
    if word is not None:
        return word
    touching = [group for group in groups if cursor in (group.end, group.start)]
    return touching[0] if touching else None


def _word(text: str, cursor: int) -> _Span | None:
    start = end = 0
    for at, unit in _units(text):
        if unit in ("(", ")") or unit.isspace() or unit in _BETWEEN_WORDS:
            if start <= cursor <= at and start < at:
                break
            start = end = at + 1
        else:
            end = at + len(unit)
    word = _Span(start, end)
    if not (start <= cursor <= end and start < end):
        return None
    core = _stripped(text, word, _AROUND_WORDS)
    return core if core.start < core.end else None


def _trimmed(text: str, span: _Span) -> _Span:
    between = "".join(_BETWEEN_WORDS) + " \t\n\r\v\f\u00a0\u2028\u2029"
    return _stripped(text, span, between)


def _stripped(text: str, span: _Span, characters: str) -> _Span:
    start, end = span.start, span.end
    while start < end and text[start] in characters:
        start += 1
    while start < end and text[end - 1] in characters:
        end -= 1
    return _Span(start, end)


def _whole_units(text: str, span: _Span) -> _Span:
    """Without half of an escaped bracket; and with the backslash before it, which would escape ours."""
    start, end = span.start, span.end
    if start >= end:
        return span
    for at, unit in _units(text):
        if at < end < at + len(unit):
            end = at + len(unit)
    while start and text[start - 1] == "\\":
        start -= 1
    return _Span(start, end)


def _balanced(text: str, brackets: list[_Span], groups: list[_Group], chosen: _Span) -> _Span | None:
    """``chosen``, grown until it cuts no pair of brackets; None if it holds half a pair of which there is
    no other half.
    """
    changed = True
    while changed:
        changed = False
        for pair in brackets:
            cut = pair.start < chosen.end and chosen.start < pair.end
            inside = pair.start < chosen.start and chosen.end < pair.end
            weight = next((_Span(g.words.end, g.end) for g in groups if g.start == pair.start), None)
            if inside and weight is not None and chosen.end > weight.start:
                inside = False  # half of it is the weight
            if cut and not inside and not chosen.holds(pair):
                chosen = _Span(min(chosen.start, pair.start), max(chosen.end, pair.end))
                changed = True
    paired = {at for pair in brackets for at in (pair.start, pair.end - 1)}
    for at, unit in _units(text):
        if chosen.start <= at < chosen.end and unit in ("(", ")") and at not in paired:
            return None
    return next((g for g in groups if chosen in (_Span(g.start, g.end), g.words)), chosen)
