"""What a rule says of an item, for programs and for people: shared by the commands that tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watcher.cli.common import clean, paint
from watcher.match import explain
from watcher.model import Feed, Item, Missing, Span
from watcher.rules.compile import CompiledRule
from watcher.rules.nodes import Node, Phrase, Word
from watcher.rules.pattern import forms, stemmed
from watcher.rules.printer import to_text
from watcher.rules.shape import walk
from watcher.rules.suggest import Suggestion, suggest
from watcher.text.document import Document
from watcher.text.fold import folded, singular
from watcher.text.tokens import spans

AROUND = 60
"""Code points of text shown on either side of a piece of evidence."""
NEWLINE = "\n"
GUESSED = 6
"""Words with forms that are all spelled out; lists have hundreds."""
SHOWN = 20
"""Pieces of evidence, or words with their forms, that people are shown."""


def answer(compiled: CompiledRule, item: Item, feed: Feed, source: str | None = None) -> dict[str, Any]:
    """What `--json` says of one item and rule. `source` is the text file it was read from: places are its lines."""
    found = explain(compiled, item, feed)
    edit = None if found.matched or found.scope_note else suggest(compiled.tree, Document(item, feed))
    return {
        "item": item.id,
        "rule": compiled.rule.id,
        "matched": found.matched,
        "denial": found.denial,
        "denied_by": [span_row(span) for span in found.denied_by],
        "evidence": [span_row(span) for span in found.evidence],
        "missing": [_missing(part, item, source) for part in found.missing],
        "suggestion": _suggestion(edit),
        "scope": found.scope_note,
        "expanded": compiled.rule.expanded,
        "forms": spelled_forms(compiled.tree),
        "stemmed": [word for leaf in leaves(compiled.tree) for word in stemmed(leaf)],
    }


def span_row(span: Span) -> dict[str, Any]:
    """A piece of evidence for programs."""
    return {"field": span.field, "start": span.start, "end": span.end, "text": span.text, "term": span.term}


def _missing(part: Missing, item: Item, source: str | None) -> dict[str, Any]:
    near = part.nearest
    return {"term": part.term, "nearest": near, "where": near and where(near, item, source)}


def _suggestion(edit: Suggestion | None) -> dict[str, Any] | None:
    if edit is None:
        return None
    return {"expression": edit.expression, "changes": [{"was": was, "now": now} for was, now in edit.changes]}


def spelled_forms(tree: Node) -> list[dict[str, Any]]:
    """Each word~, and each phrase with one, as printed, with every form it stands for."""
    return [{"term": to_text(leaf), "finds": list(found)} for leaf in leaves(tree) if (found := forms(leaf))]


def leaves(tree: Node) -> tuple[Word | Phrase, ...]:
    """The different words and phrases of a rule, its vocabulary included."""
    return tuple(dict.fromkeys(node for node in walk(tree) if isinstance(node, Word | Phrase)))


def where(words: str, item: Item, source: str | None) -> str | None:
    """Where words of an item stand: "title", "line 9" of the file it was read from, else "paragraph 3" of the text."""
    pattern = re.compile(r"\s+".join(map(re.escape, words.rstrip("…").split())))
    if source is not None and (found := pattern.search(source)):
        return f"line {source.count(NEWLINE, 0, found.start()) + 1}"
    if pattern.search(item.title):
        return "title"
    for field in ("text", "raw"):
        whole = getattr(item, field)
        if found := pattern.search(whole):
            return f"paragraph {whole.count(NEWLINE * 2, 0, found.start()) + 1}" + (" of raw" if field == "raw" else "")
    return next((field for field in ("summary", "place") if pattern.search(getattr(item, field))), None)


def lines(found: Mapping[str, Any], item: Item) -> Iterator[str]:
    """An answer for people: the rule spelled out, then each place in the text, or each missing part and the mend."""
    yield f"  reads  {clean(found['expanded'])}"
    yield from (f"         {line}" for line in _form_lines(found["forms"]))
    if found["stemmed"]:
        yield f"         {clean(', '.join(found['stemmed'][:SHOWN]))}: found in every form, by the stem"
    if found["scope"]:
        yield f"  out of scope: {clean(found['scope'])}"
    for span in found["denied_by"]:
        yield f"  {paint('denied', fg='magenta')} {_in_context(span, item)}"
    for span in found["evidence"][:SHOWN]:
        yield evidence_line(span, item)
    if len(found["evidence"]) > SHOWN:
        yield f"  … and {len(found['evidence']) - SHOWN} more"
    for part in found["missing"]:
        yield f"  missing {paint(clean(part['term']), bold=True)}{_near(part)}"
    if found["suggestion"]:
        yield _mend(found["suggestion"])


def _form_lines(forms: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What each word~ finds; of many only those whose forms nobody would guess, such as struck for strike."""
    told = [word for word in forms if len(forms) <= GUESSED or _is_irregular(word["finds"])]
    for word in told[:SHOWN]:
        yield f"{clean(word['term'])} finds {clean(', '.join(word['finds']))}"
    if len(told) < len(forms):
        more = f"the {len(forms) - len(told)} others" if told else f"these {len(forms)} words"
        yield f"{more} with ~ are found with the usual endings (-s, -ed, -ing)"


def _is_irregular(finds: Sequence[str]) -> bool:
    return any(not form.startswith(finds[0][:-1]) for form in finds)


def _near(part: Mapping[str, Any]) -> str:
    if not part["nearest"]:
        return "; nothing like it"
    notes = [note for note in (difference(part["term"], part["nearest"]), part["where"]) if note]
    return f"; nearest: “{clean(part['nearest'])}”" + (f" ({', '.join(notes)})" if notes else "")


def _mend(suggestion: Mapping[str, Any]) -> str:
    pairs = [(clean(change["was"]), clean(change["now"] or "")) for change in suggestion["changes"]]
    changes = [f"with {now} for {was}" if now else f"without {was}" for was, now in pairs]
    return f"  it would match {' and '.join(changes)}:  {paint(clean(suggestion['expression']), fg='green')}"


def difference(term: str, nearest: str) -> str | None:
    """How the nearest thing differs from a plain word or phrase; None for anything else."""
    bare = term.strip('=~*"')
    if (" " in term and '"' not in term) or not all(c.isalnum() or c in " -'’.&/" for c in bare):
        return None
    wanted, near = (["".join(folded(text[a:b])) for a, b in spans(text)] for text in (bare, nearest))
    if singular("".join(wanted)) == singular("".join(near)):
        if len(wanted) != len(near):
            return "spelled apart" if len(near) > len(wanted) else "spelled as one word"
        return "written otherwise"
    if len(wanted) > 1:
        return "not side by side"
    return "spelled otherwise" if len(near) == 1 else None


def evidence_line(span: Mapping[str, Any], item: Item) -> str:
    """A piece of evidence in its surroundings, and the term it answers."""
    return f"  {span['field']:<7} {_in_context(span, item)}  {paint('for ' + clean(span['term']), dim=True)}"


def verdict(found: Mapping[str, Any]) -> str:
    """The answer in a word or two, coloured."""
    if not found["matched"]:
        return paint("no match", fg="red", bold=True)
    return paint("denial", fg="magenta", bold=True) if found["denial"] else paint("match", fg="green", bold=True)


def _in_context(span: Mapping[str, Any], item: Item) -> str:
    """The evidence within its surroundings."""
    whole = getattr(item, span["field"], None)
    hit = paint(clean(span["text"]), fg="yellow", bold=True)
    if not isinstance(whole, str):
        return hit
    before = whole[max(0, span["start"] - AROUND) : span["start"]]
    after = whole[span["end"] : span["end"] + AROUND]
    left = "…" if span["start"] > AROUND else ""
    right = "…" if span["end"] + AROUND < len(whole) else ""
    return f"{left}{_edge(before, 'left')}{hit}{_edge(after, 'right')}{right}"


def _edge(text: str, side: str) -> str:
    """One line, keeping the blank that stands next to the evidence."""
    flat = clean(text)
    if side == "left":
        return flat + (" " if text[-1:].isspace() else "")
    return (" " if text[:1].isspace() else "") + flat
