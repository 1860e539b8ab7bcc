"""What Slack documents of a message with blocks, as a check; and such a message drawn as a person sees it.

The limits stand at docs.slack.dev under reference/block-kit (header-block, section-block, context-block,
rich-text-block, text-object, link-element) and at reference/methods/chat.postMessage. Not documented there but known of
use: an empty text within a rich text is refused, and all blocks of a message together may have about 13,200 characters.
What counts towards those is not said, so here the whole of their JSON does, in UTF-16 units: nothing that Slack may
count is more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

ALL_BLOCKS = 13_200
BEST_TEXT = 4_000  # longer ones are accepted up to 40,000, "for best results" they are not
HEADER = 150
SECTION = 3_000
FIELD = 2_000
URL = 3_000
MOST_BLOCKS, MOST_FIELDS, MOST_OF_CONTEXT, MOST_INDENT = 50, 10, 10, 8
BLOCK_ID = 255

TOP = {
    *("text", "blocks", "channel", "thread_ts", "reply_broadcast", "username", "mrkdwn", "parse", "link_names"),
    *("unfurl_links", "unfurl_media"),
}
STYLES = {"bold", "italic", "strike", "code", "underline"}
CALLS = {"user", "usergroup", "broadcast", "channel", "team"}
"""Rich text elements that call somebody, or lead to a channel."""
_MARK = re.compile(r"<([^<>]*)>")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")

Json = Mapping[str, Any]


class Problem(NamedTuple):
    error: str  # as Slack answers
    what: str


def problems(payload: Json) -> list[Problem]:
    """What Slack would refuse, and what its documentation advises against; empty for a good message."""
    return [
        *(Problem("invalid_arguments", f"unknown key {key}") for key in payload.keys() - TOP),
        *_text_problems(payload),
        *_blocks_problems(payload.get("blocks", [])),
    ]


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def links(payload: Json) -> list[tuple[str, str]]:
    """Where each link leads, and what stands on it."""
    rich = [(e["url"], e.get("text", e["url"])) for e in _elements(payload) if e["type"] == "link"]
    marked = [mark.partition("|") for text in _marked_up(payload) for mark in _MARK.findall(text)]
    return [*rich, *((url, words or url) for url, _, words in marked if url[:1] not in {"@", "#", "!"})]


def calls(payload: Json) -> list[str]:
    """Whom the message calls: people, groups, channels."""
    rich = [e["type"] for e in _elements(payload) if e["type"] in CALLS]
    return [
        *rich,
        *(mark for text in _marked_up(payload) for mark in _MARK.findall(text) if mark[:1] in {"@", "#", "!"}),
    ]


def bold(payload: Json) -> list[str]:
    """The texts set in bold, those of links left out."""
    return [e["text"] for e in _elements(payload) if e["type"] == "text" and e.get("style", {}).get("bold")]


def drawn(payload: Json) -> str:
    """The message as a person sees it: links as [text](url), bold as *text*, quotes behind >, the small print in ()."""
    return "\n".join(chain.from_iterable(map(_drawn_block, payload.get("blocks", [])))) or str(payload.get("text", ""))


# checks


def _text_problems(payload: Json) -> Iterator[Problem]:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        yield Problem("no_text", "no text for notifications and screen readers")
        return
    if units(text) > BEST_TEXT:
        yield Problem("msg_too_long", f"text of {units(text)}")
    if _AMPERSAND.search(text) and payload.get("mrkdwn", True):
        yield Problem("invalid_arguments", "an & that is not escaped in text")


def _blocks_problems(blocks: Sequence[Json]) -> Iterator[Problem]:
    if len(blocks) > MOST_BLOCKS:
        yield Problem("invalid_blocks", f"{len(blocks)} blocks")
    whole = units(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    if whole > ALL_BLOCKS:
        yield Problem("msg_blocks_too_long", f"{whole} in all blocks")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) < len(ids) or any(not 0 < len(one) <= BLOCK_ID for one in ids):
        yield Problem("invalid_blocks", "block_id")
    for number, block in enumerate(blocks):
        for what in _block_problems(block):
            yield Problem("invalid_blocks", f"{what} [json-pointer:/blocks/{number}]")


def _block_problems(block: Json) -> Iterator[str]:
    kinds: dict[str, Callable[[], Iterator[str]]] = {
        "header": lambda: _object_problems(block["text"], HEADER, {"plain_text"}),
        "section": lambda: _section_problems(block),
        "context": lambda: _context_problems(block),
        "rich_text": lambda: _rich_problems(block),
        "divider": lambda: iter(()),
    }
    check = kinds.get(block.get("type", ""))
    if check is None:
        yield f"unsupported type: {block.get('type')}"
        return
    yield from _keys(block, {"type", "block_id", "text", "fields", "elements"})
    try:
        yield from check()
    except (KeyError, TypeError, AttributeError) as error:
        yield f"missing or of the wrong type: {error}"


def _keys(thing: Json, known: set[str]) -> Iterator[str]:
    yield from (f"invalid additional property: {key}" for key in thing.keys() - known)


def _section_problems(block: Json) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield "a section has a text or fields"
    if "text" in block:
        yield from _object_problems(block["text"], SECTION)
    if len(fields) > MOST_FIELDS:
        yield f"no more than {MOST_FIELDS} items allowed"
    for field in fields:
        yield from _object_problems(field, FIELD)


def _context_problems(block: Json) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= MOST_OF_CONTEXT:
        yield f"from 1 to {MOST_OF_CONTEXT} items allowed, not {len(block['elements'])}"
    for element in block["elements"]:
        yield from _object_problems(element, SECTION)


def _object_problems(
    thing: Json, most: int, types: Sequence[str] | set[str] = ("plain_text", "mrkdwn")
) -> Iterator[str]:
    """Of a text object."""
    if thing["type"] not in types:
        yield f"unsupported type: {thing['type']}"
    yield from _keys(thing, {"type", "text", "emoji" if thing["type"] == "plain_text" else "verbatim"})
    yield from _length_problems(thing["text"], most)
    if thing["type"] == "mrkdwn" and _AMPERSAND.search(thing["text"]):
        yield "an & that is not escaped"


def _length_problems(text: str, most: int) -> Iterator[str]:
    if not text:
        yield "must be more than 0 characters"
    if units(text) > most:
        yield f"must be less than {most + 1} characters"
    text.encode("utf-8")


def _rich_problems(block: Json) -> Iterator[str]:
    if not block["elements"]:
        yield "no elements"
    for part in block["elements"]:
        match part["type"]:
            case "rich_text_section" | "rich_text_quote":
                yield from _keys(part, {"type", "elements", "border"})
                yield from _inline_problems(part["elements"])
            case "rich_text_list":
                yield from _list_problems(part)
            case other:
                yield f"unsupported type: {other}"


def _list_problems(part: Json) -> Iterator[str]:
    yield from _keys(part, {"type", "elements", "style", "indent", "offset", "border"})
    if part["style"] not in {"bullet", "ordered"} or not 0 <= part.get("indent", 0) <= MOST_INDENT:
        yield "style or indent of a list"
    if not part["elements"] or any(one["type"] != "rich_text_section" for one in part["elements"]):
        yield "a list has sections"
    for one in part["elements"]:
        yield from _inline_problems(one["elements"])


def _inline_problems(elements: Sequence[Json]) -> Iterator[str]:
    if not elements:
        yield "no elements"
    for element in elements:
        match element["type"]:
            case "text":
                yield from _keys(element, {"type", "text", "style"})
                yield from _length_problems(element["text"], ALL_BLOCKS)
            case "link":
                yield from _keys(element, {"type", "text", "url", "style", "unsafe"})
                yield from _length_problems(element["url"], URL)
                yield from _length_problems(element.get("text", "x"), SECTION)
                if not re.match(r"https?://[^\s/]", element["url"]):
                    yield f"no link: {element['url'][:40]}"
            case kind if kind in CALLS | {"emoji", "date"}:
                pass
            case other:
                yield f"unsupported type: {other}"
        if not element.get("style", {}).keys() <= STYLES:
            yield "unknown style"


# looking


def _elements(payload: Json) -> Iterator[Json]:
    """The innermost elements of all rich texts."""
    for block in payload.get("blocks", []):
        if block["type"] == "rich_text":
            for part in block["elements"]:
                for inner in part["elements"] if part["type"] == "rich_text_list" else [part]:
                    yield from inner["elements"]


def _marked_up(payload: Json) -> Iterator[str]:
    """The texts in which Slack reads <...> as a link or a call: whatever `mrkdwn` says of a message's own text."""
    yield str(payload.get("text", ""))
    for block in payload.get("blocks", []):
        objects = [block.get("text", {}), *block.get("fields", []), *block.get("elements", [])]
        yield from (thing["text"] for thing in objects if thing.get("type") == "mrkdwn")


def _drawn_block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header" | "section":
            yield block["text"]["text"]
        case "context":
            yield "(" + "  ".join(e["text"] for e in block["elements"]) + ")"
        case "divider":
            yield "---"
        case _:
            for part in block["elements"]:
                yield from _drawn_part(part)


def _drawn_part(part: Json) -> Iterator[str]:
    sections = part["elements"] if part["type"] == "rich_text_list" else [part]
    first = {"rich_text_list": "• ", "rich_text_quote": "> "}.get(part["type"], "")
    other = {"rich_text_list": "  ", "rich_text_quote": "> "}.get(part["type"], "")
    for section in sections:
        lines = "".join(map(_drawn_element, section["elements"])).split("\n")
        yield from (f"{other if number else first}{line}" for number, line in enumerate(lines))


def _drawn_element(element: Json) -> str:
    words = str(element.get("text") or element.get("url") or element["type"])
    for mark, style in (("*", "bold"), ("_", "italic"), ("`", "code")):
        words = f"{mark}{words}{mark}" if element.get("style", {}).get(style) else words
    return f"[{words}]({element['url']})" if element["type"] == "link" else words
