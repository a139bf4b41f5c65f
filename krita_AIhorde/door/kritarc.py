"""Krita's configuration file, edited without touching a byte that is not ours.

The file is KConfig's: ``[group]`` lines, ``key=value`` lines, and keys before any group, in UTF-8, of which
other bytes survive too.
"""

from __future__ import annotations

import re

_GROUP = b"[python]"


def enable(content: bytes, plugin: str) -> bytes:
    """``content`` with the plugin switched on."""
    lines = content.splitlines(keepends=True)
    wanted = _key(plugin) + b"=true"
    ours = _lines_of(lines, plugin)
    for index in ours:
        lines[index] = wanted + _ending(lines[index])
    if ours:
        return b"".join(lines)
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    if lines and not _ending(lines[-1]):
        lines[-1] += newline
    for index, line in enumerate(lines):
        if line.strip() == _GROUP:
            lines.insert(index + 1, wanted + newline)
            return b"".join(lines)
    return b"".join([*lines, newline if lines else b"", _GROUP, newline, wanted, newline])


def forget(content: bytes, plugin: str) -> bytes:
    """``content`` without a word on the plugin."""
    lines = content.splitlines(keepends=True)
    ours = set(_lines_of(lines, plugin))
    return b"".join(line for index, line in enumerate(lines) if index not in ours)


def is_enabled(content: bytes, plugin: str) -> bool:
    lines = content.splitlines()
    values = [lines[index].partition(b"=")[2].strip() for index in _lines_of(lines, plugin)]
    return bool(values) and values[-1].lower() in {b"true", b"1", b"on", b"yes"}


def resource_directory(content: bytes) -> str | None:
    """The folder that the artist chose for Krita's data in its preferences, if any."""
    for line in content.splitlines():
        if line.startswith(b"["):
            return None
        key, _, value = line.partition(b"=")
        if key.strip() == b"ResourceDirectory" and value.strip():
            # KConfig writes a backslash as two, and a space at the start as \s.
            plain = re.sub(
                rb"\\(.)", lambda found: {b"s": b" "}.get(found.group(1), found.group(1)), value.strip()
            )
            return plain.decode("utf-8")
    return None


def _key(plugin: str) -> bytes:
    return b"enable_" + plugin.encode("ascii")


def _lines_of(lines: list[bytes], plugin: str) -> list[int]:
    """Where the plugin's key stands; a group may occur twice, and the last one wins."""
    group, found = b"", []
    for index, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith(b"["):
            group = stripped
        elif group == _GROUP and stripped.partition(b"=")[0].rstrip() == _key(plugin):
            found.append(index)
    return found


def _ending(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]
