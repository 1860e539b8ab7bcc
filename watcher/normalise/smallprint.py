"""pure: an article's last paragraph -> whether it is a site's small print, or an offer to its readers.

Rights, terms, whose opinions they are, where a text stood first: set phrases, in six languages, that have to begin the
paragraph or to be a sentence of it. Of worth at the very end only.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_offer", "is_small_print"]

_LONGEST = 300  # code points: none is longer
_SMALL_PRINT = re.compile(
    r"""
    \b(?:can\ unsubscribe(?:\ at\ any\ time)?|unsubscribe\ at\ any\ time)
      (?:\s*[.!;)]|\s+(?:by|via|with|using|from|in)\b|\s*\Z)
    | \bprotected\ by\ recaptcha\b
    | \b(?:all\ rights\ reserved|alle\ rechte\ vorbehalten|todos\ los\ derechos\ reservados|tous\ droits\ réservés
      |все\ права\ защищены|(?:جميع|كل)\ الحقوق\ محفوظة)(?:\s*[.!;:|·)©]|\s+(?:by|to|worldwide|لـ?)\b|\s*\Z)
    | ^(?:the\ )?(?:views|opinions)\ (?:and\ \w+\ )?expressed\b.*\b(?:author|writer|contributor)
    | \b(?:views|opinions)\b.*\bdo(?:es)?\ not\ necessarily\ (?:reflect|represent)\b
    | \bno\ reflejan?\ necesariamente\ .{0,20}\b(?:opini|posici|punto)
    | \bne\ reflète(?:nt)?\ pas\ nécessairement\ .{0,20}\b(?:avis|opinion|position|point)
    | \bn['’]engage(?:nt)?\ que\ (?:leurs?|son|ses)\ auteur
    | \bnicht\ (?:unbedingt|notwendigerweise|zwingend)\ die\ (?:meinung|ansicht)\w*\ (?:der\ redaktion|de[sr]\ autor)
    | \bмнение\ (?:автора|редакции)\b.*\bне\ совпадать\b | \bلا\ (?:تعبر|يعبر)\ بالضرورة\ عن\ (?:رأي|آراء|وجهة)
    | ^(?:no\ part\ of\ this|reproduction|republication|nachdruck)\b.*\b(?:permission|consent|prohibited|genehmigung)\b
    | ^this\ (?:article|story|post|piece|text|interview)\ (?:was\ |is\ |has\ been\ )?(?:first\ |originally\ |also\ )*
      (?:published|appeared|republished|translated)\ (?:by|on|at|from|with|under|in\ (?:the\ )?(?-i:[A-Z]))
    | ^this\ (?:article|story|post|page)\ (?:has\ been|was|is\ being|will\ be)\ updated\W*\Z
    | ^diese[rs]\ (?:artikel|text|beitrag|interview|stück)\ (?:ist\ |wurde\ |erschien\ )?
      (?:zuerst|erstmals|ursprünglich)\b
    | ^este\ (?:artículo|texto|reportaje)\ (?:fue\ publicado|se\ publicó|apareció)
      \ (?:originalmente|primero|por\ primera)\b
    | ^cet\ (?:article|entretien)\ (?:est|a)\ (?:d['’]abord|initialement)\b
    | \bby\ (?:signing\ up|subscribing|clicking|continuing)\b.*
      \byou\ (?:\w+\ ){0,2}(?:agree|accept|consent|confirm|acknowledge)
    | \b(?:we\ use|(?:this|our|the)\ (?:web)?site\ uses)\ cookies(?:\s*[.!,]|\s+(?:to|for|on|and|in|as|that|so)\b|\Z)
    | ^(?:©|\(c\)\ |copyright\W{0,3}(?:©|\(c\)|\d{4}|by\b|of\b|(?-i:[A-Z])|\Z))
    | ^the\ post\ .+\ (?:appeared\ first|first\ appeared)\ on\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SMALL_PRINT_WORDS = (
    *("unsubscribe", "rights", "recaptcha", "signing", "subscribing", "clicking", "continuing", "cookies"),
    *("copyright", "(c)", "the post", "views", "opinions", "vorbehalten", "reservados", "refleja", "engage"),
    *("meinung", "ansicht", "no part of", "reproduction", "republication", "nachdruck", "this ", "dieser ", "dieses "),
    *("este ", "cet "),
)
"""One of these is in each text of ASCII that _SMALL_PRINT finds something in, in small letters."""
_OFFER = re.compile(
    r"""
    (?:please\ )?(?:sign\ up|subscribe)\ (?:to|for)\ (?:our|my)\b | follow\ us\ on\b | click\ here\ (?:to|for)\b
    | thank(?:s|\ you)\ for\ (?:reading|subscribing|supporting)\b
    | (?:keep|stay)\ (?:up[-\ ]to[-\ ]date|informed)\ with\b | (?:\S+\ ){0,4}newsletter\b.*\binbox\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_small_print(text: str) -> bool:
    """What sites put under every article: cookies, terms, rights."""
    return len(text) <= _LONGEST and _is_small_print(text)


@lru_cache(1 << 9)  # as in voice
def _is_small_print(text: str) -> bool:
    return _may_be_small_print(text) and bool(_SMALL_PRINT.search(text))


def is_offer(text: str) -> bool:
    """What a site offers to send or to show its readers. Below advice to them it is none."""
    return len(text) <= _LONGEST and bool(_OFFER.match(text))


def _may_be_small_print(text: str) -> bool:
    """Far quicker than to try what needs an end of a word at each of its places."""
    if not text.isascii():
        return True
    small = text.lower()
    return any(map(small.__contains__, _SMALL_PRINT_WORDS))
