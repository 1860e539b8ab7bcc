"""pure: a finding's code -> what it means, an example and how to mend it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """What `watcher explain E104` tells. `example` is wrong, `mended` the same put right; in a rule where not said."""

    code: str
    title: str
    means: str
    example: str
    mended: str


def about(code: str) -> Code | None:
    """The code as written by anybody, in any case; None for one that does not exist."""
    return CODES.get(code.strip().upper())


_CODES = (
    # --- the file
    Code(
        "E001",
        "this is not YAML",
        "The file cannot be read: its indentation or quotes are wrong, it has a feature of YAML that is not used here"
        " (an anchor, an alias, a tag, a merge key, a second document), it is not UTF-8, or it is too big. A value that"
        " starts with one of \" ' @ * & ! [ { % or a backtick means something to YAML: write it as a block with `|`.",
        "match: @us AND Tikrit",
        "match: |\n  @us AND Tikrit",
    ),
    Code(
        "E002",
        "a key is given twice",
        "Nobody knows which of the two was meant, so the rule is left out.",
        "match: Tikrit\nmatch: Mosul",
        "match: Tikrit OR Mosul",
    ),
    Code(
        "E003",
        "there is no such key",
        "A key is misspelled, or stands at the wrong depth.",
        "severty: high",
        "severity: high",
    ),
    Code(
        "E004",
        "a value of the wrong kind",
        "A list stands where text must, a word where only some are known, or a key is missing.",
        "severity: urgent",
        "severity: critical",
    ),
    Code(
        "E005",
        "YAML took a part of the text for a comment",
        "Behind a blank, `#` starts a comment. With one blank before it and a word touching it, or an operator behind"
        " it, the text was meant, and the rule would look for less than is written. A comment has two blanks before"
        " its `#`.",
        "match: C #1 AND pay",
        "match: 'C \"#1\" AND pay'",
    ),
    Code(
        "E006",
        "a tab",
        "YAML is indented with spaces only; a tab looks the same and means nothing.",
        "\tmatch: Tikrit",
        "match: Tikrit",
    ),
    Code(
        "E010",
        "two rules have the same id",
        "History and alerts belong to an id, over all files. The first rule keeps it, the other is left out.",
        "- {id: strikes, match: Tikrit}\n- {id: strikes, match: Mosul}",
        "- {id: strikes-tikrit, match: Tikrit}\n- {id: strikes-mosul, match: Mosul}",
    ),
    Code(
        "E011",
        "a feed is listed twice",
        "Two feeds of the configuration have the same id or the same address.",
        "feeds: [https://a.example/feed, https://a.example/feed]",
        "feeds: [https://a.example/feed]",
    ),
    Code(
        "E012",
        "two channels have the same name",
        "History and waiting alerts belong to a channel's name; each has its own.",
        "channels: [{name: desk, url: 'console://'}, {name: desk, url: 'json://a.example'}]",
        "channels: [{name: desk, url: 'console://'}, {name: web, url: 'json://a.example'}]",
    ),
    Code(
        "E013",
        "fallback channels lead back to themselves",
        "What one channel cannot deliver is told on its fallback; where that falls back on the first again, both are"
        " silent together.",
        "channels: [{name: desk, url: ..., fallback: desk}]",
        "channels: [{name: desk, url: ..., fallback: mail}]",
    ),
    Code(
        "E021",
        "no channel is named or tagged so",
        "`notify` lists names or tags of channels, as the configuration has them. A comma inside one name is a list"
        " that lacks its brackets.",
        "notify: 'desk, oncall'",
        "notify: [desk, oncall]",
    ),
    Code(
        "E022",
        "no feed is named or tagged so",
        "A scope or an absence lists ids of feeds, or `tag:` and a tag that a feed has.",
        "scope: {feeds: [wire]}",
        "scope: {feeds: [wires, 'tag:iraq']}",
    ),
    Code(
        "E023",
        "there is no such vocabulary entry",
        "A name behind `@` is defined in `vocab:` of this file or of a file that `use:` lists. What those use in turn"
        " is not seen. An entry that is itself wrong cannot be used either.",
        "match: '@airstirke AND Tikrit'",
        "match: '@airstrike AND Tikrit'",
    ),
    Code(
        "E024",
        "a circle",
        "Vocabulary entries, or files, lead back to themselves: what they mean would never end.",
        "vocab: {raid: {match: '@strike'}, strike: {match: '@raid'}}",
        "vocab: {raid: {match: 'raid OR @strike'}, strike: {match: strike}}",
    ),
    Code(
        "E025",
        "keys that do not go together",
        "A rule says what to look for in one way: an expression, lists, or an absence. A test's item is a file or"
        " spelled out. A rule has a title or an id.",
        "match: Tikrit\nany: [strike, raid]",
        "match: Tikrit AND (strike OR raid)",
    ),
    Code(
        "E026",
        "a vocabulary name is defined twice",
        "An entry has one meaning. To change one that comes from a used file, say `override: true`.",
        "use: [core-en.yaml]\nvocab: {us: {match: America}}",
        "use: [core-en.yaml]\nvocab: {us: {match: America, override: true}}",
    ),
    Code(
        "E027",
        "a template names what there is not",
        "A template holds `{name.field}` of the alert, its rule and its item; it runs nothing. Braces themselves are"
        " doubled.",
        "template: {title: '{item.titel}'}",
        "template: {title: '{item.title}'}",
    ),
    Code(
        "E030",
        "a file or folder cannot be read",
        "It is not there, or the watcher's user may not read it. A link may lead to nothing.",
        "rules: [../rulse]",
        "rules: [../rules]",
    ),
    Code(
        "E031",
        "a secret is not set",
        "The configuration refers to a secret that has no value here. `check` notes it, `run` does not start.",
        "url: ${env:SLACK_URL}",
        "export SLACK_URL=...  before the watcher is started",
    ),
    Code(
        "E032",
        "a reference to a secret is wrong",
        "It is `${env:NAME}`, `${file:PATH}` or `${cred:NAME}`, and its value is one line of text.",
        "url: ${SLACK_URL}",
        "url: ${env:SLACK_URL}",
    ),
    Code(
        "E033",
        "a channel's URL cannot be used",
        "The service does not know what the URL says; its own reason is shown.",
        "url: mailto://",
        "url: mailto://user:${env:MAIL_PASSWORD}@mail.example?to=desk@news.example",
    ),
    # --- the expression
    Code(
        "E101",
        "nothing to look for",
        "An expression, a phrase, a regular expression or a pair of parentheses is empty, or holds no word.",
        "match: Tikrit AND ()",
        "match: Tikrit",
    ),
    Code(
        "E102",
        "an operator without what it is for",
        "AND, OR and NEAR stand between two parts, NOT and a field before one.",
        "match: Tikrit AND",
        "match: Tikrit AND Mosul",
    ),
    Code(
        "E103",
        "an operator in lower case, or of another language, or a sign that looks like another",
        "Operators are upper case: AND, OR, NOT, NEAR/5, EXCEPT. In lower case they would be words to look for; for"
        " the word itself, quote it. So are &&, |, ! and w/5 of other languages told, wide signs like （ and ：, long"
        " dashes, and characters that cannot be seen and come along when text is copied.",
        "match: US and Iran",
        "match: US AND Iran",
    ),
    Code(
        "E104",
        "never closed",
        "A parenthesis, a quote or the `/` of a regular expression is opened and not closed.",
        "match: (airstrike OR bombing AND Tikrit",
        "match: (airstrike OR bombing) AND Tikrit",
    ),
    Code(
        "E105",
        "a `)` or a comma that means nothing here",
        "A closing parenthesis needs one that is opened before. Commas stand only in `2 OF (a, b, c)`.",
        "match: airstrike OR bombing) AND Tikrit",
        "match: (airstrike OR bombing) AND Tikrit",
    ),
    Code(
        "E106",
        "two operators in a row",
        "One of them is too many.",
        "match: airstrike AND OR Tikrit",
        "match: airstrike AND Tikrit",
    ),
    Code(
        "E107",
        "an operator without its number",
        "NEAR/5, ONEAR/5, ATLEAST/2, FIRST/50 and 2 OF (a, b, c) say how many words, times or parts, from 1 to 9999;"
        " NEAR/S is the same sentence, NEAR/P the same paragraph. NEAR stands between what it joins.",
        "match: drone NEAR strike",
        "match: drone NEAR/5 strike",
    ),
    Code(
        "E108",
        "something without a place where a place is needed",
        "NEAR, EXCEPT, ATLEAST, ASSERTED, NEGATED and ACTUAL work on places in the text. AND, NOT and `n OF` are true"
        " or false of the whole and have none.",
        "match: drone NEAR/5 (strike AND base)",
        "match: drone NEAR/5 strike AND drone NEAR/5 base",
    ),
    Code(
        "E109",
        "a field inside a field",
        "A word stands in one field at a time.",
        "match: 'title:(Tikrit body:strike)'",
        "match: 'title:Tikrit body:strike'",
    ),
    Code(
        "E110",
        "there is no such field",
        "Fields are any, title, lead, summary, body, author, feed, site, url, tag, lang and raw. A web address or a"
        " time in an expression is quoted.",
        "match: 'tilte:Tikrit'",
        "match: 'title:Tikrit'",
    ),
    Code(
        "E111",
        "no date, time, duration or size",
        "A duration is 30s, 5m, 2h or 1d; a size 64KiB or 10MiB; a date 2015, 2015-03 or 2015-03-25, a range of dates"
        " has two dots; hours are like mon-fri 07:00-22:00 Europe/London, a time of day like 08:00. A time zone has a"
        " name like Europe/London.",
        "throttle: 5 minutes",
        "throttle: 5m",
    ),
    Code(
        "E112",
        "only negative",
        "The rule says only what must not be there, and almost every item would match.",
        "match: -football",
        "match: feed:wires -football",
    ),
    Code(
        "E113",
        "a `*` or `~` at the wrong place",
        "`*` stands at the end of a word with three letters or more before it; `~` stands for every form of a word."
        " There is no fuzzy search: spellings of a name are vocabulary.",
        "match: mi*",
        "match: milit*",
    ),
    Code(
        "E114",
        "an operator in a plain list",
        "The entries of lists are plain words and are looked for as they are. Expressions stand behind `match:`.",
        "any: [strike OR raid]",
        "any: [strike, raid]",
    ),
    Code(
        "E115",
        "a regular expression is wrong",
        "RE2 reads them: no looking ahead or behind, no reference back to a group. The flags behind it are i, m and s."
        " In feed:, site: and lang: stand names, which no regular expression searches.",
        r"match: /CVE-(\d+/",
        r"match: /CVE-(\d+)/",
    ),
    Code(
        "E116",
        "a regular expression is too big",
        "A pattern has at most 4 KiB, and what RE2 makes of it at most 8 MiB.",
        r"match: /\pL{1000}/",
        r"match: /\pL{3,30}/",
    ),
    Code(
        "E117",
        "more than there are",
        "`n OF (...)` asks for none, or for more parts than are listed.",
        "match: 4 OF (drone, missile, rocket)",
        "match: 2 OF (drone, missile, rocket)",
    ),
    Code(
        "E119",
        "too big",
        "The expression is too long, or too deep, or is so with its vocabulary spelled out.",
        "match: ((((... a ...))))",
        "vocab: {part: {match: ...}}  and  match: '@part'",
    ),
    # --- what can be used and is worth a look
    Code(
        "W030",
        "a feed's folder is not there",
        "It may come yet; until then the feed fails.",
        "feeds: [../sedes]",
        "feeds: [../seeds]",
    ),
    Code(
        "W031",
        "a password or secret stands in the configuration",
        "Keep it outside of the file, which is shared and copied.",
        "url: mailto://user:secret@mail.example",
        "url: mailto://user:${env:MAIL_PASSWORD}@mail.example  and of a feed  auth: basic ${env:NAME}",
    ),
    Code(
        "W201",
        "AND and OR are mixed without parentheses",
        "AND binds tighter, which is not how everybody reads it. Both readings are shown. An error under --strict.",
        "match: US OR airstrikes AND Tikrit",
        "match: (US OR airstrikes) AND Tikrit",
    ),
    Code(
        "W202",
        "this can never match",
        "What it asks for excludes itself: a word and its NOT, two feeds at once, dates that have no day in common,"
        " fields in one sentence that never share one; or nothing is named so: a site is a host such as bbc.co.uk, a"
        " language a code such as en.",
        "match: site:bbc.co.uk AND site:reuters.com",
        "match: site:bbc.co.uk OR site:reuters.com",
    ),
    Code(
        "W203",
        "a part that says nothing",
        "It is always true; or EXCEPT takes nothing away, for what stands behind it holds no word of what stands before"
        " it; or, as a note, an alternative is there twice or asks for more than another.",
        "match: strike OR (strike AND Tikrit)",
        "match: strike AND Tikrit",
    ),
    Code(
        "W204",
        "`(i?)` was written for `(?i)`",
        "`(i?)` finds the letter i or nothing. Where case does not matter, write /.../i.",
        "match: /(i?)tikrit/",
        "match: /tikrit/i",
    ),
    Code(
        "W206",
        "an acronym in lower case",
        "The word is read as the word itself, not as the vocabulary entry, whose forms are capitals.",
        "match: us airstrikes",
        "match: US airstrikes",
    ),
    Code(
        "W207",
        "stored items spell it joined, or apart",
        "Texts that came have another spelling of this word. A hyphen finds all three.",
        "match: airstrike",
        "match: air-strike",
    ),
    Code(
        "W209",
        "no positive or no negative test",
        "Every test of the rule expects a match, or none does: a rule that always says so would pass.",
        "tests: [{title: Strike in Tikrit, expect: match}]",
        "tests: [{title: Strike in Tikrit, expect: match}, {title: Strike of teachers, expect: no match}]",
    ),
    Code(
        "W210",
        "silent for 30 days",
        "The rule matched nothing that came in that time. Is a word misspelled, a part too many?",
        "match: airstriks AND Tikrit",
        "match: airstrikes AND Tikrit",
    ),
    Code(
        "W211",
        "noisy",
        "The rule matches so often that nobody will read it, or asks for nothing but words that stand in almost every"
        " text. Ask for more, or look into fewer feeds.",
        "match: strike",
        "match: strike AND Tikrit",
    ),
    Code(
        "W212",
        "the same as another rule",
        "It finds the same in the same items: everything is told twice.",
        "- {id: one, match: Tikrit, notify: [desk]}\n- {id: two, match: Tikrit, notify: [oncall]}",
        "- {id: one, match: Tikrit, notify: [desk, oncall]}",
    ),
    Code(
        "W215",
        "lines with no operator between them",
        "They are read as AND; a list of alternatives needs OR.",
        "match: |\n  airstrike\n  bombing",
        "match: |\n  airstrike\n  OR bombing",
    ),
    Code(
        "W216",
        "a field or an operator that covers only the first of several words",
        "`title:`, `author:` and the other fields, NOT, FIRST and ATLEAST hold for what they stand before; NEAR and"
        " EXCEPT join what stands right beside them. Words that belong together are a phrase or in parentheses.",
        "match: 'title:air strike'",
        "match: 'title:\"air strike\"'",
    ),
    Code(
        "W217",
        "several words in single quotes",
        "Single quotes are apostrophes, as in don't and O'Brien. Only double quotes hold words together: here each word"
        " is looked for by itself, anywhere.",
        "match: fire AND 'Tikrit Street'",
        "match: '\"Tikrit Street\" fire'",
    ),
    Code(
        "W218",
        "a sign or word of another query language",
        "It means nothing here and is read as a word, or dropped: +word, word;, [a OR b], str?ke, %word%, word^2,"
        " \\bword\\b, ODER, XOR, ADJ, WITHOUT, ATLEAST without its number. For the text itself, quote it.",
        "match: Tikrit WITHOUT football",
        "match: Tikrit NOT football",
    ),
)
CODES: Mapping[str, Code] = {code.code: code for code in _CODES}
"""Every code there is, in order."""
