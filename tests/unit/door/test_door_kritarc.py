"""Krita's configuration keeps every byte that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krita_AIhorde.door import kritarc

NAME = "krita_AIhorde"
OURS = (b"enable_krita_AIhorde=true", b"enable_krita_AIhorde=false", b" enable_krita_AIhorde = false ")

# Lines as KConfig writes them, lines as people break them, and bytes that are no text at all.
other = st.one_of(
    st.sampled_from(
        [
            b"[python]",
            b" [python] ",
            b"[MainWindow]",
            b"[python][x]",
            b"enable_krita_AIhorde2=true",
            b"",
            b"=",
            b"[",
        ]
    ),
    st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b"")),
)
line = st.one_of(other, st.sampled_from(OURS))


@st.composite
def files(draw: st.DrawFn, lines: st.SearchStrategy[bytes]) -> bytes:
    newline = draw(st.sampled_from([b"\n", b"\r\n"]))
    content = newline.join(draw(st.lists(lines, max_size=12)))
    return content + (newline if draw(st.booleans()) else b"")


def others(content: bytes) -> list[bytes]:
    """Every line that is not ours and not empty: those may only stay as they are."""
    kept = []
    for text in content.splitlines():
        if text.strip() and text not in OURS and text.strip() != b"[python]":
            kept.append(text)
    return kept


@given(files(line))
def test_enabled_and_nothing_else_changed(content: bytes) -> None:
    after = kritarc.enable(content, NAME)

    assert kritarc.is_enabled(after, NAME)
    assert others(after) == others(content)
    assert kritarc.enable(after, NAME) == after


@given(files(line))
def test_forgotten_and_nothing_else_changed(content: bytes) -> None:
    after = kritarc.forget(content, NAME)

    assert not kritarc.is_enabled(after, NAME)
    assert others(after) == others(content)


@given(files(other).filter(lambda content: any(x.strip() == b"[python]" for x in content.splitlines())))
def test_out_again_leaves_the_file_byte_for_byte(content: bytes) -> None:
    ended = (
        content if content.endswith((b"\n", b"\r")) else content + (b"\r\n" if b"\r\n" in content else b"\n")
    )

    assert kritarc.forget(kritarc.enable(content, NAME), NAME) == ended


def test_only_the_key_of_the_python_group_counts() -> None:
    assert not kritarc.is_enabled(b"[other]\nenable_krita_AIhorde=true\n", NAME)
    assert kritarc.is_enabled(b"[python]\nenable_x=false\nenable_krita_AIhorde=true\n", NAME)


def test_a_plugin_that_was_switched_off_is_switched_on_where_it_stood() -> None:
    before = b"[python]\nenable_a=true\nenable_krita_AIhorde=false\nenable_z=true\n[x]\ny=1\n"

    assert kritarc.enable(before, NAME) == before.replace(b"AIhorde=false", b"AIhorde=true")


@pytest.mark.parametrize(
    ("content", "folder"),
    [
        (b"ResourceDirectory=/mnt/art/krita\n[x]\n", "/mnt/art/krita"),
        (b"a=1\r\nResourceDirectory=D:\\\\art\\\\krita\r\n", "D:\\art\\krita"),
        (b"ResourceDirectory=/mnt/k\xc3\xbcnstler\n", "/mnt/künstler"),
        (b"ResourceDirectory=\n", None),
        (b"[x]\nResourceDirectory=/mnt\n", None),
        (b"", None),
    ],
)
def test_the_artist_s_own_resource_folder(content: bytes, folder: str | None) -> None:
    assert kritarc.resource_directory(content) == folder
