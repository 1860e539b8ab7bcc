"""Regular expressions: what RE2 refuses is told where it stands in the source."""

from __future__ import annotations

import pytest
import re2  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.rules import query
from watcher.rules.problem import Problem
from watcher.rules.regex_check import MAX_BYTES, check


def only(source: str) -> Problem:
    (problem,) = query.parse(source).problems
    return problem


@pytest.mark.parametrize(
    ("source", "start", "piece"),
    [
        ("/a(b/", 2, "("),
        ("/(a)(b(c)/", 4, "("),
        ("/a)b/", 2, ")"),
        (r"/\(a)/", 4, ")"),
        ("/[(]a)/", 5, ")"),
        ("/[a-/", 1, "[a-"),
        ("/x[z-a]/", 3, "z-a"),
        ("/a**/", 2, "**"),
        ("/*a/", 1, "*"),
        ("/a|*/", 3, "*"),
        ("/[*]+a|*b/", 7, "*"),
        ("/a{2,1}/", 2, "{2,1}"),
        ("/a{100}{3}(b{1001})/", 2, "{100}{3}"),
        (r"/\d\8/", 3, r"\8"),
        (r"/\\8\8/", 4, r"\8"),
        ("/a(?=b)/", 2, "(?="),
        ("/(?<!a)b/", 1, "(?<!"),
        (r"/\pX/", 1, r"\pX"),
        ("/[[:foo:]]/", 2, "[:foo:]"),
        ("/é é[z-a]/i", 5, "z-a"),
        (r"/\x{110000}/", 1, r"\x{110000"),
        ("/a/g", 3, "g"),
        ("/ab/imx", 4, "imx"),
    ],
)
def test_the_place_is_the_piece_that_re2_names(source: str, start: int, piece: str) -> None:
    problem = only(source)
    assert (problem.code, problem.start, source[problem.start : problem.end]) == ("E115", start, piece)


@pytest.mark.parametrize(
    ("source", "mend"),
    [
        ("/a(?=b)/", "RE2 cannot look ahead; ask for both with AND or NEAR"),
        ("/a(?!b)/", "RE2 cannot look ahead; leave places out with EXCEPT"),
        ("/(?<!a)b/", "RE2 cannot look behind; leave places out with EXCEPT"),
        (r"/(a)\1/", "RE2 cannot refer back to a group"),
        ("/[a/", r"write \[ for the sign itself, and \/ for a slash"),
        ("/a(/", r"write \( or \) for the sign itself, and \/ for a slash"),
        ("/a**/", r"at most 1000 times; write \* \+ \? \{ for the sign itself"),
        ("/path/to/file", r'a slash inside is written \/; for the text itself quote it: "/path/to/file"'),
        ("/path", 'for the text itself quote it: "/path"'),
    ],
)
def test_a_mistake_says_how_to_mend_it(source: str, mend: str) -> None:
    assert only(source).help == mend


def test_a_pattern_may_have_four_kibibytes_in_utf_8() -> None:
    assert query.parse(f"/{'a' * MAX_BYTES}/").tree
    assert only(f"/{'a' * (MAX_BYTES + 1)}/").code == "E116"
    assert only(f"/{'é' * (MAX_BYTES // 2 + 1)}/").code == "E116"


def test_a_pattern_that_needs_too_much_memory_is_an_error_and_not_a_crash() -> None:
    assert only(r"/(\pL{500}\pL{500})/").code == "E116"
    assert only("/((a{100}){100}){100}/").code == "E115"


def test_after_one_that_is_too_big_the_others_are_not_tried() -> None:
    assert only(" ".join(rf"/{n}(\pL{{500}}\pL{{500}})/" for n in range(1_000))).start == 1


def test_a_flag_that_is_a_group_is_warned_of_and_kept() -> None:
    problem = only("/(i?)cve/")
    assert (problem.code, problem.start, problem.end, problem.fatal) == ("W204", 1, 5, False)
    assert not query.parse("/(?i)cve/").problems
    assert not query.parse("/strike(s?)/").problems


def test_a_character_that_no_text_has_is_an_error() -> None:
    assert only("/a\ud800/").code == "E115"


def test_a_regular_expression_looks_for_text_and_not_for_names() -> None:
    problem = only("title:x feed:(a OR /b/)")
    assert (problem.code, problem.start, problem.related) == ("E115", 19, (8, 13, "the field"))
    assert query.parse("url:/b/ tag:/b/ author:/b/ raw:/b/").tree


atoms = st.sampled_from(["a", "(", ")", "[", "]", "*", "+", "{2}", "?", "|", "\\", "(?", "(?i)", "^", "-", "\\d", "é"])


@settings(max_examples=300, deadline=None)
@given(st.lists(atoms, max_size=10).map("".join), st.sampled_from(["", "i", "ims"]))
def test_what_re2_reads_is_good_and_what_it_does_not_has_a_place_inside(text: str, flags: str) -> None:
    errors = [problem for problem in check(text, flags, 7) if problem.fatal]
    assert bool(errors) == (not readable(text))
    assert all(7 <= p.start <= p.end <= 7 + max(len(text), 1) for p in errors)


def readable(text: str) -> bool:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(text, options)
    except re2.error:
        return False
    return True
