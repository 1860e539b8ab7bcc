"""One entry of a YAML file changed: the data says it, and every other byte is what it was."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from watcher.yamldoc import REMOVED, EditError, edit, extended, load, plain

EXAMPLES = 3_000 if os.environ.get("WATCHER_SOAK") else 100

RULE = {"id": "a-b", "title": "A: b", "match": '"a" AND b\n', "notify": ["desk"]}
RULE_LINES = '  - id: a-b\n    title: "A: b"\n    match: |\n      "a" AND b\n    notify: [desk]\n'


def data(source: bytes) -> Any:
    node, findings = load(source, "file")
    assert node is not None, findings
    return plain(node)


# --- files as anybody may have written them ---------------------------------------------------------

words = st.sampled_from(["a", "US airstrikes", "=US", "@us", '"a b" OR c', "no", "22:30", "x: y", "x #y", "1", "", "é"])
free = st.text(max_size=12).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
lines = st.sampled_from(["a\nb\n", "a\n\n  b", "x", "US AND\n(a OR b)\n"])
scalars = words | words | free | lines | st.integers(-5, 5) | st.booleans() | st.none() | st.just(1.5)
keys = st.sampled_from(["id", "title", "match", "a b", "on", "x:y", "é", "0"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
files = st.dictionaries(keys, values, min_size=1, max_size=4)


class Author:
    """Writes data the way one of many people would."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.dash = draw(st.sampled_from([0, 2, 4]))
        self.step = draw(st.sampled_from([2, 3, 4]))

    def some(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def scalar(self, value: Any) -> str:
        if not isinstance(value, str):
            return {None: "null", True: "true", False: "false"}.get(value, str(value))
        if value in {"a", "US airstrikes", "US", "id", "title", "match", "a b"}:
            return self.some(value, f'"{value}"', f"'{value}'")
        return '"' + "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08x}" for c in value) + '"'

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = [f"{self.scalar(k)}: {self.flow(v)}" for k, v in value.items()]
            return "{" + self.comma().join(pairs) + (self.some("", ",", "\n   ") if pairs else "") + "}"
        if isinstance(value, list):
            items = [self.flow(one) for one in value]
            return "[" + self.comma().join(items) + (self.some("", ", ") if items else "") + "]"
        return self.scalar(value)

    def comma(self) -> str:
        return self.some(", ", ", ", " , ", ",\n       ", ", # why\n      ")

    def block(self, value: Any, indent: int) -> str:
        """What stands behind `key:` or `-`, from the blank on to the line end."""
        if isinstance(value, dict) and value and self.some("block", "flow") == "block":
            return self.comment() + self.mapping(value, indent + self.step)
        if isinstance(value, list) and value and self.some("block", "flow") == "block":
            return self.comment() + self.sequence(value, indent + self.dash)
        if isinstance(value, str) and value in {"a\nb\n", "US AND\n(a OR b)\n"}:
            body = "".join(" " * (indent + self.step) + line + "\n" for line in value.splitlines())
            return f" {self.some('|', '|  # as is')}\n{body}" + self.some("", "\n")
        return f" {self.flow(value)}{self.comment()}"

    def comment(self) -> str:
        return self.some("\n", "\n", "   # a remark: [1\n", "\n\n")

    def own_line(self, indent: int) -> str:
        return self.some("", "", "", " " * indent + "# - a line: of its own\n", "\n")

    def mapping(self, value: dict[str, Any], indent: int) -> str:
        pairs = [f"{' ' * indent}{self.scalar(k)}:{self.block(v, indent)}" for k, v in value.items()]
        return "".join(self.own_line(indent) + pair for pair in pairs)

    def sequence(self, value: list[Any], indent: int) -> str:
        return "".join(f"{self.own_line(indent)}{' ' * indent}-{self.item(one, indent)}" for one in value)

    def item(self, value: Any, indent: int) -> str:
        if isinstance(value, dict) and value and self.some("compact", "other") == "compact":
            return " " + self.mapping(value, indent + 2).lstrip(" \n")
        if isinstance(value, list):
            return f" {self.flow(value)}{self.comment()}"
        return self.block(value, indent)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A file; sometimes with CRLF, a byte order mark, or no line end at its end."""
    text = Author(draw).mapping(draw(files), 0)
    text = text.rstrip("\n") if draw(st.booleans()) else text
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Every collection and its path."""
    if not isinstance(value, dict | list):
        return []
    return [(path, value), *(place for step, one in pairs(value) for place in places(one, (*path, step)))]


def readable(source: bytes) -> bool:
    node, findings = load(source, "file")
    return node is not None and not findings


@settings(max_examples=EXAMPLES, deadline=None)
@given(source=documents(), value=values, data_=st.data())
def test_an_added_entry_is_the_one_change_and_its_removal_restores_every_byte(
    source: bytes, value: Any, data_: st.DataObject
) -> None:
    assume(readable(source))
    before = data(source)
    path, held = data_.draw(st.sampled_from(places(before)))
    step = len(held) if isinstance(held, list) else "new"
    after = edit(source, (*path, step), value)
    assert get(data(after), path) == ([*held, value] if isinstance(held, list) else held | {"new": value})
    assert all(line in after for line in source.split() if line.startswith(b"#"))
    if held and not ends_in_block_text(source, after):
        assert edit(after, (*path, step), REMOVED) == source


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(source=documents(), more=st.lists(values, max_size=3), data_=st.data())
def test_entries_added_together_are_the_one_change(source: bytes, more: list[Any], data_: st.DataObject) -> None:
    assume(readable(source))
    lists = [(path, held) for path, held in places(data(source)) if isinstance(held, list)]
    assume(lists)
    path, held = data_.draw(st.sampled_from(lists))
    after = extended(source, path, more)
    assert get(data(after), path) == [*held, *more]
    assert all(line in after for line in source.split() if line.startswith(b"#"))
    assert len(more) != 1 or not held or after == edit(source, (*path, len(held)), more[0])


@settings(max_examples=EXAMPLES, deadline=None)
@given(source=documents(), value=values, data_=st.data())
def test_an_entry_set_or_removed_is_the_one_change(source: bytes, value: Any, data_: st.DataObject) -> None:
    assume(readable(source))
    before = data(source)
    path, held = data_.draw(st.sampled_from([place for place in places(before) if place[1]]))
    step = data_.draw(st.sampled_from([step for step, _ in pairs(held)]))
    set_, removed = edit(source, (*path, step), value), edit(source, (*path, step), REMOVED)
    assert get(data(set_), (*path, step)) == value
    rest = {k: one for k, one in pairs(held) if k != step}
    assert get(data(removed), path) == (list(rest.values()) if isinstance(held, list) else rest)


def pairs(held: Any) -> list[tuple[Any, Any]]:
    return list(held.items()) if isinstance(held, dict) else list(enumerate(held))


def get(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def ends_in_block_text(source: bytes, after: bytes) -> bool:
    """Whether a `|` block ends the file, before or after, without a line end, and gets or loses one by the edit."""
    return not source.endswith(b"\n") and b"|" in after


# --- files as they are ------------------------------------------------------------------------------

WORLD = b"""\
# What to watch for.
schema: watch/1

rules:
  # First.
  - id: one        # its name
    match: US

  # Second.
  - watch: Two things
    all: [a, b]    # both
# The end.
"""


def test_a_rule_is_added_behind_the_last_one_with_a_blank_line_where_the_others_have_one() -> None:
    added = edit(WORLD, ("rules", 2), RULE)
    assert added == WORLD.replace(b"# The end.", f"\n{RULE_LINES}# The end.".encode())
    assert edit(added, ("rules", 2), REMOVED) == WORLD


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"rules:\n{RULE_LINES}"),
        ("# mine\n", f"# mine\nrules:\n{RULE_LINES}"),
        ("rules:\n", f"rules:\n{RULE_LINES}"),
        ("rules: []   # none yet\n", f"rules:   # none yet\n{RULE_LINES}"),
        ("rules: ~\nuse: []\n", f"rules:\n{RULE_LINES}use: []\n"),
        ("schema: watch/1\n", f"schema: watch/1\nrules:\n{RULE_LINES}"),
    ],
)
def test_the_first_rule_stands_below_its_key_whatever_stood_there(before: str, after: str) -> None:
    assert edit(before.encode(), ("rules", 0), RULE).decode() == after


def test_a_list_that_is_not_indented_and_line_ends_of_windows_stay_so() -> None:
    before = b"rules:\r\n- id: a\r\n  match: b\r\n"
    added = edit(before, ("rules", 1), {"id": "c", "match": "d OR e\n"})
    assert added == before + b"- id: c\r\n  match: |\r\n    d OR e\r\n"


def test_a_block_at_the_end_of_a_file_without_a_line_end_keeps_its_text() -> None:
    before = b"rules:\n  - match: |\n      US"
    after = edit(before, ("rules", 1), {"id": "c"})
    assert data(after) == {"rules": [{"match": "US"}, {"id": "c"}]}


def test_a_key_can_be_put_behind_another() -> None:
    after = edit(WORLD, ("rules", 1, "id"), "two-things", after="watch")
    assert b"  - watch: Two things\n    id: two-things\n    all: [a, b]    # both\n" in after


def test_entries_look_like_their_neighbours() -> None:
    feeds = b"feeds:\n  - {id: a, url: b}\n"
    assert edit(feeds, ("feeds", 1), {"id": "c", "url": "d"}) == feeds + b"  - {id: c, url: d}\n"
    pretty = b'{\n  "feeds": [\n    {"id": "a"}\n  ]\n}\n'
    after = edit(pretty, ("feeds", 1), {"id": "c"})
    assert after == b'{\n  "feeds": [\n    {"id": "a"},\n    {id: c}\n  ]\n}\n'
    tests = edit(WORLD, ("rules", 0, "tests"), [{"file": "a.txt", "expect": "match"}])
    assert b"    match: US\n    tests:\n      - {file: a.txt, expect: match}\n" in tests


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("US airstrikes", "US airstrikes"),
        ("no", '"no"'),
        ("22:30", '"22:30"'),
        ("2015-03-25", '"2015-03-25"'),
        ("17", '"17"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("@us", '"@us"'),
        ('"a b" OR c', "'\"a b\" OR c'"),
        ("it's", "it's"),
        ("", '""'),
        ("a\tb", '"a\\tb"'),
        ("a\u2028b", '"a\\u2028b"'),
        ('"a" OR b\n', '|\n  "a" OR b'),
        ("a\nb", "|-\n  a\n  b"),
    ],
)
def test_text_is_plain_where_that_is_safe_and_else_in_quotes_or_a_block(text: str, written: str) -> None:
    after = edit(b"a: 1\n", ("b",), text).decode()
    assert after == f"a: 1\nb: {written}\n"


ODD = [
    "a: |+\n  x\n\nb: 1\n",
    "a: |+\n  x\n\n\n",
    "a: >-\n  x\n  y\n\n  z\n",
    "a: |2\n    x\n   y\nb: 2\n",
    "---\na: 1\n...\n# tail\n",
    "%YAML 1.2\n---\na: 1\n",
    "a:\n  - - x\n    - y\n  - - z\n",
    "a:\n-\n  - x\n-\n  k: v\n",
    "a:\n  -   # why\n    k: v\n    l: w\n",
    "a:\n  k:\n\n\n# end",
    "'a b': 'x\n  y'\nc: \"d\n\n  e\"\n",
    "a: x\n  y\n  z # c\nb: 1\n",
    "a: [\n  1, # one\n  2  # two\n]\n",
    "a: {x: 1,\n    y: 2,\n    }\n",
    "a: [[1, 2], {b: c}]\n",
    "{a: 1, b: [2]}\n",
    "- 1\n- 2\n",
    "- a: 1\n  b: 2\n-\n  c: 3\n",
    "a: 1 \t\nb: 2\t# x\n",
    "a:\n    - 1\nb:\n- 3\n",
    "a: |\n  x\n # c\nb: 1\n",
    "a:\n  b: |\n\n    x\n\n\n\nc: 1\n",
    "a: ''\nb:\n  - |\n   x\n  - >\n   y\n",
]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("value", ["x", "a\nb\n", {"k": "v", "t": "a\nb\n"}, [1, [2]], None], ids=str)
def test_files_written_oddly_are_edited_all_the_same(text: str, value: Any) -> None:
    source = text.encode()
    for path, held in places(data(source)):
        step = len(held) if isinstance(held, list) else "new"
        after = edit(source, (*path, step), value)
        assert edit(after, (*path, step), REMOVED) == source
        for known, _ in pairs(held):
            edit(source, (*path, known), value)
            edit(source, (*path, known), REMOVED)


@pytest.mark.parametrize(("text", "path"), [("a: [x: 1]\n", ("a", 0, "y")), ("? a\n: 1\n? b\n: - 2\n", ("c",))])
def test_what_would_not_come_out_as_meant_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(EditError):
        edit(text.encode(), path, "x")


def test_the_last_of_a_list_leaves_an_empty_one() -> None:
    assert edit(b"rules:\n  - id: a\nuse: []\n", ("rules", 0), REMOVED) == b"rules: []\nuse: []\n"


@pytest.mark.parametrize(
    ("source", "path", "says"),
    [
        (b"a: [1", ("a",), "line 1, column 4"),
        (b"a: 1\n", ("b", 0, "c", 7), "no `b.0.c.7`"),
        (b"a: 1\n", ("a", "b"), "no `a.b`"),
        (b"a: [1]\n", ("a", 5), "no `a.5`"),
        (b"a: 1\n", ("b",), "invalid Unicode"),
    ],
)
def test_what_cannot_be_edited_is_refused_and_said(source: bytes, path: tuple[str | int, ...], says: str) -> None:
    with pytest.raises(EditError, match=says):
        edit(source, path, "\ud800")
