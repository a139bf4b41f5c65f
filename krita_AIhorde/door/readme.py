"""Writes the README's tables of controls, from the registry of settings.

``python3 -m krita_AIhorde.door.readme`` in the checkout. A unit test fails while the README says
anything else.
"""

from __future__ import annotations

from typing import Any

from krita_AIhorde import settings as s

from .system import CHECKOUT, DoorError, say

FILE = CHECKOUT / "README.md"
START = "<!-- controls: `python3 -m krita_AIhorde.door.readme` writes what follows -->"
END = "<!-- end of controls -->"


def tables() -> str:
    """One table for each section of the docker, in Markdown."""
    parts = []
    for section, headline in s.SECTIONS.items():
        rows = [_row(setting) for setting in s.ALL if setting.section is section]
        head = ["| control | what it does | at first |", "| --- | --- | --- |"]
        parts.append("\n".join([f"### {headline.label}", "", *head, *rows]))
    return "\n\n".join(parts)


def with_tables(text: str) -> str:
    """``text`` with the tables between its two marks. Raises DoorError if it lacks one of them."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise DoorError(f"{FILE.name} has no place for the tables of controls: {START} … {END}")
    return f"{before}{start}\n{tables()}\n\n{end}{after}"


def _row(setting: s.Setting[Any]) -> str:
    cells = (setting.label, setting.readme, _at_first(setting))
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _at_first(setting: s.Setting[Any]) -> str:
    """The default, as the control shows it, and how far it goes."""
    value = setting.default
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{value:g} ({setting.minimum:g} to {setting.maximum:g})"
    labels = {option.value: option.label for option in setting.options}
    return labels.get(value) or value or setting.empty or "empty"


def main() -> int:
    """Rewrite the README; its exit code."""
    text = FILE.read_text("utf-8")
    written = with_tables(text)
    FILE.write_text(written, "utf-8")
    say(f"{FILE.name} is as it was" if written == text else f"{FILE.name}: the tables of controls are new")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
