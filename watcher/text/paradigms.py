"""pure: what rules about the endings of English words except, as data. Everything is folded."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> dict[str, tuple[str, ...]]:
    return {base: tuple(forms.split(",")) for base, forms in (entry.split(":") for entry in text.split())}


IRREGULAR_VERBS = _table(
    """arise:arose,arisen awake:awoke,awoken,awaked be:am,are,was,were,been bear:bore,borne beat:beat,beaten
    become:became,become befall:befell,befallen beget:begot,begat,begotten begin:began,begun behold:beheld
    bend:bent bereave:bereaved,bereft beseech:besought,beseeched beset:beset bestride:bestrode,bestridden
    bet:bet,betted bid:bid,bade,bidden bind:bound bite:bit,bitten bleed:bled blow:blew,blown break:broke,broken
    breed:bred bring:brought broadcast:broadcast,broadcasted browbeat:browbeat,browbeaten build:built
    burn:burned,burnt burst:burst bust:busted,bust buy:bought cast:cast catch:caught choose:chose,chosen
    cleave:cleaved,cleft,clove,cloven cling:clung come:came,come cost:cost,costed creep:crept cut:cut
    deal:dealt dig:dug dive:dived,dove do:did,done draw:drew,drawn dream:dreamed,dreamt
    drink:drank,drunk drive:drove,driven dwell:dwelt,dwelled eat:ate,eaten fall:fell,fallen feed:fed feel:felt
    fight:fought find:found fit:fitted,fit flee:fled fling:flung fly:flew,flown forbear:forbore,forborne
    forbid:forbade,forbad,forbidden forecast:forecast,forecasted forget:forgot,forgotten forgive:forgave,forgiven
    forgo:forwent,forgone forsake:forsook,forsaken freeze:froze,frozen gainsay:gainsaid get:got,gotten
    gild:gilded,gilt gird:girded,girt give:gave,given go:went,gone grind:ground grow:grew,grown
    hamstring:hamstrung hang:hung,hanged have:had hear:heard heave:heaved,hove hew:hewed,hewn hide:hid,hidden
    hit:hit hold:held hurt:hurt input:input,inputted inset:inset keep:kept kneel:knelt,kneeled
    knit:knitted,knit know:knew,known lay:laid lead:led lean:leaned,leant leap:leaped,leapt
    learn:learned,learnt leave:left lend:lent let:let lie:lay,lain,lied light:lit,lighted lose:lost make:made
    mean:meant meet:met melt:melted,molten mow:mowed,mown offset:offset output:output,outputted partake:partook,partaken
    pay:paid plead:pleaded,pled preset:preset proofread:proofread prove:proved,proven put:put quit:quit,quitted
    read:read rend:rent rid:rid,ridded ride:rode,ridden ring:rang,rung rise:rose,risen run:ran,run saw:sawed,sawn
    say:said see:saw,seen seek:sought sell:sold send:sent set:set sew:sewed,sewn shake:shook,shaken
    shear:sheared,shorn shed:shed shine:shone,shined shoe:shod,shoed shoot:shot show:showed,shown
    shrink:shrank,shrunk,shrunken shut:shut sing:sang,sung sink:sank,sunk,sunken sit:sat slay:slew,slain
    sleep:slept slide:slid sling:slung slink:slunk slit:slit smell:smelled,smelt smite:smote,smitten
    sow:sowed,sown speak:spoke,spoken speed:sped,speeded spell:spelled,spelt spend:spent spill:spilled,spilt
    spin:spun,span spit:spat,spit split:split spoil:spoiled,spoilt spread:spread spring:sprang,sprung
    stand:stood steal:stole,stolen stick:stuck sting:stung stink:stank,stunk strew:strewed,strewn
    stride:strode,stridden strike:struck,stricken string:strung strive:strove,striven,strived
    sublet:sublet swear:swore,sworn sweat:sweated,sweat sweep:swept swell:swelled,swollen swim:swam,swum swing:swung
    take:took,taken teach:taught tear:tore,torn telecast:telecast tell:told think:thought thrive:thrived,throve,thriven
    throw:threw,thrown thrust:thrust tread:trod,trodden unbind:unbound undergo:underwent,undergone
    understand:understood undo:undid,undone unwind:unwound uphold:upheld upset:upset
    wake:woke,woken,waked waylay:waylaid wear:wore,worn weave:wove,woven,weaved wed:wedded,wed weep:wept
    wet:wetted,wet win:won wind:wound withdraw:withdrew,withdrawn withhold:withheld withstand:withstood
    wring:wrung write:wrote,written"""
)
"""Verbs by their past forms, and the others the endings do not tell. Where a past is regular too, it is listed."""

PREFIXES = ("over", "re", "out", "under", "mis", "fore", "misunder")
"""A verb behind one of these is as irregular as without it: overthrow, rebuild, mislead."""

REGULAR = _words("forego missing relay rewed behave outlet outset refit remelt resaw rebust outcry outburst outlay")
"""What begins like one of them and is no such verb."""

OWN = _words(
    """bore bound dove found foreground background ground lay overlay underlay rebound resent rent wound rewound underground
    born outlay girt gilt span smelt
    bust cleft clove slew"""
)
"""Past forms that are verbs or nouns of their own, and taken for these when asked for: `wound~` is not `wind~`."""

UNWANTED = _table(
    """bear:bore wind:wound grind:ground even:evening wed:wedding rend:rent slay:slew spin:span smell:smelt
    cleave:cleft,clove gild:gilt gird:girt dive:dove ore:oring"""
)
"""Inflected forms that nearly always are another word, so that the rule's author would be surprised to find them."""

NOT_FORMS = _words(
    """evening morning nothing something anything everything sibling wedding ceiling pudding herring shilling sterling
    darling offspring viking inkling duckling dumpling farthing gosling hamstring awning beijing nanjing chongqing
    boeing peking kunming lightning weekling yearling underling earring seedling foundling hireling handspring mainspring
    hundred naked wicked sacred kindred hatred biped moped infrared embed shred sled imbed wretched rugged ragged
    jagged crooked dogged unbed riverbed hotbed deathbed seabed watershed bloodshed airbed newlywed
    sometimes always thus perhaps"""
)
"""Words that end like an inflected form and are none."""

DOUBLING = _words(
    """abet abhor abut acquit admit aerobat airdrop allot annul appal babysit backstop befit begin beset blacktop bobsled
    bullshit cabal
    catnap chitchat cohab commit compel concur confab confer control co-opt counterplot cutoff debar debug defer
    demit demur deter dispel disinter distil doorstep dognap eavesdrop embed emit enrol entrap enwrap equip excel
    expel extol footslog forget format fulfil giftwrap goddam handicap hedgehop hobnob humbug impel incur
    infer instil inter intermit interwar jetlag jitterbug kidnap leapfrog manumit misfit nonplus occur offset
    omit outbid outfit outgun outrun outsit outstrip outwit overlap overrun overstep patrol permit photostat pinup
    photoset prefer preset program propel quickstep readmit rebel rebut recap recommit recur redub refer refit regret
    rehab remap remit repel reset resubmit retrofit sandbag sideslip sidestep skinnydip snowplow strap submit
    transfer transmit transship unbar uncap undercut unman unpin unplug unwrap unzip upset wigwag wiretap zap zigzag
    bootstrap backlog reformat inset typeset input output rerun sublet underbid overbid undershot unclog unclip unstop
    underpin underrun overfit overset reskin rewrap reequip recut rebid reglet upgun uptick dispel crossbar
    worship benefit focus bias gas combat leaflet"""
)
"""Verbs of more than one syllable that double their last consonant: they are stressed on it, or end in a short word."""

EITHER = _words("worship benefit focus bias gas combat leaflet bus format program kidnap handicap nonplus plus yes")
"""Verbs written with the consonant doubled and without."""

HARD_C = _words("panic mimic traffic frolic picnic politic bivouac garlic havoc magic colic tarmac")
"""Verbs in -c that are written with ck before an ending."""

IE_VERBS = _words("die lie tie vie belie untie underlie overlie hogtie outvie pie")

KEEP_E = _words("singe binge tinge swinge dye age cue queue whinge eye hie")
"""Verbs whose -ing keeps the e, beside those in -ee, -oe, -ye."""

EE_VERBS = _words("agree disagree free guarantee decree referee knee tee pee")

NO_FORMS = _words(
    """a about above beware best worst across after again against ago ahead all almost alone along already also although always among an
    and another any anybody anyone anything around as at away because been before behind below beneath beside besides
    between beyond both but by can cannot could despite during each either else elsewhere enough ever every everybody everyone everything everywhere for from he hence her here hers herself
    him himself his how however i if in indeed instead into is it its itself just least less lest many may maybe me
    meanwhile might mine more moreover most much must my myself nearly neither never nevertheless next no nobody
    none nor not nothing now nowhere of off often on once only onto or other others otherwise ought our ours
    ourselves over per perhaps quite rather same several shall she should since so some somebody somehow
    someone something sometimes somewhere soon still such than that the their theirs them themselves then thence there
    therefore these they this those though through throughout thus to together too toward towards twice under unless
    until unto upon us very via we what whatever when whenever where whereas wherever whether which
    whichever while who whoever whole whom whose why with within without would yet you your yours yourself
    yourselves one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty 
    third monday tuesday wednesday thursday friday saturday sunday january february april
    june july august september october november december"""
)
"""Words without inflected forms of their own; those that them by the way (no, noes) are not worth it."""

_ADJECTIVES = _words(
    """angry bad big bitter black bold brave brief bright broad bulky busy cheap chilly clever close? cloudy clumsy
    coarse costly crazy cruel cruddy dark deadly deaf dear deep dense dim? dirty drunk? dry? dull dumb eager early easy
    fair faint? fat few fierce filthy fine? firm? fit? flat foggy fond foolish? fresh friendly full funny good grave gray
    great greasy greedy green grey grim guilty handy happy hard harsh hasty healthy heavy high holy hot huge humble? hungry icy
    keen kind large lazy lean? light? likely little lively lonely long? loose? loud lovely low lucky mad merry mild
    moist muddy narrow? nasty near? neat new nice noble noisy odd old pale? pink plain pleasant polite poor pretty
    proud pure quick quiet? rainy rapid rare raw ready red rich ripe risky rough? round? rude sad safe scary severe
    shallow sharp short? shy? sick silly simple sleepy slim? slow? small smart? smelly smooth? sober? soft sorry sour?
    stale steady? steep stiff stormy strange strict strong stupid sturdy sunny sure sweet swift tall tame? tasty
    tender? tense? thick thin? thirsty tight tiny tired tough true ugly unhappy vague vast wealthy weak weary? weird
    wet? white wide wild windy wise worthy young warm? clean? clear? cool? calm? free? open? idle? blind? blunt? dumb
    secure? mature? remote obscure? acute gentle subtle able ample bloody gloomy hefty mighty grisly risky tricky shaky
    stark bleak grand lean? crisp? fast? frail blue brown? tidy? bare? lame lax hoarse damp? dusty mellow? rosy roomy
    wary unruly sane insane obese thorny steely"""
)


ADJECTIVES = frozenset(word.rstrip("?") for word in _ADJECTIVES)
"""Adjectives compared by -er and -est."""

COMPARED = _table("""good:better,best bad:worse,worst far:farther,farthest few:fewer,fewest""")
"""Adjectives compared otherwise; `late` is left alone, for later and latest are words of their own."""

VERBS = _words(
    """accord act appeal arrive deprive derive dive drive forgive give live outlive perceive receive relive
    archive motive contrive conceive deceive revive strive survive thrive connive overdrive skive wive
    administer alter anchor anger answer author badger banner barter batter better bicker bitter blister bluster
    bother broker buffer bunker butcher butter cancer cater censor center chair chapter charter chatter cheer cipher
    clamber clatter cluster clutter color conifer conquer consider copper corner counter cover cower decipher
    deliver differ discover dishonor disorder dither doctor embitter empower encounter endanger endeavor engender
    engineer enter err establish factor falter favor fester filter finger fetter flatter flicker flounder flower
    flutter founder garner gather gender glitter glimmer hammer hamper hanker harbor hinder honor hover hunger
    huddler jeer jitter labor ladder lather launder leer limber linger litter loiter lower lumber magister major
    malinger manoeuver maneuver master matter meander mentor meter minister mirror moderator monitor monster mother
    motor murder murmur mutter muster neighbor number occur offer order overpower oyster pamper pander parlor
    partner patter peer pepper persever perjur pester pilfer plaster plunder ponder porter power pour powder prefer
    proffer proctor prosper quarter quaver quiver rear recover redeliver register reconsider remember render
    reorder reenter roster rubber rumor sabre saunter savor scamper scatter scupper sever shatter shelter shimmer
    shiver shower shoulder shudder shutter sever silver simmer skewer slander slaughter slumber smatter smolder
    smoulder smother sneer soldier solder spatter splinter sponsor sputter squander stagger stammer steer stutter
    suffer summer surrender sunder swagger taper tailor tamper taper tar tatter tear teeter temper tender tether
    thunder tinker titter tower trigger tremor twitter tutor uncover upper usher utter vapor venture wager waiver
    wander waver wear weather welter whimper whisker whisper winter wither witness wonder yammer clear
    appear disappear reappear bear hear shear smear spear swear fear gear near overhear ear sear rear
    pier veer career commandeer domineer pioneer volunteer queer steer premier tier buccaneer electioneer
    soar roar floor door moor pour sour scour devour tour detour contour labour favour honour harbour colour
    neighbour savour rumour armour vapour endeavour clamour glamour flavor flavour outpour
    adhere stir whir abhor
    balance advance finance influence silence sentence experience reference dance fence glance enhance chance
    romance stance trance freelance ordinance lance evidence sequence license licence audience commence sequence
    inconvenience distance instance countenance nuance conference pence fence hence
    comment document experiment implement supplement complement compliment ornament augment cement torment lament
    segment fragment ferment foment pigment regiment instrument element moment parliament
    mention question function auction section station position sanction caution petition condition ration
    motion portion proportion fraction friction transition commission mission mention section partition caption option action
    provision envision vision tension pension occasion decommission fashion cushion championship
    list assist consist exist insist persist resist twist enlist desist subsist coexist preexist mist fist hoist
    moist whist heist blacklist whitelist shortlist waitlist wrist foist
    deal heal steal seal peal appeal reveal conceal congeal repeal squeal meal
    signal total rival cancel medal pedal metal marshal marshall equal initial journal dial trial tutorial channel
    squall call stall install forestall fall befall recall maul haul overhaul
    credential vandal jackal spiral corral cabal
    ship worship hardship censorship chip whip flip drip equip
    hood cloud motherhood
    topic panic mimic traffic frolic picnic politic bivouac garlic magic sic
    focus bus bias discuss gas nonplus caucus plus chorus surplus fuss truss
    dis radius bonus minus sus tennis
    go do undergo undo redo outdo overdo forgo forego echo veto torpedo embargo zero radio photo video demo
    lasso boo coo moo shoo woo taboo tattoo shampoo solo tango ski taxi
    boycott ransom
    enable disable stable table cable fable able reenable
    fly reply apply supply comply multiply imply rely ally rally tally bully sully ply dally misapply sally
    outfly oversupply gully belly jelly jolly wobbly resupply
    bury carry cry scurry hurry worry marry remarry query parry harry ferry tarry curry scry dry fry pry try spry
    retry study party pity copy photocopy deny envy levy occupy preoccupy prophesy steady ready tidy body empty
    embody lobby remedy parody rally dirty weary busy bandy candy pony spy fancy guaranty jury mutiny scrutiny
    tidy vary buddy baby puppy story sty volley accompany company mummy dummy gully rely untidy whisky quarry
    inventory history testimony subsidy caddy eddy muddy bloody sully shy sky bypass standby wry bully
    imbed mercury balcony mortify buoy prey
    control patrol
    hero memo caption drama
    dress bless stress guess press possess process harness witness business
    harness wilderness fitness
    undress regress
    grudge
    dial vial
    fuel duel
    center recenter
    err infer defer refer confer transfer deter inter incur recur concur spur blur slur demur
    fur
    star scar war bar mar jar char spar guitar
    disbar debar uncover add odd egg ebb err purr whirr putt boycott inn butt version letter layer increment remainder sum border clobber
    checker paper calendar sector waive malfunction renumber precondition hive sugar junction vacuum water veneer
    blunder gutter skipper feather proposition laser further drum hum strum gum helicopter filibuster rubber bar
    anchor fuel total video lobby trigger splinter counter register
    """
) | {word[:-1] for word in _ADJECTIVES if word.endswith("?")}
"""Verbs that end like nouns or adjectives, or are adjectives too."""

NO_VERBS = re.compile(
    r".*(?:a|[^aeiouf]y|[^aeiou]o|[^aeiou]i|ness|ism|ist|ment|[ae]nce|ship|hood|dom|er|or|ar|ian|ese|ous|al|ive"
    r"|[st]ion|ics?|ful|less|[ai]ble|um|us|is)"
)
"""How words end that are no verbs if they are not among VERBS."""

E_STEMS = re.compile(
    r"(?:[^aeiou]|qu)*[aeiouy][^aeiouwxyh]"  # rul-, typ-: short, they would have doubled
    r"|.*(?:[^aeiou]|qu)(?:[au]t|[aeiou]d|[aiou]k|[iu]l|[aiu]m|[iu]n|ap|[aiu]r|[aeiou][sz]|[io]b|[aeiu]g)"
    r"|.*[iu]at|.*[aeiou][aeiou][sgz]|.*[aeiou]?[cv]|.*[^ao]u|.*(?:[dlr]|en|ran|chan|oun|lun|rin|hin)g"
    r"|.*[lnpr]s|.*[nr]z|.*[bcdfgkptz]l|.*[bcdgpt]r"
)
"""How a verb in -e looks before -ed and -ing: invad-, determin-, challeng-, settl-."""

E_STEM = _words(
    """creat recreat permeat delineat nauseat procreat complet delet compet deplet secret obsolet unit invit excit
    recit ignit incit expedit overwrit rewrit typewrit websit reunit devot promot denot demot remot connot emot quot
    footnot keynot consol parol cajol welcom becom overcom conven interven contraven telephon phon postpon condon
    clon dethron microphon interfer persever cohere adher coher rever ignor explor restor implor deplor ador
    underscor bookstor past tast wast bast hast copypast bath breath cloth loath sooth teeth wreath seeth guid misguid shap
    escap loung pric ceas decreas infring cring fring reschedul telescop elop envelop hyphenat postul chok
    evok provok invok revok unclos disclos enclos involv quest perus analys paralys synthesiz barg larg massacr
    troubl reduc leagu catalogu dialogu argu prologu sieg besieg seiz eclips glimps laps collaps puls convuls
    expung challeng arrang derang rearrang estrang prearrang hing unhing ting lunch plung scroung impung revers ach
    headach cach tast ston limeston mileston bon backbon trombon zon ozon ton styl stil wip swip strip unscath
    aton reton attun compromis chaperon"""
) - _words("cohere lunch strip envelop barg quest impung")

E_LESS = _words(
    """combat format carpet invalid debut input void period pencil council peril fossil stencil vigil victim pilgrim
    origin cabin coffin robin resin ruin margin bargain cousin basin begin pillar collar calendar mortar cellar
    dollar grammar sugar vinegar guitar murmur sulfur bias canvas alias atlas gas tennis focus bus census status
    chorus caucus crocus minus plus virus campus circus orang boomerang retread pirat quit bring sing ring string
    spring swing ping wing ding sling sting wring kings kayak kodak muzak anorak batik trampolin
    gild zigzag anticlimax sandwich orphan balding rebuild null annul lung
    hatter arm"""
) - _words("pirat kings trampolin hatter arm null balding anticlimax gild")
"""Stems that look so, or that end like them, and are whole."""

IN_LY = _words(
    "family assembly anomaly monopoly belly lily jelly homily doily gully bully rally ally tally folly filly"
) | {word for word in VERBS | ADJECTIVES if word.endswith("ly")}
"""Words in -ly that are no adverbs, which have no forms."""

O_ES = _words(
    """echo veto hero potato tomato torpedo embargo go do no undergo undo redo outdo overdo forgo forego cargo mango
    volcano mosquito tornado domino buffalo zero negro mulatto"""
)
"""Words in -o with a plural in -oes."""

NOUNS = _words("""child war president""")
