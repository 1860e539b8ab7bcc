"""pure: English as text.reality reads it: its cues, and the words that tell where its clauses end, as data."""

from __future__ import annotations

from watcher.text.cues import Language, branches, forms, rows, triggers, words
from watcher.text.cues_en import CUES
from watcher.text.paradigms import IRREGULAR_VERBS, VERBS

_AUXILIARIES = words(
    """is are was were am be been being has have had do does did will would shall can could may might must should
        having"""
)
_MODALS = words("""will would shall can could may might must should to do does did not never cannot""")
_BARE_PASTS = words("put set bid bet read cost wet shed split quit let")
"""Present and past alike, and more often a noun or a participle."""
_OTHER_WORDS = words("am are let found ground bound felt left lay saw led lit")

_COMMON = words(
    """a an the in at for is are was were be been have has had of to on that from by about over with it he she
        they its his her their as s t and or we us him them up out off down so far into all more
    role war head re one any when request direct but play go take make made give held put call seen line work first last
    working taking providing campaign backed backing backs yet did draw fall reason way part through"""
)

_HEADLINE_VERBS = (
    VERBS
    | IRREGULAR_VERBS.keys()
    | words(
        """launch raise open close face bomb attack resign strike end ban join visit cut start move step quit reopen
        seek boost ease lift slash hike scrap axe merge acquire list float expand hire fire sue appeal resume halt
        stop host sign raze shut raid probe replace retire step invest double create add return play meet vote
        test deploy evacuate"""
    )
)

_TRIGGERS, _PHRASES = triggers((row for cue, text in CUES if cue.kind for row in rows(text)), _COMMON)

_DENIALS, _DENYING = triggers((row for cue, text in CUES if cue.kind == "negated" for row in rows(text)), _COMMON)

_BRANCHES = branches((cue, rows(text)) for cue, text in CUES)

ENGLISH = Language(
    cues=_BRANCHES,
    heads=frozenset(_BRANCHES.next) | words("to should were had"),
    triggers=_TRIGGERS,
    phrases=(*_PHRASES, " t ", " ll "),  # of n't and 'll
    denials=(_DENIALS, (*_DENYING, " t ")),
    auxiliaries=_AUXILIARIES,
    modals=_MODALS,
    finite=words("is are was were has had does did will would")
    | (frozenset(past[0] for past in IRREGULAR_VERBS.values()) - _OTHER_WORDS - _BARE_PASTS),
    said=forms(
        """say~ tell~ add~ insist~ announce~ report~ claim~ stress~ acknowledge~ admit~ argue~ note~ explain~ reply~
        write~ warn~ blame~ accuse~ concede~ confirm~ complain~ conclude~ testify~ maintain~ declare~ believe~
        think~ show~ reveal~ state~ agree~ recall~"""
    ),
    passives=words("is are was were be been being get gets got"),
    contracted={"n't": "not", "'ll": "will", "'ve": "have", "'re": "are", "'m": "am", "'s": "'s", "'d": "'d"},
    stems={"wo": "will", "ca": "can", "sha": "shall"},
    past_ending="ed",
    no_pasts=words(
        """hundred indeed speed need seed breed creed bloodshed watershed sacred naked wicked infrared moped shred
        proceed succeed exceed greed steed tweed kindred hatred hotbed airspeed aforementioned allied armed united
        so-called"""
    ),
    gerund_ending="ing",
    adverb_ending="ly",
    adverbs=words(
        """so far also still now then yet ever later instead soon just already even always again once either not
        never themselves itself himself herself"""
    ),
    stops=words(
        """but however although though while whereas because since when whenever where whereupon after before until
        till unless if who which whom whose why how what amid following yet so thereby except nor once and/or"""
    ),
    alike=words("as"),
    relatives=words("who which whom whose where that"),
    complementers=words("that"),
    takes_that=forms(
        """say~ deny~ claim~ report~ allege~ suggest~ believe~ think~ fear~ suspect~ warn~ show~ prove~ confirm~
        insist~ hope~ expect~ predict~ demand~ order~ rumour~ rumor~ speculate~ evidence~ sign~ indication~ proof~
        suggestion~ allegation~ risk~ chance~ danger~ possibility~ likelihood~ prospect~ speculation~ story~
        account~ idea~ notion~ accusation~ assertion~ charge~ denial~ doubt~ true~ untrue~ likely~ clear~
        possible~ certain~ dispute~ refute~ reject~ dismiss~ indicate~ mean~ promise~ vow~ pledge~ threaten~ urge~
        agree~ announce~ anticipate~ forecast~ worry~ concern~ pretend~ assume~ provide~ condition~ event~ case~
        recommend~ require~ request~ impression~ belief~ theory~ lie~ myth~ guarantee~ ask~ hint~ imply~ argue~
        conclude~ tell~ told him her them us reporters and or not"""
    ),
    conjunctions=words("and"),
    prepositions=words(
        """in on at over into for from with during by against about around near across behind under within inside
        outside of to through towards toward between among along off up out onto upon beyond despite than as like"""
    ),
    reasons=words("for over"),
    particles=words("up off out"),
    passing=words("of to than despite as like"),
    definite=words("the this that these those its his her their our my your"),
    articles=words("""the a an its his her their our my your 's no every each several"""),
    headline="to",
    verbs=_HEADLINE_VERBS,
    facts=forms(
        """fact~ know~ realise~ realize~ notice~ remember~ regret~ reveal~ disclose~ aware~ forget~ recall~
        acknowledge~ discover~ learn~"""
    ),
    endings=forms(
        """stop~ cease~ end~ halt~ abate~ subside~ relent~ pause~ deter~ interrupt~ suspend~ comment~ apologise~
        apologize~ respond~ react~ condemn~ discuss~ explain~ investigate~ punish~ prosecute~ avenge~ retaliate~
        mourn~ regret~ hide~ conceal~ denounce~ probe~ inquiry~ enquiry~ investigation~ victim~ survivor~
        aftermath~ anniversary~ perpetrator~ ceasefire~ truce~ justice~ compensation~ compensate~ commemorate~
        charged recover~ settle~ witness~"""
    ),
    happening=forms(
        """begin~ start~ follow~ resume~ happen~ occur~ come~ continue~ take~ go~ intensify~ launch~ commence~ ensue~
        recur~ erupt~ break~ proceed~"""
    ),
    reports=forms(
        """report~ claim~ allegation~ suggestion~ rumour~ rumor~ accusation~ speculation~ talk~ assertion~ charge~
        account~ story~ notion~ idea~ possibility~ insinuation~ fear~ concern~ theory~ news~ whisper~ gossip~
        statement~ version~ article~ resignation~ threat~ candidacy~ footage~ warning~ assessment~ chatter~ hint~"""
    )
    - words("""talked talking charged charging reported reporting claimed claiming feared fearing"""),
    guilt=forms(
        """responsibility~ involvement~ wrongdoing~ role~ part~ blame~ liability~ knowledge~ guilt~ fault~
        complicity~ culpability~ link~ connection~ tie~ negligence~ misconduct~ hand~"""
    ),
    granted=forms(
        """entry~ access~ bail~ visa~ permission~ asylum~ parole~ citizenship~ passage~ permit~ right~ chance~
        opportunity~ care~ treatment~ service~ boarding~ leave~ refuge~ request~ appeal~ licence~ license~
        justice~ freedom~ food~ water~ medicine~ benefit~ coverage~ admission~ exit~ application~ promotion~ aid~
        help~ petition~ motion~ counsel~ pension~ insurance~ victory~ goal~ penalty~ win~ planning~ bid~
        compensation~ medal~ title~ place~ seat~ loan~ funding credit work job~ sleep contact landing docking
        shelter protection status relief extension~ clearance use hearing~ lawyer~ equaliser~ record medical"""
    ),
    harmed=words("""died killed hurt injured drowned crashed wounded dies killing"""),
    inside=words("in during throughout within part"),
    imagines=forms(
        """imagine~ simulate~ test~ assume~ envisage~ involve~ feature~ include~ picture~ posit~ suppose~ depict~
        model~ rehearse~ practise~ practice~ centre~ center~ pit~ mimic~ replicate~ recreate~ for had has saw sees
        against of where"""
    ),
    earlier=words("before"),
    perfect=words("have"),
    open_questions=words("why how who whom whose where when what which"),
    subjects=words("""the a an it he she they we you i this that these those his her their our"""),
    orders=words("""the them him her it us our your their this that these those all now no more"""),
    inversions={
        "should": words("will would could may might must can"),
        "were": words("to"),
        "had": words("would could might"),
    },
    before_nouns=words(
        """in on last next since until of this early late mid by from a the his her their our my your its 's free
        good ill political military own during throughout all at"""
    ),
    behind_nouns=words("of 's"),
    until=words("until till"),
    futures=words("""will would shall can could may might must should cannot is are has have do does"""),
    names=words("may will might no"),
    light=_AUXILIARIES | words("""go went gone going yet ever longer quite simply to be even so far"""),
    constituent=words("not"),
    nobody=words("nobody no-one none nothing nowhere"),
    pronouns=words("it they them he him she her we us you me"),
)
