"""Markdown as people read it, for places that show plain text only."""

from __future__ import annotations

import re

_PICTURE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_BREAK = re.compile(r"<br ?/?>|</p>|</li>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,500}?)(?<=\S)\1")
# An underscore inside of a word belongs to it (stable_diffusion).
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(`{1,3})([^`\n]+)\1")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_BULLET = re.compile(r"^([ \t]*)[*+-][ \t]+", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
# A character that is escaped is no mark: it sits out the rest among those for private use.
_HIDE = 0xE000
_HIDDEN = re.compile(r"[\ue000-\ue07f]")
_GAPS = re.compile(r"\n{3,}")


def plain_text(markdown: str) -> str:
    """``markdown`` without its marks: links are their words, items of a list have a bullet.

    What is not quite markdown (an unclosed link) stays as it is.
    """
    text = _ESCAPE.sub(lambda found: chr(ord(found[1]) + _HIDE), markdown.replace("\r\n", "\n"))
    text = _PICTURE_OR_LINK.sub(r"\1", text)
    text = _BARE_LINK.sub(r"\1", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _CODE.sub(r"\2", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    text = _HEADING.sub("", text)
    text = _QUOTE.sub("", text)
    text = _BULLET.sub(r"\1• ", text)
    text = _HIDDEN.sub(lambda found: chr(ord(found[0]) - _HIDE), text)
    return _GAPS.sub("\n\n", text).strip()
