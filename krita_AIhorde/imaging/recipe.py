"""How a picture was made, kept inside of its own file: text beside the pixels, which are never encoded again.

The recipe is JSON in one property of a namespace of ours, in an XMP packet whose ``dc:description`` any
viewer shows. A packet that was there before is replaced: what it says of a worker's picture is the worker's
word, and to merge it would mean to take a stranger's XML apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from . import xmp

NAMESPACE = "https://github.com/krita-aihorde/ns/recipe/1.0/"
"""A name, not a page. Files out there carry it, so it never changes."""
_PROPERTY = f"{{{NAMESPACE}}}json"
_NO_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids, and the control characters that it only advises against."""
# The id and the two marks are the same in every packet that there is.
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:aihorde="{namespace}">
{description}<aihorde:json>{recipe}</aihorde:json>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
_DESCRIPTION = (
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:description>\n'
)


def embed(data: bytes, recipe: Mapping[str, Any], *, description: str = "") -> bytes:
    """The image file ``data`` (WebP, PNG, JPEG) with ``recipe`` in it, decoding to the same pixels as before.

    ``description`` is for people: the prompt. Where both together are too large for the file (a JPEG has room
    for 64 KiB, the others for 1 MiB) the recipe goes alone. ``data`` itself is returned where that does not
    help, and where the file is damaged or of another kind: a picture is never lost over its metadata.

    Raises TypeError or ValueError for a recipe that JSON cannot say.
    """
    # ASCII: whatever a prompt holds, halves of surrogate pairs too, JSON's own escapes bring through XML.
    text = json.dumps(dict(recipe), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for words in (description, ""):
        try:
            return xmp.with_packet(data, _packet(text, words))
        except xmp.Unfit:
            continue
    return data


def read(data: bytes) -> dict[str, Any] | None:
    """The recipe in an image file; None where there is none that could be read. Raises nothing."""
    try:
        packet = xmp.packet_of(data)
        recipe = None if packet is None else json.loads(_json(packet.decode("utf-8")))
    except (ValueError, RecursionError):  # xmp.Unfit, and what is no UTF-8 or no JSON, are ValueErrors
        return None
    return recipe if isinstance(recipe, dict) else None


def _packet(recipe: str, description: str) -> bytes:
    readable = escape(_NO_XML.sub("\ufffd", description))
    packet = _PACKET.format(
        namespace=NAMESPACE,
        description=_DESCRIPTION.format(readable) if readable else "",
        recipe=escape(recipe),
    )
    return packet.encode("utf-8")


def _json(packet: str) -> str:
    """Our property's text, "" if there is none. Other programs write it anew: as an element or an attribute,
    with a prefix of their own.
    """
    if "<!DOCTYPE" in packet:  # entities that unpack to gigabytes; no packet has use for one
        return ""
    try:
        root = ElementTree.fromstring(packet.strip("\ufeff\0 \r\n\t"))
    except ElementTree.ParseError:
        return ""
    for element in root.iter():
        text = element.text if element.tag == _PROPERTY else element.get(_PROPERTY)
        if text:
            return text
    return ""
