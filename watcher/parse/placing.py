"""pure: where the pieces of a page stand -> blocks, each with its section; hidden ones are left out.

What the markup says of an element holds, unless the element then leaves hardly anything of the text. In a whole page
the main part is the element that holds most of the running text, by its own word (`article`, `main`) or by the text
alone; what stands outside it is the page's: nothing is thrown away here. Lines that are no running text, such as
verses, count only within an element that says it is the main part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, groupby, islice, pairwise

from watcher.model import Block, BlockKind, Section
from watcher.parse.markup import Layout, Piece, Root
from watcher.parse.sectioning import Mark

__all__ = ["fragment", "whole_page"]

_ENOUGH = 1000  # characters of running text outside all sections: what the markup says can be believed
_SHARE = 0.25  # of the running text, as good as enough
_MOST = 0.5
_NEARLY_ALL = 0.75
_LITTLE = 0.1
_LAST = 3  # paragraphs among which an author is told of
_LINKS = 0.6  # share of link text of a line that leads elsewhere
_LIST = 3  # such lines in a row
_PARAGRAPHS = frozenset(
    ("p", "li", "dd", "dt", "pre", "blockquote", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6")
)

Sections = list[Section | None]  # of each piece; None is hidden


def fragment(layout: Layout) -> tuple[Block, ...]:
    """The blocks of what stands in a feed: an article's text, with what its publisher puts round it."""
    pieces = layout.pieces
    sections = _by_markup(layout)
    _mark_beside(pieces, sections)
    return _blocks(pieces, sections)


def whole_page(layout: Layout, title: str, authors: Collection[str] = ()) -> tuple[Block, ...]:
    """The blocks of a whole page whose article has this title, and these authors."""
    pieces = layout.pieces
    head = _headline(pieces, title)
    sections = _by_markup(layout, head)
    _mark_teasers(layout, sections, head)
    _mark_round_forms(layout, sections)
    _mark_outside(layout, sections, head)
    _mark_ruled_off(layout, sections)
    _mark_writers(layout, sections, authors)
    _mark_beside(pieces, sections)
    return _blocks(pieces, sections)


def _blocks(pieces: Sequence[Piece], sections: Sections) -> tuple[Block, ...]:
    return tuple(piece.block(section) for piece, section in zip(pieces, sections, strict=True) if section)


# --- by what the markup says ----------------------------------------------------------------------


def _by_markup(layout: Layout, head: int | None = None) -> Sections:
    """The innermost section that each stands in.

    A byline belongs to the section it stands in; it is the article's where it stands in none.
    """
    pieces = layout.pieces
    if not layout.signed:
        return [Section.MAIN] * len(pieces)
    own = {root.number for root in _own(pieces[head])} if head is not None else set()
    void = own | _void(layout)
    return [_section(piece, void) for piece in pieces]


def _own(headline: Piece) -> list[Root]:
    """The elements that are the article's own, whatever their names say, for its headline stands in them."""
    heads = headline.kind is BlockKind.HEADING
    return [root for root in _roots(headline) if heads or root.sign in {Section.HEADER, Mark.CREDIT}]


def _section(piece: Piece, void: set[int]) -> Section | None:
    signs = [root.sign for root in _roots(piece) if root.number not in void]
    if Mark.HIDDEN in signs:
        return None
    if section := next((sign for sign in signs if isinstance(sign, Section)), None):
        return section
    if isinstance(piece.sign, Section):
        return piece.sign
    return Section.HEADER if Mark.CREDIT in {piece.sign, *signs} else Section.MAIN


def _void(layout: Layout) -> set[int]:
    """The elements that cannot be what they say, for nearly all of the text stands in them.

    A form round the whole page, a body that is hidden until a script shows it. Comments may outgrow their article.
    """
    said = _running(layout)
    total = sum(said)
    outside = sum(each for piece, each in zip(layout.pieces, said, strict=True) if not piece.root)
    if outside >= min(_ENOUGH, _SHARE * total):
        return set()
    held: dict[int, float] = {}
    for piece, running in zip(layout.pieces, said, strict=True):
        for root in _roots(piece):
            if root.sign is not Section.COMMENTS:
                held[root.number] = held.get(root.number, 0.0) + running
    return {number for number, text in held.items() if text >= _MOST * total}


def _running(layout: Layout) -> list[float]:
    """The running text of each piece, in characters; all text within an element that says it holds the article."""
    boxed = _within(layout, layout.mains)
    return [
        piece.prose or (len(piece.text) * (1 - piece.links) if boxed[piece.box] and piece.links <= _LINKS else 0.0)
        for piece in layout.pieces
    ]


def _within(layout: Layout, boxes: Iterable[int]) -> list[bool]:
    """Of each element whether it is one of these, or stands in one."""
    within = [False] * len(layout.parents)
    for box in boxes:
        within[box] = True
    for box in range(1, len(within)):
        within[box] = within[box] or within[layout.parents[box]]
    return within


def _roots(piece: Piece) -> Iterable[Root]:
    """The elements by which a piece belongs to sections, innermost first."""
    root = piece.root
    while root:
        yield root
        root = root.outer


# --- the main part --------------------------------------------------------------------------------


def _headline(pieces: Sequence[Piece], title: str) -> int | None:
    """The piece that prints the title: a heading rather than a line of a list."""
    wanted = title.casefold()
    saying = [at for at, piece in enumerate(pieces) if wanted and piece.text.casefold() == wanted]
    return next((at for at in saying if pieces[at].kind is BlockKind.HEADING), next(iter(saying), None))


def _mark_outside(layout: Layout, sections: Sections, head: int | None) -> None:
    """What stands before the main part is the page's header, what stands behind it its footer."""
    pieces = layout.pieces
    first, last = _main_part(layout, sections)
    start = _start(pieces, sections, head, first, last)
    for at, section in enumerate(sections):
        if section is not Section.MAIN or (first <= at < last and at >= start) or at == head:
            continue
        if start <= at < first and (pieces[at].prose or pieces[at].kind is BlockKind.CAPTION):
            continue
        sections[at] = Section.HEADER if at < last else Section.FOOTER


def _start(pieces: Sequence[Piece], sections: Sections, head: int | None, first: int, last: int) -> int:
    """Where the article begins: at its headline, where most of the text is behind that."""
    if head is None or head >= last:
        return first
    before = sum(piece.prose for piece, section in islice(zip(pieces, sections, strict=False), first, head) if section)
    return head if before < _SHARE * sum(piece.prose for piece in pieces[first:last]) else first


def _main_part(layout: Layout, sections: Sections) -> tuple[int, int]:
    """The first of its pieces, and the one behind its last."""
    pieces = layout.pieces
    said = _said(layout, sections)
    if not said[0]:
        return 0, len(pieces)
    box = min(
        (box for box in layout.mains if said[box] >= _MOST * said[0]), key=lambda box: (said[box], -box), default=0
    )
    best: dict[int, int] = {}  # the child of each element that says most
    for child in range(1, len(said)):
        parent = layout.parents[child]
        if said[child] > said[best.get(parent, child)] or parent not in best:
            best[parent] = child
    while (
        (child := best.get(box, 0)) and said[child] >= _NEARLY_ALL * said[box] and layout.tags[child] not in _PARAGRAPHS
    ):
        box = child
    return _spans(layout)[box]


def _said(layout: Layout, sections: Sections) -> list[float]:
    """The running text of each element that stands in no section, in characters."""
    said = [0.0] * len(layout.parents)
    for piece, section, running in zip(layout.pieces, sections, _running(layout), strict=True):
        if section is Section.MAIN:
            said[piece.box] += running
    for box in range(len(said) - 1, 0, -1):
        said[layout.parents[box]] += said[box]
    return said


def _spans(layout: Layout) -> list[tuple[int, int]]:
    """For each element its first piece, and the one behind its last; none at all where it holds none."""
    count = len(layout.pieces)
    spans = [(count, 0)] * len(layout.parents)
    for at, piece in enumerate(layout.pieces):
        start, _ = spans[piece.box]
        spans[piece.box] = (min(start, at), at + 1)
    for box in range(len(spans) - 1, 0, -1):
        outer = layout.parents[box]
        spans[outer] = (min(spans[outer][0], spans[box][0]), max(spans[outer][1], spans[box][1]))
    return spans


def _mark_round_forms(layout: Layout, sections: Sections) -> None:
    """A few lines in one element with a form speak of it."""
    if "form" not in layout.tags:
        return
    spans, said = _spans(layout), _said(layout, sections)
    for box in {layout.parents[form] for form, tag in enumerate(layout.tags) if tag == "form"}:
        if box and said[box] < _LITTLE * said[0]:
            _mark(sections, range(*spans[box]), Section.FORM)


def _mark_writers(layout: Layout, sections: Sections, authors: Collection[str]) -> None:
    """Lines at the end that begin with an author's name, in an element of their own, tell of the author."""
    names = tuple(author.casefold() for author in authors if " " in author)
    main = [at for at, section in enumerate(sections) if section is Section.MAIN and layout.pieces[at].prose]
    held: Counter[int] = Counter()
    for at in main:
        held[_outer(layout, at)] += 1
    for at in main[-_LAST:] if names else ():
        if layout.pieces[at].text.casefold().startswith(names) and held[_outer(layout, at)] < len(main) / 2:
            sections[at] = Section.ASIDE


def _outer(layout: Layout, at: int) -> int:
    return layout.parents[layout.pieces[at].box]


def _mark_ruled_off(layout: Layout, sections: Sections) -> None:
    """A few lines that are set off by drawn lines from a text that has none within."""
    pieces = layout.pieces
    ends = [0, *sorted(set(layout.rules)), len(pieces)]
    parts = [range(start, end) for start, end in pairwise(ends)]
    said = [sum(pieces[at].prose for at in part if sections[at] is Section.MAIN) for part in parts]
    main = max(range(len(parts)), key=said.__getitem__)
    if said[main] < _NEARLY_ALL * sum(said):
        return
    for number, part in enumerate(parts):
        if number != main and said[number] < _LITTLE * said[main]:
            lines = (at for at in part if pieces[at].kind is not BlockKind.HEADING)
            _mark(sections, lines, Section.HEADER if number < main else Section.FOOTER)


def _mark_teasers(layout: Layout, sections: Sections, head: int | None) -> None:
    """An element that begins with a heading which is a link tells of another article."""
    pieces = layout.pieces
    spans, said = _spans(layout), _said(layout, sections)
    before = list(accumulate((piece.prose for piece in pieces), initial=0.0))
    marked: set[int] = set()
    for at, piece in enumerate(pieces):
        if at == head or piece.kind is not BlockKind.HEADING or not _leads_away(piece):
            continue
        box = piece.box
        while box and spans[box] == (at, at + 1):
            box = layout.parents[box]
        if box not in marked and said[box] < _SHARE * said[0] and before[spans[box][0]] == before[at]:
            marked.add(box)
            _mark(sections, range(*spans[box]), Section.ASIDE)
    if head is not None and sections[head] is Section.ASIDE and marked:
        sections[head] = Section.MAIN


def _mark(sections: Sections, places: Iterable[int], section: Section) -> None:
    """Those that still count as the article's."""
    for at in places:
        if sections[at] is Section.MAIN:
            sections[at] = section


# --- by what stands beside ------------------------------------------------------------------------


def _mark_beside(pieces: Sequence[Piece], sections: Sections) -> None:
    if len([piece for piece in pieces if piece.links > _LINKS]) >= _LIST:
        _mark_lists(pieces, sections)
    if sections.count(Section.MAIN) < len(sections):
        _mark_headings(pieces, sections)


def _leads_away(piece: Piece) -> bool:
    return piece.links > _LINKS and piece.kind is not BlockKind.CODE


def _mark_lists(pieces: Sequence[Piece], sections: Sections) -> None:
    """Several lines in a row that are links: a menu, whatever holds it."""
    main = (at for at, section in enumerate(sections) if section is Section.MAIN)
    for away, run in groupby(main, key=lambda at: _leads_away(pieces[at])):
        found = list(run) if away else []
        if len(found) >= _LIST:
            _mark(sections, found, Section.NAV)


def _mark_headings(pieces: Sequence[Piece], sections: Sections) -> None:
    """A heading belongs to what it heads, where none of that is the article's."""
    follows: Section | None = None  # of what stands between here and the next heading
    for at in range(len(pieces) - 1, -1, -1):
        section = sections[at]
        if section is None:
            continue
        if section is Section.MAIN and pieces[at].kind is BlockKind.HEADING:
            if follows and follows is not Section.MAIN:
                sections[at] = follows
            follows = None
        elif follows is not Section.MAIN:
            follows = Section.MAIN if section is Section.MAIN else follows or section
