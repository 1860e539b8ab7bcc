"""pure: the cues of English, as data.

Written from the classes of ConText (Harkema and others 2009) and the English of news; no list of theirs is copied.
"""

from __future__ import annotations

from watcher.text.cues import Cue

_NOT = Cue(kind="negated", reach="clause")
_NO = Cue(kind="negated", reach="on", bare=True)
_NOBODY = Cue(kind="negated", reach="on")
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
_WEIGHED = Cue(kind="hypothetical", reach="object")
_OPEN = Cue(kind="hypothetical", reach="subject")
_IF = Cue(kind="conditional", reach="on")
_ONLY_IF = Cue(kind="conditional", reach="condition")
_UNTIL = Cue(kind="conditional", reach="on", bare=True)
_THREATENS = Cue(kind="threatened", reach="object")
_WILL = Cue(kind="planned", reach="clause", bare=True)
_PLANS = Cue(kind="planned", reach="object")
_IS_PLANNED = Cue(kind="planned", reach="object")
_PLANNED = Cue(kind="planned", reach="noun")
_FORECAST = Cue(kind="forecast", reach="object")
_IS_FORECAST = Cue(kind="forecast", reach="subject")
_DEMANDS = Cue(kind="demanded", reach="object")
_PROBABLY = Cue(kind="forecast", reach="on")
_MUST = Cue(kind="demanded", reach="clause", bare=True)
_EXERCISE = Cue(kind="rehearsed", reach="exercise")
_REHEARSED = Cue(kind="rehearsed", reach="phrase")
_MOCK = Cue(kind="rehearsed", reach="noun")

_UNFOUNDED = "false|unfounded|baseless|groundless|bogus|fake|fabricated|debunked|discredited|untrue|erroneous"
_TELLING = "reports|claims|rumours|rumors|report|claim|rumour|rumor|news|story|stories|allegations|accusations"

CUES: tuple[tuple[Cue, str], ...] = (
    (
        _NOT,
        """not; never; cannot; yet to; no longer; not yet; not even; not ever; by no means; in no way; not any
        longer; hardly ever; should|ought to? have; dont; didnt; doesnt; isnt; arent; wasnt; werent; hasnt;
        havent; hadnt; wouldnt; couldnt; wont; cant""",
    ),
    (_NO, "no"),
    (
        _NOBODY,
        """hardly|scarcely|barely a|an; not a single|soul|shot|word|trace; not one; not any; not once; at no
        time|point|stage; under|in no circumstances|case; on no account; nobody; no one; none; nothing; no-one;
        nowhere; nor; neither; hardly|scarcely|barely any|anyone|anybody|anything; zero; remain|remains to be;
        little|scant evidence|proof|sign|indication of|that""",
    ),
    (
        _WITHOUT,
        """without; instead of; rather than; in lieu of; as opposed to; far from; free of|from; devoid of; bereft of""",
    ),
    (
        _WITHOUT,
        """lack|absence|dearth of; lack~; clear~ of; acquit~ of; exonerate~ of; absolve~ of; innocent of; safe from""",
    ),
    (
        _UNTRUE,
        f"""false|untrue that; is|was false|untrue that; not true; untrue; no truth in|to|behind?; no
        evidence|proof|sign|signs|indication|indications|trace|hint|suggestion|record|basis|grounds|question|talk|prospect|chance|intention|plans|plan|desire
        of|that|for|to?; nothing to suggest|show|indicate|prove|support; no reason to;
        myth|lie|fiction|pretence|fallacy that; falsely|wrongly|mistakenly|erroneously
        claim~|report~|state~|accuse~|announce~|allege~|say~|tell~; contrary to {_TELLING}|suggestions|speculation
        of|that; {_UNFOUNDED} {_TELLING} of|that|about|over; false alarm over|about; hoax about|of|that;
        pretend~|feign~ to|that?; know|knows|knew|known|aware|heard|hears|hear of no; no such; no
        known|confirmed|credible|hard|direct|clear|immediate evidence|reports|report|sign|signs|indication|proof
        of|that|to?; no reports|report of|that; misreport~""",
    ),
    (
        _FAILED,
        """come~ close to; was|were to have; meant|supposed to have; could have been?
        avoided|prevented|averted|saved; fail~|refuse~|decline~|neglect~|omit~|forget~ to;
        unable|unwilling|powerless|reluctant to; stop~|fall~ short of; short of; refrain~|abstain~ from; hold~ off
        from?; back~ away from; back~ out of; pull~ back from; shy~ away from;
        bar~|ban~|prohibit~|prevent~|block~|dissuade~|deter~ from; forbid~|forbidden to; give~ up
        plans|plan|hope|hopes|attempts|trying to|of|for; not dare;
        refusal|failure|inability|unwillingness|reluctance to; too weak|late|few|small|ill|frightened|afraid to;
        avoid~; narrowly|barely|nearly|almost? miss|missed|avoided|avoid|escaped; opt~ not to; decide~|vote~|rule~
        against; nearly|almost
        crashed|collided|collapsed|drowned|died|sank|hit|struck|fell|lost|exploded|derailed; steer~ clear of;
        balk~|baulk~ at; resist~ calls|pressure|demands to|for; resist~ the temptation|urge to; think|thought
        better of; desist~ from; cease~ to; incapable of; too * to; too * * to; not * enough to; eschew~; forgo~;
        stop~|keep~|prevent~|bar~|ban~|deter~|discourage~|dissuade~|save~|block~|prohibit~ * from;
        stop~|keep~|prevent~|bar~|ban~|deter~|discourage~|dissuade~|save~|block~|prohibit~ * * from;
        acquit~|clear~|exonerate~|absolve~ * of; acquit~|clear~|exonerate~|absolve~ * * of; not guilty of;
        vindicated over; mistake~|mistaken|mistook for; mistake~|mistook * for; dodge~; sidestep~; spare~; still
        to be; never got to|around; in lieu; hold~ back from""",
    ),
    (
        _PREVENTED,
        """avert~; foil~; thwart~; prevent~; forestall~; pre-empt~; preempt~; head~ off; ward~ off; call~ off;
        cancel~; abort~; abandon~; scrap~; shelve~; stave~ off; fend~ off; nip~ in the bud; block~; halt~; axe~;
        escape~; drop~ the|its|their|his|her|a? plans|plan|bid|idea|ideas|proposal|proposals|attempt; ditch~;
        veto~; postpone~; disrupt~ a|the? plot|plots; repel~; talk~ out of; walk~ away from; frustrate~; rule~
        against; withdraw~ a|the|its|his|her? plans|plan|bid|offer; put~ off; put~ on hold; back~ away from;
        obviate~; nix~; mothball~; rescind~; pull~ the plug on; put~ paid to; call~ a halt to; turn~
        down; spurn~; snub~; dash~ hopes of|for; stymie~; forbid~; defuse~""",
    ),
    (_DENIED, "deny~; denial|denials of|that; disavow~; disclaim~; rebut~; repudiate~; disown~; in denial about"),
    (
        _DISMISSED,
        """throw~|toss~ out; reject~; dismiss~; dispute~; refute~; contradict~; retract~; withdraw~; brush~
        aside|off; laugh~ off; play~ down; pour~ cold water on; scoff~ at; quash~; scotch~; debunk~; discount~;
        deride~; shrug~ off; disprove~; shoot~ down; hit~ back at; take~ back; wave~ away|off|aside; knock~ down;
        counter~; challenge~; demolish~; correct~; swat~ away; rubbish~; discredit~; ridicule~; silence~; slap~
        down; dispel~; allay~; quell~; lay|laid to rest; put~ to rest; put~ an end to; give~|gave the lie to;
        lay|laid to bed; deflect~; bat~ away; rebuff~; pooh-pooh~; negate~; downplay~; brand~; label~; call~;
        decry~; trash~; talk~ down; minimise~; minimize~; lampoon~; mock~; disbelieve~; reject~ as; denounce~""",
    ),
    (_EXCLUDED, "rule~ out; exclude~; off the table; out of the question"),
    (
        _FALSE,
        f"""hoax; turn~ out to be? {_UNFOUNDED}|a|wrong|fiction|invented|nothing; prove~ to? be?
        {_UNFOUNDED}|wrong|invented; is|are|was|were|be|been|as
        {_UNFOUNDED}|invented|fictitious|nil|zero|nonsense|fiction|imaginary|faked|made-up|disproved|disproven|non-existent|nonexistent|hoaxes|rubbish;
        is|are|was|were|be|been|as a lie|hoax|fabrication|myth|fake|fiction|prank|stunt; never
        happened|materialised|materialized; false alarm; spoof; prank; doctored; photoshopped; deepfake;
        deepfakes; a figment; urban legend; disinformation; misinformation; fake news; satire; satirical; april
        fool; non-starter; in fact|reality|actuality a|an; actually a|an; did not
        happen|occur|materialise|materialize|exist; sent|issued|triggered|raised|published|released in error;
        sent|issued|triggered|raised|published|released by mistake; come~ to nothing|naught; fall~ through; fail~
        to materialise|materialize; an invention|a fabrication""",
    ),
    (
        _FAKE,
        """fake; bogus; fictitious; imaginary; fictional; non-existent; nonexistent; false; faked; invented;
        concocted; failed|unsuccessful|abortive|botched|foiled|thwarted|averted
        attempt|bid|coup|plot|effort|launch|takeover|merger|attack|bombing""",
    ),
    (
        _GOES_ON,
        """let~ up; letting up; unnoticed; unpunished; unanswered; unchallenged; unheeded; unreported; undetected;
        unseen; unremarked; away; unexpected; unusual; uncommon; unaware; unknown; unscathed; surprise~;
        surprised; surprising; conceal~; hide~; forget~; ignore~; miss~; overlook~; doubt~; question~; help but;
        stop~; cease~; end~; abate~; subside~; relent~; give~ up; hesitate~ to; tire~ of; regret~; impossible;
        disguise~; shake~ off; ease~; wane~; slacken~; pause~; keep~ from; immune; escape~ notice""",
    ),
    (
        _NOTHING,
        """not in dispute|doubt|question; hardly|scarcely|not a day|week|night|month passes|goes|went|passed by?
        without; scarcely|hardly|barely had; escape~ the|his|her|their|its; at the? request of; in no doubt that?;
        few|little doubt~; not
        only|just|merely|simply|solely|least|surprisingly|unlike|until|unless|quite|very|always|before|alone|all|every|entirely|exactly;
        not for the first time; not far from|off|away; not long after|before|ago; not for nothing; not without; or
        not; if not; whether or not; not to mention; not that; not a little|few; not a moment|minute too; not so
        much; not in vain; not clear why; no|without|beyond doubt|doubts|question; without a doubt; no
        fewer|less|more|later|earlier than; no
        secret|surprise|matter|wonder|coincidence|accident|stranger|sooner|denying|mistaking|mistake|idea|exception|use|small|ordinary|mean|less|apology|apologies|regrets|remorse|comment|joke|easy;
        no shortage of; no end|let-up|letup|halt|respite|limit|stopping|rest|relief to|in|of|from|for?; nothing
        but; nothing short of; nothing less than; none other than; none too; nothing to do with; nothing new; in
        no time; no-fly; no love lost; by no fault; without
        warning|delay|mercy|notice|hesitation|precedent|charge|charges|trial|fail|exception|provocation|permission|authorisation|authorization|consent|comment|incident|explanation|let-up|end|pause|interruption|power|electricity|water|food|homes|shelter;
        false
        pretences|start|flag|name|teeth|identity|papers|passport|passports|documents|imprisonment|number|accounting;
        far from the|over; would not have; exercise~
        of|caution|restraint|control|power|powers|right|rights|price|its|their|his|her; more often than not; never
        mind|before|again; spare~ no; free from|of charge; no ,; no confidence; no man; no
        choice|option|alternative but; no other; no time in|to|was; lose~|waste~|lost no time; no place; no match;
        no bones; no punches; not since; not surprised|surprising; could be? heard|seen|felt|smelled; could
        see|hear|feel|smell; escape~ from|to|through|by|on|in|after|with; should not have; would
        often|always|sometimes|regularly|usually|later|eventually|soon; would go on to; was|were to
        become|prove|die|remain|last|win; none the less|worse|wiser; could not but; cannot but; could not help;
        cannot help; not infrequently; in practice; exercise
        yard|bike|bikes|class|classes|regime|machine|routine|book|books; drill
        bit|bits|rig|rigs|hall|sergeant|ship; drill|drills|drilled|drilling for oil|gas|water; turn~ out to be;
        not known to; not unlike; rather than later; as
        expected|planned|feared|threatened|predicted|promised|intended; than
        expected|planned|feared|predicted|forecast|thought|believed; no change to; not immediately|yet? clear
        why|how|what|who; if anything|any|only; as if; order~ of; in order; law and order; order book|books; by
        order; court|executive order; call~ on monday|tuesday|wednesday|thursday|friday|saturday|sunday;
        long-planned; in demand; demand for; supply and demand; market forces; neither here; nothing if not; not
        least because; no mercy; no quarter; no strangers; no avail; no end; may day other than; drop~ out; dry
        run""",
    ),
    (_MAY, "may; might; could; may|might not|never; may|might no longer"),
    (
        _MAYBE,
        """it may be that; perhaps; maybe; possibly; allegedly; supposedly; purportedly; presumably; potentially;
        conceivably; hypothetically; theoretically; it is possible that; suspect~ that; suspected of; doubt~
        that|whether; theory|hypothesis is|that|of; supposing; suppose that; conceivable|plausible|possible that;
        chance|chances of; chance that; floated the idea of; in the balance; speculate~ that?; fear~ that;
        worry|worries|worried that;
        fears|fear|worries|worry|concern|concerns|suspicion|suspicions|rumours|rumors|rumour|rumor|allegation|allegations|possibility|risk|risks|danger|dangers|chance|chances|likelihood|prospect|prospects|speculation|spectre|specter|talk|question|hints
        of|that; concern|concerns|speculation|rumours|rumors about|over;
        feared|believed|thought|rumoured|rumored|suspected|alleged to; rumoured; rumored; cannot|not be? ruled
        out; warn~ of; raise~|raising|open the possibility|prospect of|that; allege~ that?; unproven|unconfirmed
        reports|claims of|that; hint~ at|that; imply|implies|implied that""",
    ),
    (
        _WHETHER,
        """whether; not|un clear|known|certain|sure|decided if|how; unclear|unknown|uncertain|unsure if|how; wonder~
        if; ask~ if; see if; what if; not confirm~|verify~|substantiate~; not yet? be? been? independently?
        confirmed|verified|substantiated; unconfirmed|unverified|uncorroborated
        reports|report|claims|claim|rumours|rumors of|that; unconfirmed; unverified; yet to be?
        confirmed|verified|confirm|verify; no confirmation of|that; not been possible to confirm|verify; no
        decision on|to""",
    ),
    (
        Cue(kind="hypothetical", reach="subject", clears=True),
        """cannot|could|can not? be independently? verified|confirmed|substantiated|corroborated|ruled; remain~
        unconfirmed|unverified; not be independently? verified|confirmed|corroborated|substantiated; not been
        independently? verified|confirmed|corroborated|substantiated""",
    ),
    (
        _WEIGHED,
        """suspect~; fear~; float~ the? idea|possibility of; investigating|probing|examining
        reports|claims|allegations of|that; investigate~|probe~|examine~ reports|claims|allegations|suspicions
        of|that; consider~; mull~; weigh~; contemplate~; ponder~; explore~ the? option|options|possibility|idea
        of; enable~ an? attacker|attackers to; potential for|to; eye~; toy~ with; flirt~ with; talks|negotiations
        on|over|about a|an; in talks to|over|about; debate~; discuss~; look~ at the? possibility|option|options
        of; open to; study~ the? possibility|option|idea|plans of|for|to; scared of; afraid of;
        vulnerable|susceptible|prone to; at risk of|from; allow~ an? attacker|attackers to; let attackers; capable
        of; tempted to; try~|attempt~|seek~ to; attempt|attempts|bid|effort|efforts to|at; look~ into;
        investigate~ a|an? possible|suspected|alleged; threaten~|risk~ becoming; risk~""",
    ),
    (
        _POSSIBLE,
        """possible; alleged; suspected; potential; purported; supposed; presumed; feared; rumoured; rumored; mooted;
        hypothetical; attempted; would-be; probable; putative; theoretical; speculative; reputed; apparent;
        prospective""",
    ),
    (
        _OPEN,
        """on the cards; an option; under consideration|discussion|review; a possibility; in doubt; in question""",
    ),
    (
        _IF,
        """if; unless; provided that?; providing that; in case; in the event of|that; on condition that; so long as;
        as long as; assuming that?; lest; even if; when and if; were it not for""",
    ),
    (
        _ONLY_IF,
        """only if|unless; hinge~ on; depend~ on; pending; subject to; contingent on|upon; conditional on|upon;
        dependent on|upon""",
    ),
    (_UNTIL, "until; till; once"),
    (Cue(kind="conditional", reach="condition", bare=True), "only when|once|after"),
    (_WILL, "would; will; shall"),
    (
        _THREATENS,
        """threaten~; threat|threats to|of|that; vow~|swear~ to|that|it|he|she|they; vow~; warn~ it|he|she|they|we
        would|will|may|might|could; menace~ with; ultimatum; on pain of; or face|else|risk; pledge~|promise~
        revenge|retaliation|reprisals|to retaliate|avenge""",
    ),
    (
        _PLANS,
        """plan~ to|for|on|a|an; planning; intend~ to|on; intention|intentions to|of; aim~ to|at|for; hope~
        to|for|that; hoping; wish~|want~ to; prepare~ to|for|a|an; preparations|preparation to|for; pledge~;
        promise~; agree~ to; decide~|decision to; due to
        be|begin|start|take|go|open|close|meet|hold|vote|sign|return|appear|stand|fly|land|join|leave|speak|visit|arrive|play|face|make|become|have|give|end|run|expire|launch|report|resume|come;
        set|about|ready|readying|poised|going|slated|determined|agreed|scheduled|planned|intended|destined|keen|eager|willing|prepared|authorised|authorized|committed|obliged|pledged|sworn
        to; schedule~ to|for; slated for; get~ ready to; is|are|was|were|be to;
        undertake~|consent~|offer~|resolve~|commit~|plot~|conspire~ to; on track|course to|for; approve~
        plans|plan to|for; propose~|mooted; proposal|proposals|plans|plan|motion|bill to|for|of; bent on; on the
        verge|brink|point|eve of; in line to; supposed|meant to; gear~ up to|for; look~ to; looking forward to;
        would like to; ambition|ambitions|bid|readiness|willingness|pledge|promise|offer to; with a view to; in
        order to; so as to; announce~ plans|plan|intention to|for|of; considers sending; draw~ up plans to|for;
        plans|plan call~ for; sign~ a? deal|agreement|contract to; blueprint for; pencilled in; earmark~ for; in a
        bid to; looks|look|looking set|likely to; work~ on a; map~ out; commit~ to; steps to|towards""",
    ),
    (
        _IS_PLANNED,
        """approve~; in the works; in the pipeline; on the agenda; to go ahead; is|are|was|were
        planned|scheduled|due; greenlight~; green-light~; give~ the go-ahead to|for; sign~ off on""",
    ),
    (Cue(kind="planned", reach="condition", bare=True), "tomorrow; next week|month|year"),
    (
        _PLANNED,
        """planned; upcoming; forthcoming; the coming; next
        week|month|year|season|spring|summer|autumn|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday
        's; tomorrow 's; pencilled; earmarked; proposed; impending; future; scheduled; intended""",
    ),
    (
        _FORECAST,
        """forecasters|analysts|economists|experts see; expect~; expectation|expectations of|that; forecast~;
        predict~; anticipate~;
        bound|sure|certain|doomed|destined|projected|odds-on|predicted|expected|forecast|tipped|likely|unlikely|estimated
        to; tipped for|as; favourite|favorite|favourites|fated|heading|headed to|for; head~ for; shaping up
        to|for; is|are seen; outlook is? for; foresee~; prediction|predictions|forecasts of|that; envisage~; bet~
        on|that; await~; brace~ for|against; set for; due for|in|on|at; project~ that; reckon~""",
    ),
    (
        _PROBABLY,
        """likely; unlikely; probably; almost certainly; doubtless; inevitably; in all likelihood""",
    ),
    (_IS_FORECAST, "on its|the way; imminent; inevitable; on the horizon; in the offing; loom~"),
    (
        _DEMANDS,
        """want~; press~ * to; press~ * * to; demand~; call~ for|on|upon;
        calls|call|appeal|appeals|pleas|plea|demands|demand|petition|push|pressure for|to; urge~; ask~ for|to;
        ask~ him|her|them|us|it to;
        appeal~|plead~|beg~|press~|push~|lobby~|pray~|clamour~|petition~|agitate~|campaign~ for|to; appeal~|plead~
        with; insist~ on|that; seek~; order~; instruct~; tell~
        him|her|them|people|residents|users|customers|staff|owners|drivers|parents|troops|passengers|officials|workers|employees|patients|villagers|students
        to; told to; request~; require~; recommend~; advise~ to|against?; exhort~; implore~; entreat~; ultimatum
        to; want~|tell~|ask~|advise~|order~|instruct~ * to; want~|tell~|ask~|advise~|order~|instruct~ * * to;
        want~ the|all|more; invite~; encourage~; warn~ not? to; vote~ for; canvass~ for; argue~ for; advocate~;
        command~; summon~; compel~; necessitate~; direct~ to; deserve~; in favour|favor of; plead~ for; please;
        let 's; recommend~ that; call~ that; resolution|motion calling for;
        calls|call|pressure|demand|demands|petition|clamour|appeals|appeal grew|mounted|rose for; in need of;
        need|needs; have|has|had been told|ordered|asked to; press~ to; challenge~ to""",
    ),
    (
        _MUST,
        """must; should; ought to; need|needs to; must not; should not; ought not to; has|have to; let us; had
        better""",
    ),
    (
        _EXERCISE,
        """fire drill; war game|games; exercise; exercises; drill; drills; simulation; simulations; rehearsal;
        rehearsals; wargame; wargames; war-game; war-games; simulator; manoeuvres; maneuvers; scenario; scenarios""",
    ),
    (
        Cue(kind="rehearsed", reach="subject"),
        "just|only|merely|simply|actually|part a|an|of a|an|the? exercise|drill|simulation|rehearsal|test",
    ),
    (
        _REHEARSED,
        """simulate~; rehearse~; practise~; practiced; practicing; re-enact~; reenact~; act~ out; war-game~;
        wargame~; train~ for|to; stage~ a? mock; imagine~; dry run for|of; dress rehearsal for|of; role-play~; war
        game|games on|of; pretend~ to|that|it; playing|play|played out a""",
    ),
    (
        _MOCK,
        """mock; simulated; pretend; a|an|the staged; dummy; rehearsed; practice; role-play; make-believe; notional;
        pretended; re-enacted""",
    ),
)
