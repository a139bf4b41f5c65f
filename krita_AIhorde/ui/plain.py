"""Text from elsewhere, made safe for places where Qt would take it for something else."""

from __future__ import annotations

import html

from krita_AIhorde.qt import QtCore


def tooltip(text: str) -> str:
    """``text`` as a tooltip that shows it to the letter: Qt takes what looks like HTML for HTML."""
    if "<" not in text and "&" not in text:
        return text
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>")


def caption(text: str) -> str:
    """``text`` as the words of a button: Qt takes an "&" for a shortcut's mark."""
    return text.replace("&", "&&")


def is_web_address(address: str) -> bool:
    """Whether the browser may open it: a whole http or https address, nothing that runs or opens files."""
    url = QtCore.QUrl(address, QtCore.QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() in ("http", "https") and bool(url.host()) and not url.userInfo()


def link(address: str, words: str = "") -> str:
    """HTML of a link to ``address`` under ``words`` (else its site's name); "" where it must not be one."""
    if not is_web_address(address):
        return ""
    site = QtCore.QUrl(address).host().removeprefix("www.")
    return f'<a href="{html.escape(address)}">{html.escape(words or site)}</a>'
