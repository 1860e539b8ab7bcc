"""pure: language -> what in a sentence tells that something is not told as fact, and how far that reaches.

A cue is written as words: `a|b` either, `a?` may be left out, `a~` every inflection of an English word. What is found is
the longest cue; a contracted n't reads as `not`, 'll as `will`. A language is one `Language`: another is one more entry
in LANGUAGES.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

from watcher.text.inflect import inflections
from watcher.text.paradigms import IRREGULAR_VERBS

Kind = Literal["negated", "hypothetical", "conditional", "threatened", "planned", "forecast", "demanded", "rehearsed"]

Reach = Literal["clause", "on", "phrase", "noun", "object", "denial", "report", "subject", "whole", "none"]
"""What a cue covers, besides itself:

clause   its subject and what follows in the clause: "X has not [...]", "X may [...]"
on       what follows, to the end of the clause: "nobody [...]", "denied that [...]"
phrase   what follows, up to a finite verb: "plans to [...]", "without [...]"
noun     the noun it stands before: "a possible [...]"
object   as phrase; in the passive the subject: "averted [...]", "[...] was averted"
denial   as on and object, but of guilt only the word, and nothing of what can be denied to somebody
report   as denial, but only of reports, claims and the like: "dismissed rumours that [...]"
subject  what stands before it: "[...] was a hoax"
whole    the clause to both sides
none     nothing: a look-alike
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """`kind` is None for a cue that only turns a negation over; `turned` says what is left when a negation governs it."""

    kind: Kind | None
    reach: Reach
    turns: bool = False
    turned: Kind | None = None
    bare: bool = False  # the words alone do not tell: looked at with what stands before and behind
    clears: bool = False  # what it covers is as it says, whatever is denied around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """All words folded, contractions taken apart."""

    cues: Mapping[str, tuple[tuple[tuple[str, ...], Cue], ...]]  # by first word, the rest, longest first
    auxiliaries: frozenset[str]  # may stand between a subject and its negation
    modals: frozenset[str]  # what follows is no finite verb
    finite: frozenset[str]  # always the verb of a clause
    said: frozenset[str]  # verbs that tell who said it
    past_ending: str
    gerund_ending: str
    adverb_ending: str
    adverbs: frozenset[str]
    stops: frozenset[str]  # end a scope
    relatives: frozenset[str]
    complementers: frozenset[str]  # "that", where it does not start a relative clause
    takes_that: frozenset[str]  # behind these it does not
    facts: frozenset[str]  # what they say is so, whatever is denied of themselves: "did not know that"
    endings: frozenset[str]  # ended, or reacted to: what follows them is so
    conjunctions: frozenset[str]
    passing: frozenset[str]  # prepositions that a scope passes
    prepositions: frozenset[str]
    definite: frozenset[str]  # determiners of what is known to be
    articles: frozenset[str]
    happening: frozenset[str]  # verbs that bring their subject about
    reports: frozenset[str]  # nouns for what somebody tells
    guilt: frozenset[str]  # denied, they deny nothing of what they are about
    granted: frozenset[str]  # can be denied to somebody
    passives: frozenset[str]
    infinitive: frozenset[str]
    questions: frozenset[str]  # at the head of a question they ask whether
    inversions: Mapping[str, frozenset[str]]  # at the head of a sentence an if, where one of these follows
    before_nouns: frozenset[str]  # behind these a bare cue is a noun
    behind_nouns: frozenset[str]  # before these too
    names: frozenset[str]  # cues that are names when written so
    light: frozenset[str]  # between a negation and the verb that it turns
    constituent: frozenset[str]  # negate the verb only behind an auxiliary
    nobody: frozenset[str]  # as objects they negate their verb
    earlier: frozenset[str]
    harmed: frozenset[str]  # happens in earnest, also in a drill


_OPEN = re.compile(r"\|\s+")  # a row of alternatives may go on in the next line


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _forms(text: str) -> frozenset[str]:
    """Words, those with a ~ in all inflections."""
    return frozenset(form for word in text.split() for form in _spelled(word))


def _spelled(word: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            form
            for option in word.split("|")
            for form in (inflections(option[:-1]) if option.endswith("~") else (option,))
        )
    )


def _expanded(pattern: str) -> Iterator[tuple[str, ...]]:
    """Every row of words that a cue stands for."""
    parts = [(*_spelled(word.rstrip("?")), *([""] if word.endswith("?") else [])) for word in pattern.split()]
    for row in product(*parts):
        yield tuple(word for word in row if word)


def _table(rows: Iterable[tuple[Cue, str]]) -> dict[str, tuple[tuple[tuple[str, ...], Cue], ...]]:
    """Later rows win over earlier ones of the same words."""
    found = {words: cue for cue, text in rows for line in _OPEN.sub("|", text).split(";") for words in _expanded(line)}
    by_first: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    for words, cue in found.items():
        by_first.setdefault(words[0], []).append((words[1:], cue))
    return {first: tuple(sorted(rest, key=lambda row: -len(row[0]))) for first, rest in by_first.items()}


_NOT = Cue(kind="negated", reach="clause")
_NO = Cue(kind="negated", reach="on")
_WITHOUT = Cue(kind="negated", reach="phrase")
_UNTRUE = Cue(kind="negated", reach="on", turns=True)
_FAILED = Cue(kind="negated", reach="phrase", turns=True)
_PREVENTED = Cue(kind="negated", reach="object", turns=True)
_DENIED = Cue(kind="negated", reach="denial", turns=True)
_DISMISSED = Cue(kind="negated", reach="report", turns=True)
_EXCLUDED = Cue(kind="negated", reach="object", turns=True, turned="hypothetical")
_FALSE = Cue(kind="negated", reach="subject", turns=True)
_FAKE = Cue(kind="negated", reach="noun")
_GOES_ON = Cue(kind=None, reach="none", turns=True)
_NOTHING = Cue(kind=None, reach="none")
_MAY = Cue(kind="hypothetical", reach="clause", bare=True)
_MAYBE = Cue(kind="hypothetical", reach="on")
_WHETHER = Cue(kind="hypothetical", reach="on", clears=True)
_POSSIBLE = Cue(kind="hypothetical", reach="noun")
_FEARED = Cue(kind="hypothetical", reach="phrase")
_IF = Cue(kind="conditional", reach="on")
_ONLY_IF = Cue(kind="conditional", reach="whole")
_UNTIL = Cue(kind="conditional", reach="on", bare=True)
_WOULD = Cue(kind="planned", reach="clause", bare=True)
_THREATENS = Cue(kind="threatened", reach="on")
_PLANS = Cue(kind="planned", reach="phrase")
_PLANNED = Cue(kind="planned", reach="noun")
_LIKELY = Cue(kind="forecast", reach="on")
_DEMANDS = Cue(kind="demanded", reach="phrase")
_MUST = Cue(kind="demanded", reach="clause", bare=True)
_DRILL = Cue(kind="rehearsed", reach="whole")
_TRAINS = Cue(kind="rehearsed", reach="phrase")
_MOCK = Cue(kind="rehearsed", reach="noun")

_CEASE = """stop~ cease~ end~ halt~ abate~ subside~ relent~ pause~ quit~ deter~ interrupt~ suspend~"""
_ENGLISH_CUES: tuple[tuple[Cue, str], ...] = (
    (_NOT, "not; never; cannot; no longer; not yet; not even; not ever; not so far; by no means; in no way; not any longer"),
    (_NO, "nor; neither; hardly ever; scarcely ever"),
    (Cue(kind="negated", reach="on", bare=True), "no"),
    (
        _NO,
        """nobody; no one; none; nothing; no-one; nowhere; hardly|scarcely any|anyone|anybody|anything; zero; have|has|had yet to;
        is|are|was|were|be yet to; remain~ to be; no talk of; nothing of the kind""",
    ),
    (_WITHOUT, "without; instead of; rather than; in lieu of; as opposed to; far from; free of; devoid of; short of; safe from"),
    (_WITHOUT, "lack|absence|dearth of; in the absence of; clear~ of; acquit~ of; exonerate~ of; absolve~ of; innocent of; spare~"),
    (
        _UNTRUE,
        """not true; untrue; no truth in|to; no evidence|proof|sign|signs|indication|indications|trace|hint|suggestion|record|basis|grounds
        of|that|for|to?; nothing to suggest|show|indicate|prove; no reason to; myth that; lie that; false|falsely|wrongly|mistakenly
        claim~|report~|state~|accuse~|announce~|allege~|say~|tell~; contrary to reports|claims|rumours|rumors|suggestions of|that; false
        reports|claims|rumours|rumors|report|claim|rumour|rumor|news|alarm|story|stories|allegations of|that|about|over; hoax~ about|of|that;
        unfounded|baseless|bogus|fake|fabricated|debunked|discredited reports|claims|rumours|rumors|report|claim|rumour|rumor|news|story|
        stories|allegations of|that|about|over; pretend~ to|that; knows|know|knew|known of no; aware of no; in error; cock and bull""",
    ),
    (
        _FAILED,
        """fail~ to; refuse~ to; decline~ to; neglect~ to; omit~ to; unable to; unwilling to; powerless to; forget~ to; stop~ short of;
        fall~ short of; refrain~ from; abstain~ from; hold~ off from?; back~ away from; back~ out of; pull~ back from; shy~ away from; bar~
        from; ban~ from; prohibit~ from; stop~ from; keep~ from; prevent~ from; block~ from; forbid~ to; give~ up plans|plan|hope|hopes|
        attempts|trying to|of|for; not dare; refusal|failure|inability|unwillingness to; too weak|late|small|few to; avoid~; narrowly miss~;
        opt~ not to; decide~ against; vote~ against; rule~ against; barred; banned""",
    ),
    (
        _PREVENTED,
        """avert~; foil~; thwart~; prevent~; forestall~; pre-empt~; preempt~; head~ off; ward~ off; call~ off; cancel~; abort~; abandon~;
        scrap~; shelve~; stave~ off; fend~ off; nip~ in the bud; block~; halt~; axe~; scotch~; escape~; evade~; drop~ plans|plan|bid|
        idea|ideas|proposal|proposals|the?; ditch~; veto~; put~ off; postpone~; suspend~; disrupt~ plot|plots; repel~; talk~ out of;
        walk~ away from; pull~ out of talks|plans|plan; withdraw~ plans|plan|bid|offer; frustrate~""",
    ),
    (_DENIED, "deny~; denial|denials of|that; in denial about; disavow~; disclaim~; rebut~; repudiate~; gainsay~; disown~"),
    (
        _DISMISSED,
        """reject~; dismiss~; dispute~; refute~; contradict~; retract~; withdraw~; brush~ aside|off; laugh~ off; play~ down; pour~ cold
        water on; scoff~ at; quash~; scotch~; debunk~; discount~; deride~; shrug~ off; disprove~; shoot~ down; hit~ back at;
        take~ back; wave~ away; knock~ down""",
    ),
    (_EXCLUDED, "rule~ out; exclude~; off the table; out of the question"),
    (
        _FALSE,
        """hoax; turn~ out to be? false|untrue|fake|a|unfounded|baseless|groundless|wrong|fiction|invented; prove~ to? be? false|untrue|fake|a|unfounded|baseless|groundless|wrong|fiction|invented; is|are|was|were|be|been
        false|untrue|fake|unfounded|baseless|groundless|fabricated|invented|bogus|fictitious|debunked|discredited|nil|zero|nonsense|fiction|
        imaginary|staged|faked|made-up|disproved|disproven|non-existent|nonexistent; never happened; false alarm; in fact|reality|actuality a|an;
        not on the table|agenda|cards; did not happen|occur|materialise|materialize; sent|issued|triggered|raised in error;
        by mistake; come~ to nothing; fall~ through; fail~ to materialise|materialize; non-existent""",
    ),
    (_FAKE, "so-called; fake; bogus; fictitious; imaginary; fictional; non-existent; nonexistent; false; faked; phantom; invented; sham"),
    (
        _GOES_ON,
        """let~ up; go~ unnoticed|unpunished|unanswered|unchallenged|unheeded|unreported|away; unexpected; unusual; uncommon; unaware; unknown;
        surprise~; surprised; surprising; conceal~; hide~; forget~; ignore~; miss~; overlook~; doubt~; question~; help~ but; stop~; cease~;
        end~; abate~; subside~; relent~; deter~; give~ up; hesitate~ to; tire~ of; regret~; impossible; unlikely; disguise~; shake~ off""",
    ),
    (
        _NOTHING,
        """not only|just|merely|simply|solely|least|surprisingly|unlike|until|unless; not for the first time; not far from; not long
        after|before|ago; not for nothing; not without; not least; or not; if not; whether or not; not to mention; not that; not a little|few;
        no|without doubt|doubts; without a doubt; beyond doubt; no fewer|less|more than; no secret; no surprise; no matter; no wonder; no coincidence;
        no accident; no stranger; no sooner; no question; no denying; no mistaking|mistake; no shortage of; no end|let-up|letup|halt|respite|limit
        to|in|of|from?; no idea; no small|ordinary|mean; nothing but; nothing short of; nothing less than; no exception; in no time; no-fly;
        without warning|delay|mercy|notice|hesitation|precedent|charge|fail|exception|question|provocation|permission|authorisation|
        authorization|consent|comment|incident|explanation|let-up|end|pause|interruption; not unlike; no use; false pretences|start|flag|
        name|teeth; far from over|the; not all; not every; none other than; none too; nothing to do with; nothing new; in short of;
        would not have; not very; not so much; not always; no comment; no apology|apologies|regrets|remorse; exercise~ of|caution|restraint|control|power|
        powers|right|rights|price; in an exercise of; more often than not; last but not least; not before; never mind; never before; never again;
        block~ of; escape~ from|to|through|by; spare~ no; halt~ at; end~ of; not a moment|minute too; no love lost""",
    ),
    (_MAY, "may; might; could; may|might not; may|might never; may|might no longer"),
    (
        _MAYBE,
        """perhaps; maybe; possibly; allegedly; supposedly; purportedly; presumably; potentially; conceivably; hypothetically; it is possible
        that; suspect~; suspected of|to; speculate~ that; speculation that|of; fear~ that; worry~ that; fears|fear|worries|concern|concerns|
        suspicion|suspicions|rumours|rumors|rumour|rumor|allegation|allegations|possibility|risk|danger|chance|likelihood|prospect|
        speculation of|that|about; feared|believed|thought|rumoured|rumored|suspected|alleged|said to; feared; rumoured; rumored;
        can|could not be? ruled out; not rule out; warn~ of|that""",
    ),
    (
        _WHETHER,
        """whether; not|un clear|known|certain|sure if|how; unclear if|whether|how; wonder~ if; ask~ if; what if; not confirm~|verify~;
        not be? confirmed|verified|substantiated; not been independently? confirmed|verified; unconfirmed|unverified reports|report|claims|
        claim of|that; unconfirmed; unverified; yet to be? confirmed|verified|confirm|verify""",
    ),
    (
        _POSSIBLE,
        """possible; alleged; suspected; potential; purported; supposed; presumed; feared; rumoured; rumored; mooted; hypothetical;
        attempted; would-be; probable; putative; theoretical; unconfirmed; speculative""",
    ),
    (
        _FEARED,
        """consider~; mull~; weigh~; contemplate~; ponder~; explore~ the? option|options|possibility|idea of; eye~; toy~ with; talks on|over|
        about a|an; in talks to|over|about; debate~; discuss~ a|an|the? possible|possibility; look~ at the? possibility|option|options of;
        open to; studying; scared of; afraid of; vulnerable to; susceptible to; at risk of; mulls; weighs; eyes; stoke~|raise~|spark~ fears of;
        allow an? attacker|attackers to; capable of; tempted to; try~ to; attempt~ to; attempt|attempts|bid|effort|efforts to; seek~ to""",
    ),
    (_IF, "if; unless; provided that?; providing that; in case; in the event of|that; on condition that; so long as; as long as; assuming that?; lest"),
    (_ONLY_IF, "only if|when|once|unless; subject to; contingent on|upon; conditional on|upon"),
    (_UNTIL, "until; till"),
    (_WOULD, "would; will; shall"),
    (
        _THREATENS,
        """threaten~; threat|threats to|of; vow~ to|revenge|vengeance|retaliation|that|a?; warn~ it|he|she|they|we would|will; swear~ to;
        menace~ with; warn~ of a? retaliation|reprisals""",
    ),
    (
        _PLANS,
        """plan~ to|for|on|a|an; intend~ to; intention to|of; aim~ to|at|for; hope~ to|for|that; wish~ to; want~ to; prepare~ to|for|a|an; preparations|preparation
        to|for; pledge~; promise~; agree~ to; decide~ to; due to be|begin|start|take|go|open|close|meet|hold|vote|sign|return|appear|stand|fly|land|
        join|leave|speak|visit|arrive|play|face|make|become|have|give; set to; about to; ready|readying to; poised to; going to; schedule~ to|for;
        slated to|for; get~ ready to; is|are|was|were to; agreed to; undertake~ to; consent~ to; offer~ to; resolve~ to; commit~ to; on track to;
        on course to; approve~; approve~ plans|plan to|for; propose~; proposal|proposals to|for|of; bent on; determined to; on the verge|brink|point of; in line to; gear~ up
        to|for; look~ to; looking forward to; consider~ sending; would like to; ambition~ to; bid to; with a view to; in order to; so as to; plot~ to; conspire~ to; will to""",
    ),
    (_PLANNED, "planned; upcoming; forthcoming; proposed; impending; future; scheduled; intended"),
    (
        _LIKELY,
        """expect~; expectation|expectations of|that; forecast~; predict~; likely to; likely; unlikely to; unlikely; probably; anticipate~; bound to; sure to;
        certain to; tipped to|for|as; outlook is? for; foresee~; prediction|predictions of|that; envisage~; projected to; estimated to rise|fall;
        imminent; looming; in the offing; on the horizon; bet~ on|that; await~; brace~ for; odds-on to; doomed to; destined to; set for; due for; due in|on|to|at; looms""",
    ),
    (
        _DEMANDS,
        """demand~; call~ for|on; urge~; ask~ for; ask~ him|her|them|us|it to; ask~ to; appeal~ for|to; plead~ for|with; beg~ for|to; press~ for|to; push~ for|to; lobby~ for|to; insist~ on;
        seek~; order~; instruct~; tell~ him|her|them|people|residents|users|customers|staff|owners|drivers|parents|troops to; told to; campaign~ for; request~; require~; recommend~; advise~; advise~ to; advise~ against;
        exhort~; implore~; entreat~; clamour~ for; petition~ for; petition for|seeking; ultimatum to; want~ him|her|them|us to; invite~; suggest~ that; encourage~; warn~ not? to; agitate~ for; vote~ for; pray~ for""",
    ),
    (_MUST, "must; should; ought to; need to; needs to; must not; should not; ought not; has|have to; let us; had better"),
    (
        _DRILL,
        """in|during|at|for|through|throughout a|an|the|its|their? annual|joint|military|naval|live-fire|tabletop|training|large-scale|
        nato|emergency|army|nationwide|evacuation? exercise|exercises|drill|drills|simulation|simulations|rehearsal|rehearsals|wargame|wargames|
        simulator; as part of a|an|the exercise|drill|exercises|drills|rehearsal|simulation; the|an|a|this|tabletop|annual|joint exercise|drill|simulation|wargame|rehearsal
        imagined|imagines|simulated|simulates|tested|tests|tests|assumed|assumes|envisaged|envisages|involved|involves|had|has|saw|featured|
        features|included|pictured|posited|supposed|depicted|modelled""",
    ),
    (
        _TRAINS,
        """simulate~; rehearse~; practise~; practice~; practising; re-enact~; reenact~; act~ out; war-game~; wargame~; train~ for|to; stage~ a? mock; exercise|exercises|drill|drills|
        simulation|simulations|rehearsal|rehearsals|wargame|wargames on|for|of|involving|to|simulating|against|featuring; pretend~ to; imagine~; dry run for; dress rehearsal for""",
    ),
    (_MOCK, "mock; simulated; pretend; staged; dummy; rehearsed; practice; training; role-play; make-believe; fictional; imaginary; notional"),
)  # fmt: skip

_AUXILIARIES = _words(
    "is are was were am be been being has have had do does did will would shall can could may might must should ca wo"
)
_MODALS = _words("will would shall can could may might must should to do does did not never cannot")

ENGLISH = Language(
    cues=_table(_ENGLISH_CUES),
    auxiliaries=_AUXILIARIES,
    modals=_MODALS,
    finite=_words("is are was were has had does did will would")
    | (
        frozenset(past.split(",")[0] for forms in IRREGULAR_VERBS.values() for past in forms[:1])
        - _words("am are let put set bid bet read cost wet spread found ground bound felt left lay saw shed split quit")
    ),
    said=_forms(
        """say~ tell~ add~ insist~ announce~ report~ claim~ stress~ acknowledge~ admit~ argue~ note~ explain~ reply~ write~ warn~
        blame~ accuse~ vow~ concede~ confirm~ complain~ conclude~ testify~ maintain~ declare~ believe~ think~ show~ reveal~"""
    ),
    past_ending="ed",
    gerund_ending="ing",
    adverb_ending="ly",
    adverbs=_words("so far also still now then yet ever later instead soon just already even always again once even either"),
    stops=_words(
        """but however although though while whereas because since when whenever where whereupon after before until till unless if
        who which whom whose why how what amid following following yet so thereby except nor once and/or"""
    ),
    relatives=_words("who which whom whose where that"),
    complementers=_words("that"),
    takes_that=_forms(
        """say~ deny~ claim~ report~ allege~ suggest~ believe~ think~ fear~ suspect~ warn~ show~ prove~ confirm~ insist~ hope~ expect~
        predict~ demand~ order~ rumour~ rumor~ speculate~ evidence~ sign~ indication~ proof~ suggestion~ allegation~ risk~ chance~ danger~
        possibility~ likelihood~ prospect~ speculation~ story~ account~ idea~ notion~ accusation~ assertion~ charge~ denial~ doubt~ true~ untrue~
        likely~ clear~ possible~ certain~ dispute~ refute~ reject~ dismiss~ indicate~ mean~ promise~ vow~ pledge~ threaten~ urge~ insist~ agree~
        announce~ anticipate~ forecast~ worry~ concern~ pretend~ assume~ provide~ condition~ event~ case~ recommend~ require~ request~ not and or
        impression~ belief~ theory~ lie~ myth~ falsely guarantee~ ask~ so such false now"""
    ),
    facts=_forms("fact~ know~ realise~ realize~ notice~ remember~ regret~ reveal~ disclose~ aware~ forget~ recall~ acknowledge~ discover~ learn~"),
    endings=_forms(
        _CEASE
        + """ comment~ apologise~ apologize~ respond~ react~ condemn~ discuss~ explain~ investigate~ punish~ prosecute~ avenge~ retaliate~ mourn~
        regret~ hide~ conceal~ denounce~ probe~ inquiry~ enquiry~ investigation~ victim~ survivor~ aftermath~ anniversary~ perpetrator~
        ceasefire~ truce~ justice~ compensation~ compensate~ commemorate~ arrest~ charged~ recover~ despite~"""
    )
    - _words("despite arrest arresting arrests"),
    conjunctions=_words("and"),
    passing=_words("of to than despite as like"),
    prepositions=_words(
        """in on at over into for from with during by against about around near across behind under within inside outside of to through
        towards toward between among along off up out onto upon beyond despite than as like"""
    ),
    definite=_words("the this that these those its his her their our my your"),
    articles=_words("the a an this that these those its his her their our my your 's no any some all both every each several many"),
    happening=_forms(
        """begin~ start~ follow~ resume~ happen~ occur~ come~ continue~ take~ go~ intensify~ launch~ commence~ ensue~ recur~ erupt~ break~ hit~ proceed~"""
    ),
    reports=_forms(
        """report~ claim~ allegation~ suggestion~ rumour~ rumor~ accusation~ speculation~ talk~ assertion~ charge~ account~ story~ notion~
        idea~ possibility~ insinuation~ fear~ concern~ theory~ news~ whisper~ gossip~ statement~ version~ article~ footage~ warning~ assessment~"""
    )
    - _words("talked talking charged charging reported reporting claimed claiming feared fearing"),
    guilt=_forms("responsibility~ involvement~ wrongdoing~ role~ part~ blame~ liability~ knowledge~ guilt~ fault~ complicity~ culpability~ link~ connection~ tie~ negligence~ misconduct~"),
    granted=_forms(
        """entry~ access~ bail~ visa~ permission~ asylum~ parole~ citizenship~ passage~ permit~ right~ chance~ opportunity~ care~ treatment~ service~
        boarding~ leave~ refuge~ request~ appeal~ licence~ license~ justice~ freedom~ food~ water~ medicine~ benefit~ coverage~ admission~ custody~
        exit~ application~ promotion~ aid~ help~ petition~ motion~ counsel~ vote~ pension~ insurance~ victory~ goal~ penalty~ win~"""
    ),
    passives=_words("is are was were be been being get gets got"),
    infinitive=_words("to"),
    questions=_words("is are was were am has have had do does did will would shall can could may might must should"),
    inversions={"should": _words("will would could may might must can , 'll"), "were": _words("to"), "had": _words("would could might")},
    before_nouns=_words("in on last next since until of this early late mid by from a the his her their our my your its 's free good ill political military own during throughout all"),
    behind_nouns=_words("of ' 's"),
    names=_words("may will might no"),
    light=_AUXILIARIES | _words("go went gone going yet ever longer quite simply to be even so far"),
    constituent=_words("not"),
    nobody=_words("nobody no-one none nothing nowhere no"),
    earlier=_words("before"),
    harmed=_words("died killed hurt injured drowned crashed wounded dies killing"),
)  # fmt: skip

LANGUAGES: Mapping[str, Language] = {"en": ENGLISH}


@lru_cache(64)
def language(tag: str | None) -> Language | None:
    """Of a BCP 47 tag, its region not looked at; English without one, None for a language without cues."""
    return LANGUAGES.get((tag or "en").replace("_", "-").partition("-")[0].lower())
