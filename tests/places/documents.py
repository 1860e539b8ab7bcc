"""What a how-to tells its reader to type and to save."""

from __future__ import annotations

import re

from tests.places.dockerfile import ROOT

_FENCED = re.compile(
    r"(?:<!-- file: (?P<name>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


def files_of(document: str) -> dict[str, str]:
    """The blocks that are to be saved, by the name to save them under."""
    found = _FENCED.finditer((ROOT / document).read_text("utf-8"))
    return {block["name"]: block["text"] for block in found if block["name"]}


def steps_of(document: str) -> list[tuple[str, str]]:
    """In their order: ("sh", what to type) and (a file's name, what to save there)."""
    found = _FENCED.finditer((ROOT / document).read_text("utf-8"))
    return [(block["name"] or "sh", block["text"]) for block in found if block["name"] or block["language"] == "sh"]
