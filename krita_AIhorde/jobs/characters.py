"""Characters as a reader counts them: where text in any script may be cut."""

from __future__ import annotations

import unicodedata

ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u200c", "\u200d"
_VIRAMA = 9  # its combining class: it ties a consonant of an Indian script to the next
_SARA_AM = "\u0e33\u0eb3"  # of Thai and Lao: letters to Unicode, marks to a reader


def beginning(text: str, length: int) -> str:
    """At most ``length`` code points of ``text``, and no half character at their end.

    After the rules of Unicode's annex 29 for what is met in prompts: letters with marks, emoji of several
    parts, flags, Hangul written in pieces. Where the first character alone is longer, it is cut.
    """
    end = min(length, len(text))
    while 0 < end < len(text) and _inside(text, end):
        end -= 1
    return text[: end or length]


def pieces(text: str, length: int) -> list[str]:
    """All of ``text``, each piece as `beginning`."""
    cut = []
    while text:
        piece = beginning(text, length)
        cut.append(piece)
        text = text[len(piece) :]
    return cut


def without_controls(text: str) -> str:
    """Without what no XML may hold (and Krita's files are XML): a layer's name would make one unreadable."""
    return "".join(
        one for one in text if unicodedata.category(one) not in ("Cc", "Cs") and one not in "\ufffe\uffff"
    )


def _inside(text: str, at: int) -> bool:
    """Whether one character goes on across ``at``."""
    before, after = text[at - 1], text[at]
    if before == ZERO_WIDTH_JOINER or unicodedata.combining(before) == _VIRAMA:
        return True
    if _is_flag_half(after):
        start = at
        while start > 0 and _is_flag_half(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 1
    return _goes_on(after)


def _goes_on(one: str) -> bool:
    return (
        unicodedata.category(one) in ("Mn", "Mc", "Me")
        or one in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER)
        or one in _SARA_AM
        or "\u1160" <= one <= "\u11ff"  # the second and third piece of a Hangul syllable
        or "\U0001f3fb" <= one <= "\U0001f3ff"  # an emoji's skin
        or "\U000e0020" <= one <= "\U000e007f"  # the tail of a regional flag
    )


def _is_flag_half(one: str) -> bool:
    return "\U0001f1e6" <= one <= "\U0001f1ff"
