"""pure: an article's paragraphs -> those at its edges in which the site speaks, and why.

From the end upwards, and from the start downwards, paragraphs are left out as long as several signs together say that
the site speaks (normalise/voice.py), that it presents the writer, or tells of rights and terms. A paragraph of fewer
signs goes with a surer one beside it. Amidst the article only what is beyond doubt is left out. An article whose other
paragraphs speak to the reader too, such as advice or a column, needs as much at its edges; so does one of which little
would be left. Whoever the article is about is not its writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from watcher.model import Role
from watcher.normalise import bylines, smallprint, voice
from watcher.normalise.wording import PLAIN

__all__ = ["Left", "left_out"]

_SHARE = 1 / 3  # of the other paragraphs, from which an article speaks to its reader; and of the text that must be left
_HEARD = 12  # other paragraphs that are listened to, and below which nobody is presented
_INSET = 240  # code points: no box amidst an article has a longer paragraph
_ABOVE = 2  # paragraphs above what is surely the site's that may go with it

_SPEAKS = "speaks of the site to its readers"
_PRESENTS = "presents the writer"
_FOOTER = "is a footer of the site"
_NAMES = "names the writer"
_IN_ANY_CASE = frozenset((_PRESENTS, _NAMES))
_BEYOND_DOUBT = voice.CERTAIN + 1


class Left(NamedTuple):
    """What a paragraph is that is left out."""

    role: Role
    why: str


class _Heard(NamedTuple):
    points: int
    why: str = _SPEAKS
    role: Role = Role.BOILERPLATE


_NOTHING = _Heard(0)


def left_out(texts: Sequence[str], title: str = "") -> dict[int, Left]:
    """By their number those paragraphs of the body that are no part of the article; never the only one."""
    found = _above(texts)
    found.update(_below(texts, len(found), title))
    found.update(_amidst(texts, found))
    if not found or not _needs_more(texts, found):
        return {at: Left(heard.role, heard.why) for at, heard in found.items()}
    return {at: Left(heard.role, heard.why) for at, heard in _certain(found).items()}


def _above(texts: Sequence[str]) -> dict[int, _Heard]:
    found: dict[int, _Heard] = {}
    for at, text in enumerate(texts[:-1]):
        points = voice.points(text, voice.SURE)
        if points < voice.SURE:
            break
        found[at] = _Heard(points)
    return found


def _below(texts: Sequence[str], first: int, title: str) -> dict[int, _Heard]:
    """The run of such paragraphs at the end; what has few signs counts where it is beside one that has enough."""
    run: list[tuple[int, _Heard]] = []
    below = ""
    for at in range(len(texts) - 1, first, -1):
        heard = _heard(texts[at], below)
        if heard.why is _PRESENTS and (len(run) > _HEARD or _is_subject(voice.name(texts[at]), [title, *texts[:at]])):
            break
        if heard.points < voice.PERHAPS:
            break
        run.append((at, heard))
        below = texts[at] + "\n" + below
    sure = max((number for number, (_, heard) in enumerate(run) if heard.points >= voice.SURE), default=None)
    if sure is None:
        return {}
    above = [pair for pair in run[sure + 1 : sure + 1 + _ABOVE] if _goes_with(pair[1], texts[pair[0]])]
    return dict([*run[: sure + 1], *above])


def _goes_with(heard: _Heard, text: str) -> bool:
    """Whether a paragraph of few signs above a sure one is the site's too: it tells of nobody and of no figures."""
    return heard.role is Role.BYLINE or not _TELLS.search(text)


_FIGURE = re.compile(r"\d")
_TELLS = re.compile(r"\d|\w[\w,;]* [^\W\d_a-z]\w+")
"""A figure, or a capital inside a sentence."""


def _heard(text: str, below: str) -> _Heard:
    """What one paragraph at the end is, by itself and what stands below it."""
    if smallprint.is_small_print(text):
        return _Heard(_BEYOND_DOUBT, _FOOTER)
    if smallprint.is_offer(text):
        return _Heard(voice.SURE, _FOOTER)
    who, counted = voice.about(text)
    if counted or (who and below):
        return _Heard(voice.SURE if counted else voice.PERHAPS, _PRESENTS)
    if below and bylines.is_name(text) and text in below:
        return _Heard(voice.SURE, _NAMES, Role.BYLINE)
    if points := voice.presents(text):
        return _Heard(points, _PRESENTS)
    return _Heard(voice.points(text))


def _is_subject(name: str, others: Sequence[str]) -> bool:
    """Whether the article tells of who has that name: the family name stands elsewhere than in a byline."""
    family = re.compile(rf"\b{re.escape(name.rpartition(' ')[2])}\b")
    told = (other for other in others if family.search(other))
    return bool(name) and any(not bylines.is_name(other) and not voice.about(other)[0] for other in told)


def _amidst(texts: Sequence[str], known: dict[int, _Heard]) -> dict[int, _Heard]:
    insets = [at for at in range(1, len(texts) - 1) if len(texts[at]) <= _INSET and at not in known]
    if PLAIN.isdisjoint(" ".join([texts[at] for at in insets]).lower().split()):  # as in most articles
        return {}
    return {
        at: _Heard(points)
        for at in insets
        if not PLAIN.isdisjoint((text := texts[at]).lower().split())
        and (points := voice.points(text, voice.INSIDE)) >= (voice.CERTAIN if _FIGURE.search(text) else voice.INSIDE)
    }


def _needs_more(texts: Sequence[str], found: dict[int, _Heard]) -> bool:
    """Whether the article itself speaks like a site, or little would be left of it."""
    others = [text for at, text in enumerate(texts) if at not in found]
    size = sum(map(len, others))
    if size < _SHARE * (size + sum(len(texts[at]) for at in found)):
        return True
    heard = others[:_HEARD]
    return sum(map(voice.addresses, heard)) >= max(1, _SHARE * len(heard))


def _certain(found: dict[int, _Heard]) -> dict[int, _Heard]:
    return {at: heard for at, heard in found.items() if heard.points >= _BEYOND_DOUBT or heard.why in _IN_ANY_CASE}
