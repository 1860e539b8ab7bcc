"""edge: Response and known hashes <-> frame, Parsed, Entry or ParseError <-> frame: what the parser's process is told.

A frame is two lengths (the header's in 4 bytes, the body's in 8, big-endian), a JSON header and a raw body. Nothing
that arrives is ever code: what is no frame, or not ours, raises ValueError, LookupError, TypeError or AttributeError.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from watcher.errors import ParseError
from watcher.model import Block, BlockKind, Entry, File, Hash64, Parsed, Recipe, RecipeKind, Response, Section

_LENGTHS = struct.Struct(">IQ")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
MAX_HEADER = 256 * 2**20  # bytes; 20 MiB of feed, escaped threefold and told as text, summary and title, fit
MAX_BODY = 2**31


def read_frame(stream: BinaryIO) -> tuple[Any, bytes] | None:
    """The next frame's header and body; None at the end of the stream, wherever in a frame that is."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, body_length = _LENGTHS.unpack(lengths)
    if header_length > MAX_HEADER or body_length > MAX_BODY:
        raise ValueError("a frame longer than any")
    header, body = stream.read(header_length), stream.read(body_length)
    if len(header) < header_length or len(body) < body_length:
        return None
    return json.loads(header), body


def write_frame(stream: BinaryIO, header: Any, *bodies: bytes) -> None:
    told = _ENCODER.encode(header).encode("utf-8", "surrogatepass")
    stream.write(_LENGTHS.pack(len(told), sum(map(len, bodies))))
    stream.writelines((told, *bodies))
    stream.flush()


# --- the question ---------------------------------------------------------------------------------


Question = tuple[dict[str, Any], tuple[bytes, ...]]


def page_question(response: Response) -> Question:
    """The same for the entry that a page makes."""
    header, bodies = question(response, frozenset())
    return {**header, "page": True}, bodies


def question(
    response: Response, known: frozenset[Hash64], recipe: Recipe | None = None, scope: Hash64 | None = None
) -> Question:
    """Header and bodies: the response's body, then those of its files."""
    files = response.files
    header = {
        "url": response.url,
        "status": response.status,
        "headers": dict(response.headers),
        "known": sorted(known),
        "scope": scope,
        "recipe": recipe and {name: getattr(recipe, name) for name in Recipe.__slots__},
        "body": len(response.body),
        "files": None if files is None else [_file_header(file) for file in files],
    }
    return header, (response.body, *(file.body for file in files or ()))


def asked(header: Any, body: bytes) -> tuple[Response, frozenset[Hash64], Recipe | None, Hash64 | None]:
    """What `question` was made of."""
    at = header["body"]
    files = []
    for told in header["files"] or ():
        files.append(_file(told, body[at : at + told["size"]]))
        at += told["size"]
    response = Response(
        url=header["url"],
        status=header["status"],
        headers=header["headers"],
        body=body[: header["body"]],
        files=None if header["files"] is None else tuple(files),
    )
    recipe = header["recipe"] and Recipe(**{**header["recipe"], "kind": RecipeKind(header["recipe"]["kind"])})
    return response, frozenset(header["known"]), recipe or None, header["scope"]


def _file_header(file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "url": file.url,
        "size": len(file.body),
        "modified": file.modified.isoformat(),
        "hash": file.hash,
    }


def _file(told: dict[str, Any], body: bytes) -> File:
    modified = datetime.fromisoformat(told["modified"])
    return File(name=told["name"], url=told["url"], body=body, modified=modified, hash=told["hash"])


# --- the answer -----------------------------------------------------------------------------------

_TIMES = ("published", "updated")
_TUPLES = ("authors", "tags")
_LONGEST = 2**20  # characters of a title or summary, far more than is kept: the text of a huge entry is told once
_KINDS = {kind.value: kind for kind in BlockKind}
_SECTIONS = {section.value: section for section in Section}


SPENT = b"spent"
"""The body of an answer after which the process wants to be replaced: it has grown, and keeps what it has."""


def answer(parsed: Parsed) -> dict[str, Any]:
    told = {name: getattr(parsed, name) for name in Parsed.__slots__}
    return {**told, "entries": [_entry_told(entry) for entry in parsed.entries]}


def refusal(kind: str, message: str, feeds: Sequence[str] = ()) -> dict[str, Any]:
    return {"error": {"kind": kind, "message": message, "feeds": list(feeds)}}


def answered(header: Any) -> Parsed:
    """The Parsed that was answered; raises the ParseError that was."""
    _raise(header)
    entries = tuple(_entry(told) for told in header["entries"])
    tuples = {name: tuple(header[name]) for name in ("hashes", "skip_hours", "skip_days")}
    return Parsed(**{**header, **tuples, "entries": entries})


def page_answer(entry: Entry) -> dict[str, Any]:
    return {"entry": _entry_told(entry)}


def page_answered(header: Any) -> Entry:
    """The Entry that was answered; raises the ParseError that was."""
    _raise(header)
    return _entry(header["entry"])


def _raise(header: Any) -> None:
    if "error" in header:
        error = header["error"]
        raise ParseError(str(error["message"]), kind=str(error["kind"]), feeds=tuple(map(str, error["feeds"])))


def _entry_told(entry: Entry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in Entry.__slots__}
    told["title"], told["summary"] = entry.title[:_LONGEST], entry.summary[:_LONGEST]
    told["blocks"] = [(block.text, block.kind.value, block.links, block.section.value) for block in entry.blocks]
    for name in _TIMES:
        told[name] = told[name] and told[name].isoformat()
    return told


def _entry(told: dict[str, Any]) -> Entry:
    blocks = tuple(
        Block(text=text, kind=_KINDS[kind], links=links, section=_SECTIONS[section])
        for text, kind, links, section in told["blocks"]
    )
    tuples = {name: tuple(told[name]) for name in _TUPLES}
    times = {name: told[name] and datetime.fromisoformat(told[name]) for name in _TIMES}
    return Entry(**{**told, **tuples, **times, "blocks": blocks})
