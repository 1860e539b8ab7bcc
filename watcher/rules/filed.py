"""pure: rule files as loaded <-> lines to be kept, by which a start need not work them out again.

A line a file and one for each of its rules, JSON by the nouns' own types: nothing in it is code, and what does not fit
a type is refused as a whole. A file is taken from it where its bytes and those of all the files it uses are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from sys import intern
from typing import Annotated

from pydantic import Field, TypeAdapter

from watcher import yamldoc
from watcher.model import Finding, Rule
from watcher.rules.anchors import MANY, Terms
from watcher.rules.assemble import LoadedRule
from watcher.rules.doubles import RuleFile
from watcher.rules.frequencies import Frequencies
from watcher.rules.reader import Outline, Place
from watcher.rules.scope import used_file
from watcher.rules.strike import Kind as Held
from watcher.rules.vocab import Vocabulary

_MOST = 2**40
_Number = Annotated[int, Field(ge=0, lt=_MOST)]
_Place = tuple[_Number, _Number, _Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A file without its rules."""

    file: str
    content: str  # its digest
    whole: str  # and that of all it is made of
    uses: tuple[tuple[str, _Place], ...]
    claims: tuple[tuple[str, _Place], ...]
    has_vocab: bool
    of_form: tuple[Finding, ...]
    of_rules: tuple[Finding, ...]
    rules: _Number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    rule: Rule
    name: _Place
    held_to: Held | None
    required: tuple[tuple[str, ...], ...]


_HEAD, _RULE = TypeAdapter(_Head), TypeAdapter(_Rule)


@dataclass(frozen=True, slots=True)
class Filed:
    """What was kept, by file."""

    files: Mapping[str, tuple[_Head, Sequence[_Rule]]] = field(default_factory=dict)

    def outline(self, file: str, source: bytes) -> Outline | None:
        """None where this is not what was kept."""
        head, _ = self.files.get(file, (None, ()))
        if head is None or head.content != _digest(source):
            return None
        return Outline(
            file=file,
            uses=tuple(_use(text, place) for text, place in head.uses),
            claims=tuple((name, _at(place)) for name, place in head.claims),
            has_vocab=head.has_vocab,
            findings=head.of_form,
            errors_outside=(),
        )

    def covers(self, files: Mapping[str, RuleFile], wholes: Mapping[str, tuple[str, str]]) -> bool:
        """Whether this is all that is to be kept of these files."""
        kept = {file: wholes[file][1] for file, each in files.items() if _is_kept(each)}
        return kept == {file: head.whole for file, (head, _) in self.files.items()}

    def rules(self, outline: Outline, whole: str, seen: Vocabulary, frequencies: Frequencies) -> RuleFile | None:
        """What they require in the order of these frequencies; None where what they are made of is not what it was."""
        head, rules = self.files.get(outline.file, (None, ()))
        if head is None or head.whole != whole:
            return None
        loaded = tuple(_loaded(each, seen, frequencies) for each in rules)
        return RuleFile(outline=outline, rules=loaded, findings=(*outline.findings, *head.of_rules))


NOTHING_FILED = Filed()


def lines(files: Mapping[str, RuleFile], wholes: Mapping[str, tuple[str, str]]) -> Iterator[bytes]:
    """What is kept of these files, each with two digests: files with an error, and rules without words, are not."""
    for file, each in files.items():
        if _is_kept(each):
            yield _HEAD.dump_json(_head(each, *wholes[file]))
            for rule in each.rules:
                kept = _Rule(
                    rule=rule.rule,
                    name=_numbers(rule.name),
                    held_to=rule.held_to,
                    required=tuple(tuple(sorted(t) if isinstance(t, frozenset) else t) for t in rule.required),
                )
                yield _RULE.dump_json(kept, exclude_defaults=True)


def filed(kept: Iterable[bytes]) -> Filed:
    """What such lines say. ValueError where one of them does not."""
    files: dict[str, tuple[_Head, Sequence[_Rule]]] = {}
    rest = iter(kept)
    for line in rest:
        head = _HEAD.validate_json(line)
        rules = [_plausible(_RULE.validate_json(one)) for one in islice(rest, head.rules)]
        if len(rules) != head.rules:
            raise ValueError("rules are missing")
        files[head.file] = head, rules
    return Filed(files)


def wholes(outlines: Mapping[str, Outline], sources: Mapping[str, bytes]) -> Mapping[str, tuple[str, str]]:
    """By file, the digest of its content, and that of all its rules are made of: the files it uses, and those use."""
    digests = {file: _digest(source) for file, source in sources.items()}
    uses = {file: {used_file(use.text, file) for use in each.uses} for file, each in outlines.items() if each.uses}
    return {file: (digests[file], _of_all(_reached(file, uses), digests)) for file in outlines}


def _reached(file: str, uses: Mapping[str, Collection[str]]) -> Collection[str]:
    reached, waiting = {file}, [file]
    while waiting:
        more = set(uses.get(waiting.pop(), ())) - reached
        reached |= more
        waiting += more
    return reached


def _of_all(files: Collection[str], digests: Mapping[str, str]) -> str:
    if len(files) == 1:
        return digests[next(iter(files))]
    return _digest("\n".join(f"{digests.get(file, '')} {file}" for file in sorted(files)).encode())


def _is_kept(file: RuleFile) -> bool:
    return not file.errors and all(rule.kept is None and rule.has_expression for rule in file.rules)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _head(file: RuleFile, content: str, whole: str) -> _Head:
    outline = file.outline
    return _Head(
        file=outline.file,
        content=content,
        whole=whole,
        uses=tuple((use.text, (use.line, use.column, 1)) for use in outline.uses),
        claims=tuple((name, _numbers(place)) for name, place in outline.claims),
        has_vocab=outline.has_vocab,
        of_form=outline.findings,
        of_rules=file.findings[len(outline.findings) :],
        rules=len(file.rules),
    )


def _loaded(kept: _Rule, seen: Vocabulary, frequencies: Frequencies) -> LoadedRule:
    required = tuple(sorted(map(_terms, kept.required), key=frequencies.of_any))
    return LoadedRule(rule=kept.rule, name=_at(kept.name), sees=seen, held_to=kept.held_to, required=required)


def _terms(terms: Sequence[str]) -> Terms:
    return tuple(map(intern, terms)) if len(terms) < MANY else frozenset(map(intern, terms))


def _use(text: str, place: _Place) -> yamldoc.Scalar:
    return yamldoc.Scalar(value=text, text=text, line=place[0], column=place[1], start=0, end=0, source="")


def _numbers(place: Place) -> _Place:
    return place.line, place.column, place.width


def _at(numbers: _Place) -> Place:
    line, column, width = numbers
    return Place(line=line, column=column, width=width)


def _plausible(kept: _Rule) -> _Rule:
    """Numbers that a rule file could have said. Raises ValueError."""
    rule = kept.rule
    seconds = [rule.throttle, rule.max_age, rule.when.within if rule.when else None]
    if rule.absence or not 0 < rule.line < _MOST or not all(s is None or 0 <= s < _MOST for s in seconds):
        raise ValueError("no rule says so")
    if (rule.when and not 0 < rule.when.count < _MOST) or not 0 <= rule.scope.min_words < _MOST:
        raise ValueError("no rule counts so far")
    return kept
