"""A picture of ``look`` for the paper: its lines stay a drawing, its words become text of the document.

Letters that the picture's own renderer joins (Arabic ones) lose the way back to their characters, and a tagged PDF is
refused for it; set by the typesetter they keep it.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from samsyn.look.measure import runs_left

SVG = "http://www.w3.org/2000/svg"
_EMBEDDING = dict.fromkeys(map(ord, "\u202a\u202b\u202c"))

ElementTree.register_namespace("", SVG)


def parted(picture: str, *, rtl: bool) -> dict[str, Any]:
    """The drawing without words ("lines"), its size, and each word with its place, in units of the picture.

    A word's "x" and "y" are where its baseline is, from the top left corner; "anchor" says which part of it stands
    there. For the house's own pictures, whose words are never turned.
    """
    root = ElementTree.fromstring(picture)  # noqa: S314  # our own drawing, never anybody's upload
    left, top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    words = []
    for text in root.findall(f"{{{SVG}}}text"):
        root.remove(text)
        said = (text.text or "").translate(_EMBEDDING)
        words.append(
            {
                "text": said,
                "rtl": runs_left(said, rtl),
                "x": float(text.attrib["x"]) - left if "x" in text.attrib else -left,
                "y": float(text.attrib["y"]) - top,
                "size": float(text.attrib["font-size"]),
                "anchor": text.attrib["text-anchor"],
                "fill": text.attrib["fill"],
                "strong": "font-weight" in text.attrib,
            }
        )
    return {
        "lines": ElementTree.tostring(root, encoding="unicode"),
        "width": width,
        "height": height,
        "words": words,
    }
