"""Queries of other programs: what they become, and that whatever changes in meaning is said."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import FindingSeverity
from watcher.rules import load, query
from watcher.rules.imports import FORMATS, HEADS, Imported, read, rule_file

EXAMPLES = 3_000 if os.environ.get("WATCHER_SOAK") else 60


def one(format_: str, text: str) -> Imported:
    (found,) = read(format_, text)
    return found


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("climate summit", "climate AND summit"),
        ("a b OR c", "a AND (b OR c)"),
        ("a | b", "a OR b"),
        ('"air strike" -exercise', '"air strike" AND NOT exercise'),
        ('-"a b" c', 'NOT "a b" AND c'),
        ("bank site:bbc.co.uk", "bank AND site:bbc.co.uk"),
        ("intitle:Tikrit offensive", "title:Tikrit AND offensive"),
        ('intitle:"fed rate"', 'title:"fed rate"'),
        ("allintitle: fed rate cut", "title:(fed AND rate AND cut)"),
        ("climate AROUND(3) summit", "climate NEAR/3 summit"),
        ('"green * deal"', "green ONEAR/5 deal"),
        ("(a OR b) (c OR d)", "(a OR b) AND (c OR d)"),
        ("fed after:2020-01-02 before:2020/3", "fed AND published:2020-01-02.. AND published:..2020-03"),
        ("or and not", '"or" AND "and" AND "not"'),
    ],
)
def test_a_google_alert_becomes(text: str, expression: str) -> None:
    assert one("google-alerts", text).expression == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("foo bar", "foo OR bar"),
        ("foo AND bar", "foo AND bar"),
        ("foo && bar || baz", "foo AND bar"),
        ("+acme lawsuit -settled", "acme AND NOT settled"),
        ("foo NOT bar", "foo AND NOT bar"),
        ("foo !bar", "foo AND NOT bar"),
        ("a OR b OR c", "a OR b OR c"),
        ("(a OR b) AND c", "(a OR b) AND c"),
        ('title:"fed rate"', 'title:"fed rate"'),
        ("headline:(fed AND rate)", "title:(fed AND rate)"),
        ('"fed rate"~4', "fed NEAR/4 rate"),
        ("govern*", "govern*"),
        ("te?t", r"/\bte\wt\b/i"),
        ("*ware", r"/\b\w*ware\b/i"),
        ("/joh?n/", r"/\b(?:joh?n)\b/i"),
        ("roam~1", "roam"),
        ("foo^2", "foo"),
        ('"a b"^3 AND c', '"a b" AND c'),
        ("(foo bar)^4", "foo OR bar"),
        ("date:[2020-01-01 TO 2020-12-31] AND a", "published:2020-01-01..2020-12-31 AND a"),
        ("published:>2020-01-01 AND a", "published:2020-01-01.. AND a"),
        (r"\(x\:y\)", '"(x:y)"'),
    ],
)
def test_a_lucene_query_becomes(text: str, expression: str) -> None:
    assert one("lucene", text).expression == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("intitle:word", "title:word"),
        ('intitle:"zero day"', 'title:"zero day"'),
        ("intitle:'zero day' -author:bob", 'title:"zero day" AND NOT author:bob'),
        ("a b OR c", "(a AND b) OR c"),
        (r"intitle:/CVE-\d+/i", r"title:/CVE-\d+/i"),
        ("/a|b/ !c", "/a|b/ AND NOT c"),
        ("#security x", "tag:security AND x"),
        ("inurl:cve x", "url:cve AND x"),
        ("x pubdate:2024-01/2024-02", "x AND published:2024-01..2024-02"),
        ("x pubdate:2024-01-05/", "x AND published:2024-01-05.."),
        ("-(a OR b) c", "NOT (a OR b) AND c"),
        ("x pubdate:201403", "x AND published:2014-03"),
        ("x pubdate:2014-02--2014-04", "x AND published:2014-02..2014-04"),
        ("x pubdate:2014-02-03/05", "x AND published:2014-02-03..2014-02-05"),
        ("x pubdate:/2014-03", "x AND published:..2014-03"),
        ("#two+words x", 'tag:"two words" AND x'),
        (r"a\(b\)", '"a(b)"'),
    ],
)
def test_a_freshrss_search_becomes(text: str, expression: str) -> None:
    assert one("freshrss", text).expression == expression


def test_what_miniflux_blocks_is_taken_off_all_it_keeps() -> None:
    text = "EntryTitle=(?i)ransom(ware)?\nEntryURL=news/\nblock:\nEntryTitle=(?i)sponsored\nEntryTag=^ads$\n"
    assert [each.expression for each in read("miniflux", text)] == [
        "title:/ransom(ware)?/i AND NOT (title:/sponsored/i OR tag:/^ads$/)",
        r"url:/news\// AND NOT (title:/sponsored/i OR tag:/^ads$/)",
    ]


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        ("EntryDate=before:2024-03-01", "published:..2024-02-29"),
        ("EntryDate=after:2024-03-01", "published:2024-03-01.."),
        ("EntryDate=between:2024-01-01,2024-02-01", "published:2024-01-01..2024-01-31"),
        ("(?i)acme", "title:/acme/i OR url:/acme/i OR author:/acme/i OR tag:/acme/i"),
    ],
)
def test_a_miniflux_rule_becomes(line: str, expression: str) -> None:
    assert one("miniflux", line).expression == expression


def test_a_list_of_what_is_blocked_alone_is_no_rule_and_says_how_to_use_it() -> None:
    found = one("miniflux", "[block]\nEntryTitle=(?i)sponsored\n")
    assert found.expression is None
    assert "in place: NOT title:/sponsored/i" in found.notes


@pytest.mark.parametrize(
    ("format_", "text", "words"),
    [
        ("google-alerts", "US inflation", "`US` is found in capitals only"),
        ("google-alerts", "a filetype:pdf", "`filetype:pdf` is left out"),
        ("google-alerts", "a 10..20", "a range of numbers"),
        ("google-alerts", "a site:b.org", "host of the item's address"),
        ("google-alerts", '"a * b"', "at most 5 words"),
        ("google-alerts", "-a", "only says what must not be there"),
        ("lucene", "foo bar", "side by side are OR"),
        ("lucene", "+a b", "`b` only ranks"),
        ("lucene", "a AND b OR c", "`c` only ranks"),
        ("lucene", "foo~", "no fuzzy search"),
        ("lucene", "foo^2", "boosts"),
        ("lucene", '"a b"~3', "counts moves of words"),
        ("lucene", "a AND price:[1 TO 5]", "only dates have ranges"),
        ("lucene", "a AND colour:red", "no field `colour:`"),
        ("lucene", "a AND _exists_:b", "`_exists_:b` is left out"),
        ("lucene", "a AND *:*", "finds everything"),
        ("lucene", "date:{2020-01-01 TO 2020-02-01} AND a", "both ends count"),
        ("miniflux", "EntryDate=max-age:7d\nEntryTitle=a", "write max_age:"),
        ("miniflux", "FeedTitle=a", "nothing like FeedTitle"),
        ("miniflux", "EntryTitle=(", "missing )"),
        ("freshrss", "a f:12", "name feeds in `scope:`"),
        ("freshrss", "a pubdate:P1W", "max_age: limits the age"),
        ("freshrss", "a pubdate:2014-05-30T13:30", "the hours do not count"),
        ("freshrss", "intitle:/(?=a)/ b", "cannot read this regular expression"),
        ("miniflux", "EntryDate=before:2024-02-31\nEntryTitle=a", "is left out"),
        ("freshrss", "a inurl:b", "any part of it"),
        ("freshrss", "a date:2020", "only the day of publication"),
    ],
)
def test_what_changes_in_meaning_is_said(format_: str, text: str, words: str) -> None:
    notes = [note for each in read(format_, text) for note in each.notes]
    assert any(words in note for note in notes), notes
    assert words in rule_file(format_, read(format_, text))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_rule_file_says_what_holds_for_all_of_a_format(format_: str) -> None:
    made = rule_file(format_, read(format_, "EntryTitle=a"))
    assert all(head in made for head in HEADS[format_])


def test_queries_of_the_same_words_get_ids_of_their_own() -> None:
    made = read("lucene", 'strike\n"strike"\n# a remark\n\nstrike\n')
    assert [each.id for each in made] == ["strike", "strike-2", "strike-3"]


PIECES = r"""a "b c" US -x +y ( ) OR AND NOT ! || && title: intitle: site:b.org date:[2020 TO 2021] /r+/i /(/ x* *x te?t
x~2 "a b"~3 x^2 EntryTitle=(?i)a keep: block: #tag 'q r' " / \ [ { AROUND(2) .. before:2020 é 中文 = @us ~"""
pieces = st.sampled_from([*PIECES.split(), "\t", "\x00", "\u2028"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(format_=st.sampled_from(["google-alerts", "lucene", "freshrss"]), text=st.lists(pieces, max_size=8))
def test_no_word_is_lost_in_silence(format_: str, text: list[str]) -> None:
    words = [f"word{chr(97 + n)}" for n in range(len(text))]
    line = " ".join(f"{piece} {word}" for piece, word in zip(text, words, strict=True))
    told = " ".join(f"{each.expression} {' '.join(each.notes)}" for each in read(format_, line))
    assert [word for word in words if word not in told] == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(format_=st.sampled_from(FORMATS), text=st.lists(st.lists(pieces, max_size=8).map(" ".join), max_size=3))
def test_whatever_comes_in_the_rule_file_passes_the_check(format_: str, text: list[str]) -> None:
    imported = read(format_, "\n".join(text))
    loaded = load({"imported.yaml": rule_file(format_, imported).encode()})
    assert [f for f in loaded.findings if f.severity is FindingSeverity.ERROR] == []
    assert [each.rule.id for each in loaded.rules] == [each.id for each in imported if each.expression]
    assert all(query.parse(each.expression).tree for each in imported if each.expression)
    assert all(each.expression or each.notes for each in imported)
