"""pure: text -> its words, as spans (offsets).

A word is a run of letters and digits with the marks on them. Hyphens, `& / . _` and apostrophes end one, but: dotted
acronyms are one word (U.S.), n't stays (don't), a possessive 's is left out, thousands are joined (18,000), the signs
of C++, C# and .NET are kept; a Turkish ending behind a name's apostrophe is left out (Ankara'da), a Ukrainian
apostrophe stays (п'ять). Each character of a script without spaces is a word, so that a query word of several is a run
of them. White space is never inside a word, and of what is on its other side no word knows.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

Range = tuple[int, int]
"""Start and end offset, in code points."""

_MARK_BLOCKS = (range(0x300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0xFB1F), range(0xFE00, 0xFE30))
_MARKS = "".join(chr(c) for block in _MARK_BLOCKS for c in block if unicodedata.category(chr(c))[0] == "M")
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Soft hyphen, zero widths, and what says in which direction to write."""
_HALF_MARKS = "\uff9e\uff9f"  # of voice, behind half-width kana
_M = f"[{_MARKS}{_HALF_MARKS}{_UNSEEN}]"
_UNSPACED = (  # letters of Thai, Lao, Myanmar and Khmer; Chinese and Japanese
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd\u0ec0-\u0ec6\u0edc-\u0edf"
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e\u1780-\u17b3\u17d7"
    "\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_L = rf"[^\W_ʼ{_HALF_MARKS}{_UNSPACED}]"  # a letter or digit
_LETTER = rf"[^\W\d_ʼ{_HALF_MARKS}{_UNSPACED}]"
_W = rf"{_L}+(?:{_M}{_L}*)*"
_Q = "['’ʼ‘＇‛′´`]"
_STOP = rf"(?!{_L}|{_M}{_L})"
_JOINED = f"(?<=[\u0400-\u04ff]){_Q}(?=[яюєїіеёЯЮЄЇІЕЁ])"
_CAPITAL = "[A-ZÇĞİÖŞÜ]"
_BARE_ENDING = rf"(?<![aeıioöuüAEIİOÖUÜ]){_Q}[aeıiuü]"
_ENDING = (
    "[yn][aeıiuü]|[yn]?[ıiuü]n|[dt][ae](?:n|ki)?|nd[ae]n?|y?l[ae]|[ls][ıiuü]|c[ae]|ki|[dt][ıiuü]r|y[dt][ıiuü]"
    "|l[ae]r(?:[ıiuü]n?|[ae]|d[ae]n?)?"
)
_TURKISH = (  # the endings of nouns, as one is written behind a name, a number or capitals
    rf"(?:(?<={_L}{{3}})|(?<=\d)|(?<={_CAPITAL}{{2}}))"
    rf"(?:(?:{_BARE_ENDING}|{_Q}(?:{_ENDING}))|(?<={_CAPITAL}{{2}})(?i:{_BARE_ENDING}|{_Q}(?:{_ENDING}))){_STOP}"
)

_TOKEN = rf"""(
    {_LETTER}(?:\.{_LETTER})+{_STOP}\.?               # U.S.
  | \d{{1,3}}(?:,\d{{3}})+(?!\d)(?:{_W})?             # 18,000
  | (?:(?P<name>{_CAPITAL}|\d)|{_L}){_L}*(?:{_M}{_L}*)*(?:{_JOINED}{_W})*
    (?:(?<=[nN]){_Q}[tT]{_STOP}|(?:\+\+|\#){_STOP})?
  | [{_UNSPACED}]{_M}*
  | (?<![^\s("'“‘\[])\.(?:[A-Z]{{2,4}}|[a-z]{{2,4}}){_STOP}  # .NET
)(?:(?={_Q})(?:{_Q}[sS]{_STOP}|(?(name){_TURKISH}|(?!))))?"""


@cache
def token() -> re.Pattern[str]:
    """Made when the first text is cut: most commands cut none, and it takes 50 ms."""
    return re.compile(_TOKEN, re.VERBOSE)


def spans(text: str, start: int = 0, end: int | None = None) -> list[Range]:
    """Where the words stand, in order; `text[start:end]` is a word's surface. Start and end leave out whole pieces."""
    return [m.span(1) for m in token().finditer(text, start, len(text) if end is None else end)]
