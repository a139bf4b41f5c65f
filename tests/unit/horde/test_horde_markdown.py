from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.horde.markdown import plain_text
from krita_AIhorde.horde.messages import Newspiece, structure_list


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("See [our devlog](https://haidra.net/x/).", "See our devlog."),
        ('[a](https://x.example "with a title") and [b][1]', "a and b"),
        ("![a fox](https://x.example/fox.webp)", "a fox"),
        ("at <https://x.example>", "at https://x.example"),
        ("**bold**, *thin*, __bold__, _thin_ and ***both***", "bold, thin, bold, thin and both"),
        ("use `hires_fix` with stable_diffusion_xl", "use hires_fix with stable_diffusion_xl"),
        ("2 * 3 * 4 = 24, 5 > 4", "2 * 3 * 4 = 24, 5 > 4"),
        ("# Head\n\n\n\n> said\n\n* one\n- two\n  + three", "Head\n\nsaid\n\n• one\n• two\n  • three"),
        ("one<br/>two<b>!</b>", "one\ntwo!"),
        (r"\*not thin\*", "*not thin*"),
        (
            "[https://a.example](https://a.example which never ends",
            "[https://a.example](https://a.example which never ends",
        ),
        ("", ""),
    ],
)
def test_markdown_as_people_read_it(markdown: str, text: str) -> None:
    assert plain_text(markdown) == text


def test_the_hordes_news_read_well(answers: dict[str, Any]) -> None:
    news = structure_list(Newspiece, answers["146_status_news"])
    assert news[0].title == "User profile management and Worker/Model details now on AIHorde.net"
    assert news[0].date == "2025-12-16"
    assert news[0].text.endswith("on AIHorde.net. Check out our devlog for more information.")
    assert news[0].links[0] == "https://aihorde.net"
    for piece in news:
        assert piece.text
        assert "](" not in piece.text or "[https://artbot.site](https://artbot.site which" in piece.markdown


@given(st.text())
def test_text_without_marks_stays(text: str) -> None:
    words = " ".join("".join(c for c in text if c.isalnum() or c == " ").split())
    assert plain_text(words) == words


@given(st.lists(st.sampled_from([*"[]()*_`<>#!\\\n -a.", "**", "http://x", "<br>"])).map("".join))
def test_any_marks_at_all_are_survived_and_add_nothing(markdown: str) -> None:
    assert len(plain_text(markdown)) <= len(markdown)


@pytest.mark.parametrize("piece", ["[", "*", "**a ", "_a ", "<a", "`", "[a](", "<https://", "#", "\\", "\n"])
def test_no_text_takes_long(piece: str) -> None:
    began = time.perf_counter()
    plain_text(piece * (40_000 // len(piece)))
    assert time.perf_counter() - began < 5
