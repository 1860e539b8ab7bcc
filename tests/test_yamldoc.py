"""Strict YAML: what is typed, where things stand, and what is said of what is wrong."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from watcher.model import Finding
from watcher.yamldoc import (
    MAX_DEPTH,
    Duration,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Size,
    at,
    load,
    nearest,
    plain,
    validate,
)

VALID = """\
# a rule file
schema: watch/1
use: [vocab/core-en.yaml, 'vocab/it''s.yaml']
vocab:
  us: {auto: true, match: "=US OR \\"United States\\" \\u00e9\\
     AND more"}
rules:
  - id: one
    match: |
      US airstrikes
        AND Tikrit 😀

    title: >-
      folded text
      goes on

      here
    note: plain text
      over two lines
  -
    id: 'two
      lines'
    when: 2015-03-25
    n: [1, 0x1F, 0o17, 1.5, .inf, ~, null, true]
"""


def read(text: str) -> Any:
    node, findings = load(text.encode(), "f.yaml")
    assert node is not None
    assert findings == ()
    return plain(node)


def only(text: str | bytes) -> Finding:
    node, findings = load(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    assert node is None
    assert len(findings) == 1
    return findings[0]


def scalar(text: str) -> Scalar:
    node, findings = load(text.encode(), "f.yaml")
    assert not findings
    assert isinstance(node, Mapping)
    value = node.items[0][1]
    assert isinstance(value, Scalar)
    return value


# --- types ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["no", "on", "yes", "off", "y", "n", "22:30", "2015-03-25", "1_000", "0b1", "1e", "0X1F", "+0x1", "=", "tRUE"],
)
def test_words_that_look_typed_to_other_readers_are_text(word: str) -> None:
    assert read(f"a: {word}") == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", -math.inf),
    ],
)
def test_numbers_truth_and_nothing_are_typed(word: str, value: object) -> None:
    found = read(f"a: {word}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_values_are_always_text(quote: str) -> None:
    assert read(f"a: {quote}true{quote}") == {"a": "true"}


def test_a_number_of_thousands_of_digits_is_text() -> None:
    assert read("a: " + "9" * 5000) == {"a": "9" * 5000}
    assert read("a: 0x" + "9" * 5000) == {"a": "0x" + "9" * 5000}


def test_the_written_text_stays_beside_the_value() -> None:
    assert scalar("a: 0x1F").text == "0x1F"


def test_an_empty_file_is_null_at_its_first_character() -> None:
    node, findings = load(b"# only a comment\n", "f.yaml")
    assert isinstance(node, Scalar)
    assert (node.value, node.line, node.column, findings) == (None, 1, 1, ())


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = "a: 1\nb: |\n  x\n  y\n"
    node, _ = load(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "f.yaml")
    assert node is not None
    assert plain(node) == read(text)
    assert (node.line, node.column) == (1, 1)


_texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029\ufeff\r\x7f", min_codepoint=32), max_size=12
)
_data = st.recursive(
    st.none() | st.booleans() | st.integers() | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@given(_data, st.sampled_from(["flow", "block"]))
@settings(max_examples=150)
def test_what_yaml_1_2_writes_is_read_back(data: Any, style: str) -> None:
    if not isinstance(data, dict | list):
        data = [data]
    written = yaml.dump(
        _quoted(data), Dumper=_Quoting, allow_unicode=True, default_flow_style=style == "flow", sort_keys=False
    )
    node, findings = load(written.encode(), "f.yaml")
    assert findings == ()
    assert node is not None
    assert plain(node) == data


class _Quoted(str):
    __slots__ = ()


class _Quoting(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Quoting.add_representer(_Quoted, lambda d, s: d.represent_scalar("tag:yaml.org,2002:str", str(s), style='"'))


def _quoted(data: Any) -> Any:
    if isinstance(data, str):
        return _Quoted(data)
    if isinstance(data, list):
        return [_quoted(x) for x in data]
    return {_quoted(k): _quoted(v) for k, v in data.items()} if isinstance(data, dict) else data


# --- places -----------------------------------------------------------------------------------------------


def test_every_node_knows_where_it_begins() -> None:
    node, _ = load(b"rules:\n  - id: x\n    tags: [a, b]\n", "f.yaml")
    assert node is not None
    tags = at(node, ["rules", 0, "tags"])
    assert isinstance(tags, Sequence)
    assert (tags.line, tags.column) == (3, 11)
    rule = at(node, ["rules", 0])
    assert (rule.line, rule.column) == (2, 5)
    assert tags.source[tags.start : tags.end] == "[a, b]"


@pytest.mark.parametrize(
    ("text", "part", "place"),
    [
        ("match: US AND Tikrit", "Tikrit", (1, 15)),
        ("match: US AND\n  Tikrit", "Tikrit", (2, 3)),
        (r"match: it''s C:\n US", "US", (1, 19)),
        ("match: 'it''s US'", "US", (1, 15)),
        ("match: 'a\n\n   b'", "b", (3, 4)),
        (r'match: "\u00e9\t\"US\" x"', "US", (1, 19)),
        (r'match: "\U0001F600 x"', "x", (1, 20)),
        ('match: "a \\\n     b"', "b", (2, 6)),
        ('match: "a\n\n\n  b"', "b", (4, 3)),
        ("match: |\n  US AND\n  (Tikrit", "(Tikrit", (3, 3)),
        ("match: |-\n\n      US\n        Tikrit\n", "Tikrit", (4, 9)),
        ("match: |2\n    US\n   Tikrit\n", "Tikrit", (3, 4)),
        ("match: | # note\n  US\n", "US", (2, 3)),
        ("match: >\n  US AND\n  Tikrit\n", "Tikrit", (3, 3)),
        ("match: >+\n  US\n\n    AND\n  Tikrit\n\n", "Tikrit", (5, 3)),
        ("match:    'x US'", "US", (1, 14)),
        ("match: 😀 US", "US", (1, 10)),
        ("match: |\r\n  US AND\r\n  Tikrit\r\n", "Tikrit", (3, 3)),
        ('match: "US\r\n  Tikrit"', "Tikrit", (2, 3)),
    ],
)
def test_a_place_in_a_text_is_found_in_the_file(text: str, part: str, place: tuple[int, int]) -> None:
    value = scalar(text)
    assert value.position(value.text.index(part)) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("match: US", (1, 10)),
        ("match: 'US'", (1, 11)),
        ("match: ''", (1, 9)),
        ("match: |\n  US\n", (2, 5)),
        ("match: >\n  US AND\n  (\n\n", (3, 4)),
        ("match: |\n", (2, 1)),
        ("match: |", (1, 9)),
        ("match:", (1, 7)),
    ],
)
def test_the_end_of_a_text_is_where_its_last_word_ends(text: str, place: tuple[int, int]) -> None:
    value = scalar(text)
    assert value.position(len(value.text)) == place
    assert value.position(10_000) == place


_LINES = st.lists(st.text("aé😀' :#\"\\\\-", max_size=8), min_size=1, max_size=5)


@given(_LINES, st.sampled_from(["|", "|-", "|+", ">", ">-", "|2", ">2+"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200)
def test_every_printed_character_of_a_block_is_found_where_it_stands(lines: list[str], header: str, end: str) -> None:
    text = f"match: {header}{end}" + "".join(f"  {line}".rstrip() + end for line in lines) + f"next: 1{end}"
    node, findings = load(text.encode(), "f.yaml")
    if not findings:  # leading blanks may break the indentation of a first line
        assert node is not None
        _every_character_is_found(at(node, ["match"]), text)


@given(_LINES, st.integers(0, 3), st.sampled_from("\"'"))
@settings(max_examples=200)
def test_every_printed_character_of_a_quoted_text_is_found_where_it_stands(
    lines: list[str], indent: int, quote: str
) -> None:
    joined = ("\n" + " " * (indent + 1)).join(lines)
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"') if quote == '"' else joined.replace("'", "''")
    text = f"match: {quote}{escaped}{quote}\n"
    node, findings = load(text.encode(), "f.yaml")
    assert not findings
    assert node is not None
    _every_character_is_found(at(node, ["match"]), text)


def _every_character_is_found(value: Node, text: str) -> None:
    assert isinstance(value, Scalar)
    lines = text.split("\n")
    places = [value.position(i) for i in range(len(value.text))]
    for char, (line, column) in zip(value.text, places, strict=True):
        if not char.isspace():
            there = lines[line - 1][column - 1 :]
            assert there.startswith((char, f"\\{char}"))
    assert places == sorted(places)


def test_a_path_leads_to_the_nearest_node() -> None:
    node, _ = load(b"a:\n  - b: 1\n", "f.yaml")
    assert node is not None
    assert at(node, ["a", 0, "list[str]", "b"]) == at(node, ["a", 0, "b"])
    assert at(node, ["a", 7]) == at(node, ["a"])
    assert at(node, ["nowhere"]) is node


# --- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ['"US" AND x', "@us", "*us", "! us", "[a] AND b", "[a", "% x", "`x`", "&us", "!us x", "{a}} b"]
)
def test_text_that_starts_with_a_sign_of_yaml_is_sent_to_a_block(text: str) -> None:
    found = only(f"rules:\n  - id: x\n    match: {text}\n")
    assert found.code == "E001"
    assert found.line == 3
    assert "use `match: |`" in found.help


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("a: @x", "E001", (1, 4), "cannot start with `@`"),
        ("a: b: c", "E001", (1, 5), "lacks quotes"),
        ("a: 1\n b: 2\n", "E001", (2, 3), "indentation"),
        ("a: [x\nb: 1\n", "E001", (1, 4), "`[` is never closed"),
        ("a: {x\nb: 1\n", "E001", (1, 4), "`{` is never closed"),
        ("a: 'x\nb: 1\n", "E001", (1, 4), "quote is never closed"),
        ("a: {b: ${env:X}}", "E001", (1, 8), "put in quotes"),
        ('a: "\\q"', "E001", (1, 5), "backslash"),
        ("a: > x\n b", "E001", (1, 6), "next one"),
        ("- a\nb: 1\n", "E001", (2, 1), "list above"),
        ("a: 1\n}\n", "E001", (2, 1), "no key"),
        ("a: *b\n", "E001", (1, 4), "alias"),
        ("a: &b c\n", "E001", (1, 4), "anchor"),
        ("a: &b {c: d}\n", "E001", (1, 4), "anchor"),
        ("a: !!str b\n", "E001", (1, 4), "tag"),
        ("<<: {a: 1}\n", "E001", (1, 1), "merge key"),
        ("[a]: 1\n", "E001", (1, 1), "word"),
        ("a: {{ b }}\n", "E001", (1, 5), "word"),
        ("a: 1\n---\nb: 1\n", "E001", (2, 1), "second document"),
        ("a:\n\tb: 1\n", "E006", (2, 1), "tab"),
        ("a:\n  b: 1\n\tc: 2\n", "E006", (3, 1), "tab"),
        ("a: |\n\tb\n", "E006", (2, 1), "tab"),
        ("a: \x00", "E001", (1, 4), "U+0000"),
        ("a: b\u2028c", "E001", (1, 5), "U+2028"),
        ("a: 1\nb: \ufeff", "E001", (2, 4), "U+FEFF"),
        ("a: 1\rb: 2", "E001", (1, 5), "U+000D"),
        (b"a: 1\nb: caf\xe9\n", "E001", (2, 7), "0xE9"),
        (b"\xef\xbb\xbfa: caf\xe9\n", "E001", (1, 7), "0xE9"),
        (b"\xff\xfea\x00", "E001", (1, 1), "UTF-16"),
    ],
)
def test_what_is_not_our_yaml_is_said_in_plain_words_at_its_place(
    text: str | bytes, code: str, place: tuple[int, int], words: str
) -> None:
    found = only(text)
    assert (found.file, found.code, found.line, found.column) == ("f.yaml", code, *place)
    assert words in found.message


def test_a_key_given_twice_is_an_error_with_both_places_and_the_first_counts() -> None:
    node, findings = load(b"a: 1\nb: {c: 1, 'c': 2}\na: 3\n", "f.yaml")
    assert node is not None
    assert plain(node) == {"a": 1, "b": {"c": 1}}
    assert [(f.code, f.line, f.column, f.related) for f in findings] == [
        ("E002", 2, 11, (2, 5, "first given here")),
        ("E002", 3, 1, (1, 1, "first given here")),
    ]


def test_all_aliases_and_tags_of_a_file_are_reported_at_once() -> None:
    node, findings = load(b"a: *x\nb: !y z\nc: 1\nc: 2\n", "f.yaml")
    assert node is None
    assert [(f.code, f.line) for f in findings] == [("E001", 1), ("E001", 2), ("E002", 4)]


def test_a_file_beyond_the_limit_is_not_read() -> None:
    assert load(b"a: 1", "f.yaml", limit=4)[0] is not None
    node, findings = load(b"a: 12", "f.yaml", limit=4)
    assert node is None
    assert "at most 4" in findings[0].message


@pytest.mark.parametrize("part", ["[", "- ", "{a: ", "? "])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 10_000, 1_000_000])
def test_deep_nesting_is_an_error_and_no_crash(part: str, depth: int) -> None:
    found = only(part * depth)
    assert "100 levels" in found.message
    assert (found.line, found.column) == (1, 1 + len(part) * MAX_DEPTH)


def test_nesting_up_to_the_limit_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert load(text.encode(), "f.yaml")[0] is not None


@given(st.integers(0, len(VALID.encode())))
@settings(max_examples=200)
def test_a_half_written_file_gives_a_node_or_findings(length: int) -> None:
    node, findings = load(VALID.encode()[:length], "f.yaml")
    assert (node is None) == bool(findings)
    _places_are_in_the_file(findings, VALID)


@given(st.text("ab:-[]{}'\"|>#&*!%@`?,~ \n\t\\<\r", max_size=30) | st.text(max_size=20))
@settings(max_examples=400)
def test_any_text_gives_a_node_or_findings(text: str) -> None:
    source = text.encode("utf-8", "surrogatepass")
    node, findings = load(source, "f.yaml")
    assert node is not None or findings
    _places_are_in_the_file(findings, text)
    if node is not None:
        plain(node)


@given(st.binary(max_size=30))
def test_any_bytes_give_a_node_or_findings(source: bytes) -> None:
    node, findings = load(source, "f.yaml")
    assert node is not None or findings


def _places_are_in_the_file(findings: tuple[Finding, ...], text: str) -> None:
    lines = text.split("\n")
    for found in findings:
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1


# --- models -----------------------------------------------------------------------------------------------


def _interval(value: object) -> object:
    if value == "5 minutes":
        raise PydanticCustomError("E111", "expected a duration like 10s, 5m, 2h", {"help": "write `5m`"})
    if value == "soon":
        raise ValueError("expected a duration like 10s, 5m, 2h")
    return value


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str | None = None
    url: str
    interval: Annotated[str | None, BeforeValidator(_interval)] = None
    tags: list[str] | str = []
    baseline: Literal["quiet", "alert"] = "quiet"


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    schema_: Literal["watch/1"] = Field("watch/1", alias="schema")
    feeds: list[Entry] = []
    loud: bool = False
    limit: int = Field(1, ge=1)


def check(text: str) -> tuple[File | None, list[tuple[str, int, int, str, str]]]:
    node, findings = load(text.encode(), "f.yaml")
    assert node is not None
    assert not findings
    instance, findings = validate(File, node, "f.yaml")
    return instance, [(f.code, f.line, f.column, f.message, f.help) for f in findings]


def test_a_good_file_becomes_an_instance() -> None:
    instance, findings = check("schema: watch/1\nfeeds:\n  - {url: x, tags: [a]}\n")
    assert findings == []
    assert instance is not None
    assert instance.feeds[0].tags == ["a"]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("feeeds: []", ("E003", 1, 1, "unknown key `feeeds`", "did you mean `feeds`?")),
        ("feeds:\n - {url: x, tagz: a}", ("E003", 2, 13, "unknown key `tagz`", "did you mean `tags`?")),
        ("shema: watch/1", ("E003", 1, 1, "unknown key `shema`", "did you mean `schema`?")),
        ("zzz: 1", ("E003", 1, 1, "unknown key `zzz`", "known keys: feeds, limit, loud, schema")),
        ("feeds:\n  - id: x", ("E004", 2, 5, "`url` is missing", "")),
        ("feeds:\n  - {url: 12}", ("E004", 2, 11, "url: expected text; got `12`", "put it in quotes")),
        ("feeds: x", ("E004", 1, 8, "feeds: expected a list; got `x`", "")),
        (
            "feeds: [x]",
            (
                "E004",
                1,
                9,
                "feeds: expected keys with values; got `x`",
                "known keys: baseline, id, interval, tags, url",
            ),
        ),
        ("loud: maybe", ("E004", 1, 7, "loud: expected true or false; got `maybe`", "")),
        ("limit: 0", ("E004", 1, 8, "limit: expected 1 or more; got `0`", "")),
        ("limit:", ("E004", 1, 7, "limit: expected a whole number; got nothing", "")),
        ("limit: [1]", ("E004", 1, 8, "limit: expected a whole number; got a list", "")),
        (
            "feeds: [{url: x, tags: {a: b}}]",
            ("E004", 1, 24, "tags: expected a list or text; got keys with values", ""),
        ),
        (
            "feeds: [{url: x, baseline: loud}]",
            ("E004", 1, 28, "baseline: expected 'quiet' or 'alert'; got `loud`", ""),
        ),
        (
            "feeds: [{url: x, interval: soon}]",
            ("E004", 1, 28, "interval: expected a duration like 10s, 5m, 2h; got `soon`", ""),
        ),
        (
            "feeds: [{url: x, interval: 5 minutes}]",
            ("E111", 1, 28, "interval: expected a duration like 10s, 5m, 2h; got `5 minutes`", "write `5m`"),
        ),
        ("", ("E004", 1, 1, "expected keys with values; got nothing", "")),
    ],
)
def test_what_a_model_does_not_take_is_said_at_its_place(text: str, finding: tuple[str, int, int, str, str]) -> None:
    instance, findings = check(text)
    assert instance is None
    assert findings == [finding]


def test_all_errors_of_a_file_are_said_in_its_order() -> None:
    _, findings = check("limit: 0\nfeeds:\n  - {url: 1, tagz: a}\n  - {id: 2}\nloud: x\n")
    assert [(line, code) for code, line, *_ in findings] == [
        (1, "E004"),
        (3, "E004"),
        (3, "E003"),
        (4, "E004"),
        (4, "E004"),
        (5, "E004"),
    ]


def test_a_url_that_is_wrong_is_shown_without_what_may_be_secret() -> None:
    _, findings = check("limit: slack://T0/B0/secret\n")
    assert findings[0][3] == "limit: expected a whole number; got `slack://...`"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [("tilte", ["title", "body"], "title"), ("Title", ["title"], "title"), ("x", ["title"], None), ("", ["a"], None)],
)
def test_a_misspelt_word_is_recognised(word: str, known: list[str], meant: str | None) -> None:
    assert nearest(word, known) == meant


# --- units ------------------------------------------------------------------------------------------------


class Units(BaseModel):
    model_config = ConfigDict(extra="forbid")
    wait: Duration | None = None
    room: Size | None = None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10.0), ("5m", 300.0), ("2h", 7200.0), ("1d", 86400.0), ("0.5s", 0.5), ("1.5h", 5400.0)],
)
def test_durations_are_seconds(text: str, seconds: float) -> None:
    assert Units.model_validate({"wait": text}).wait == seconds


@pytest.mark.parametrize(
    ("text", "count"), [("1B", 1), ("64KiB", 65536), ("10MiB", 10 * 2**20), ("1.5GiB", 1610612736)]
)
def test_sizes_are_bytes(text: str, count: int) -> None:
    assert Units.model_validate({"room": text}).room == count


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("wait: 5 minutes", "write 5m"),
        ("wait: 10 sec", "write 10s"),
        ("wait: 2 Hours", "write 2h"),
        ("wait: 1day", "write 1d"),
        ("wait: 30", "write 30s"),
        ("wait: soon", ""),
        ("wait: 0s", ""),
        ("wait: -5m", ""),
        ("wait: true", ""),
        ("room: 10MB", "write 10MiB"),
        ("room: 64k", "write 64KiB"),
        ("room: 100", "write 100B"),
        ("room: much", ""),
    ],
)
def test_what_is_no_duration_or_size_is_e111_with_what_was_meant(line: str, meant: str) -> None:
    node, _ = load(line.encode(), "f.yaml")
    assert node is not None
    _, findings = validate(Units, node, "f.yaml")
    assert [(f.code, f.line, f.column, f.help) for f in findings] == [("E111", 1, 7, meant)]


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("use: [a, b\nrules: 1\n", "close it with `]`; if it is text, use `use: |`"),
        ("a: {b: [c}\n", "close it with `]`"),
        ("- {id: x, match: C #1 AND pay}\n", "YAML takes `#1 AND pay}` for a comment"),
    ],
)
def test_a_bracket_that_is_not_closed_says_how_it_is(text: str, mend: str) -> None:
    (finding,) = load(text.encode(), "f")[1]
    assert finding.help.startswith(mend)
