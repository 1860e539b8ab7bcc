"""pure: what the rules of English endings except, as data for text.inflect. Everything is folded."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> dict[str, tuple[str, ...]]:
    return {base: tuple(forms.split(",")) for base, forms in (entry.split(":") for entry in text.split())}


IRREGULAR_VERBS = _table(
    """arise:arose,arisen awake:awoke,awoken,awaked be:am,are,is,was,were,been bear:bore,borne beat:beat,beaten
    become:became,become befall:befell,befallen beget:begot,begat,begotten begin:began,begun behold:beheld
    bend:bent bereave:bereaved,bereft beseech:besought,beseeched beset:beset bestride:bestrode,bestridden
    bet:bet,betted bid:bid,bade,bidden bind:bound bite:bit,bitten bleed:bled blow:blew,blown break:broke,broken
    breed:bred bring:brought broadcast:broadcast,broadcasted browbeat:browbeat,browbeaten build:built
    burn:burned,burnt burst:burst bust:busted,bust buy:bought cast:cast catch:caught choose:chose,chosen
    cleave:cleaved,cleft,clove,cloven cling:clung come:came,come cost:cost,costed creep:crept cut:cut deal:dealt
    dig:dug dive:dived,dove do:did,done draw:drew,drawn dream:dreamed,dreamt drink:drank,drunk drive:drove,driven
    dwell:dwelt,dwelled eat:ate,eaten fall:fell,fallen feed:fed feel:felt fight:fought find:found fit:fitted,fit
    flee:fled fling:flung fly:flew,flown forbear:forbore,forborne forbid:forbade,forbad,forbidden
    forecast:forecast,forecasted forget:forgot,forgotten forgive:forgave,forgiven forgo:forwent,forgone
    forsake:forsook,forsaken freeze:froze,frozen gainsay:gainsaid get:got,gotten gild:gilded,gilt gird:girded,girt
    give:gave,given go:went,gone grind:ground grow:grew,grown hamstring:hamstrung hang:hung,hanged have:had,has
    hear:heard heave:heaved,hove hew:hewed,hewn hide:hid,hidden hit:hit hold:held hurt:hurt input:input,inputted
    inset:inset keep:kept kneel:knelt,kneeled knit:knitted,knit know:knew,known lay:laid lead:led
    lean:leaned,leant leap:leaped,leapt learn:learned,learnt leave:left lend:lent let:let lie:lay,lain,lied
    light:lit,lighted lose:lost make:made mean:meant meet:met melt:melted,molten mow:mowed,mown offset:offset
    output:output,outputted partake:partook,partaken pay:paid plead:pleaded,pled preset:preset proofread:proofread
    prove:proved,proven put:put quit:quit,quitted read:read rend:rent rid:rid,ridded ride:rode,ridden
    ring:rang,rung rise:rose,risen run:ran,run saw:sawed,sawn say:said see:saw,seen seek:sought sell:sold
    send:sent set:set sew:sewed,sewn shake:shook,shaken shear:sheared,shorn shed:shed shine:shone,shined
    shoe:shod,shoed shoot:shot show:showed,shown shrink:shrank,shrunk,shrunken shut:shut sing:sang,sung
    sink:sank,sunk,sunken sit:sat slay:slew,slain sleep:slept slide:slid sling:slung slink:slunk slit:slit
    smell:smelled,smelt smite:smote,smitten sow:sowed,sown speak:spoke,spoken speed:sped,speeded
    spell:spelled,spelt spend:spent spill:spilled,spilt spin:spun,span spit:spat,spit split:split
    spoil:spoiled,spoilt spread:spread spring:sprang,sprung stand:stood steal:stole,stolen stick:stuck sting:stung
    stink:stank,stunk strew:strewed,strewn stride:strode,stridden strike:struck,stricken string:strung
    strive:strove,striven,strived sublet:sublet swear:swore,sworn sweat:sweated,sweat sweep:swept
    swell:swelled,swollen swim:swam,swum swing:swung take:took,taken teach:taught tear:tore,torn telecast:telecast
    tell:told think:thought thrive:thrived,throve,thriven throw:threw,thrown thrust:thrust tread:trod,trodden
    unbind:unbound undergo:underwent,undergone understand:understood undo:undid,undone unwind:unwound
    uphold:upheld upset:upset wake:woke,woken,waked waylay:waylaid wear:wore,worn weave:wove,woven,weaved
    wed:wedded,wed weep:wept wet:wetted,wet win:won wind:wound withdraw:withdrew,withdrawn withhold:withheld
    withstand:withstood wring:wrung write:wrote,written"""
)
"""Verbs by their past forms, and the others that endings do not tell. A regular past beside another is listed too."""

PREFIXES = ("over", "re", "out", "under", "mis", "fore")
"""A verb behind one of these is as irregular as without it: overthrow, rebuild, mislead."""

REGULAR = _words("belay foreground misfit missing outcast outlay outlet outset refit relay relie resaw underground")
"""What begins like one of them and is no such verb."""

OWN = _words(
    """background bore born bound bust cleft clove dove foreground found gilt girt ground lay outlay outset
    overlay rebound relay rent resent slew smelt span underground underlay wound"""
)
"""Past forms that are words of their own, and taken for these when asked for: `wound~` is not `wind~`."""

UNWANTED = _table(
    """bear:bore cleave:cleft,clove dive:dove even:evening gild:gilt gird:girt grind:ground rend:rent slay:slew
    smell:smelt spin:span wed:wedding wind:wound"""
)
"""Inflected forms that nearly always are another word, so that a rule's author would be surprised to find them."""

NOT_FORMS = _words(
    """airbed always anything awning beijing biped bloodshed boeing ceiling chongqing crooked darling deathbed
    dogged duckling dumpling earring embed evening everything farthing foundling gosling hamstring handspring hatred
    herring hireling hotbed hundred imbed infrared inkling jagged kindred kunming lightning mainspring moped morning
    naked nanjing newlywed nothing offspring peking perhaps pudding ragged riverbed rugged sacred seabed seedling
    shilling shred sibling sled something sometimes sterling thus unbed underling viking watershed wedding weekling
    wicked wretched yearling"""
)
"""Words that end like an inflected form and are none."""

DOUBLING = _words(
    """abet abhor abut acquit admit airdrop allot annul appal aver babysit backdrop backlog backstop befit begin
    benefit beset bias bobsled bootleg bootstrap catnap combat commit compel concur confer control costar debar
    debug defer demur deter disbar disinter dispel distil eavesdrop embed emit enrol entrap enwrap equip excel expel
    extol focus forbid forget format fulfil gas handicap hobnob imbed impel incur infer input inset instil inter
    jitterbug kidnap leaflet leapfrog misfit nonplus occur offset omit outbid outfit outgun output outrun outstrip
    outwit overbid overfit overlap overrun overstep patrol permit prefer preset program propel readmit rebel rebid
    rebut recap recommit recur recut reequip refer refit reformat regret rehab remap remit reoccur repel rerun reset
    resubmit retrofit rewrap sandbag sidestep sublet submit transfer transmit typeset unbar uncap unclip unclog
    underbid undercut underpin unfit unman unpin unplug unwrap unzip upset wiretap worship zigzag"""
)
"""Verbs of more than one syllable that double their last consonant: they are stressed on it, or end in a short word."""

EITHER = _words(
    """benefit bias bus combat dial duel equal focus format fuel gas handicap initial kidnap leaflet nonplus plus
    trial worship yes"""
)
"""Verbs written with the last consonant doubled and without."""

HARD_C = _words("bivouac frolic garlic havoc mimic panic picnic politic tarmac traffic")
"""Verbs that are written with ck before an ending."""

IE_VERBS = _words("belie die hogtie lie outvie overlie tie underlie untie vie")

KEEP_E = _words("age binge cue dye hie queue singe swinge tinge whinge")
"""Verbs whose -ing keeps the e, beside those in -ee, -oe and -ye."""

EE_VERBS = _words("agree decree disagree free guarantee knee referee tee")
"""All whose past ends in -eed, as need and seed do without being one."""

HARD_CH = _words("epoch eunuch loch matriarch monarch oligarch patriarch stomach tech triptych")
"""Words in -ch with a plural in -s."""

O_ES = _words(
    """buffalo cargo do domino echo embargo forego forgo go hero mango mosquito mulatto negro no outdo overdo potato
    redo tomato tornado torpedo undergo undo veto volcano zero"""
)
"""Words in -o with a plural in -oes."""

NO_FORMS = _words(
    """a about above across after again against ago ahead all almost alone along already also although always among
    an and another any anybody anyone anything april around as at august away because been before behind below
    beneath beside besides best between beware beyond both but by can cannot could december despite during each
    eight either eleven else elsewhere enough ever every everybody everyone everything everywhere february fifty
    five for forty four friday from he hence her here hers herself him himself his how however i if in indeed
    instead into is it its itself january july june just least less lest many may maybe me meanwhile might mine
    monday more moreover most much must my myself nearly neither never nevertheless next nine no nobody none nor not
    nothing november now nowhere october of off often on once one only onto or other others otherwise ought our ours
    ourselves over per perhaps quite rather saturday september seven several shall she should since six so some
    somebody somehow someone something sometimes somewhere soon still such sunday ten than that the their theirs
    them themselves then thence there therefore these they third thirty this those though three through throughout
    thursday thus to together too toward towards tuesday twelve twenty twice two under unless until unto upon us
    very via we wednesday what whatever when whenever where whereas wherever whether which whichever while who
    whoever whom whose why with within without worst would yet you your yours yourself yourselves"""
)
"""Words without inflected forms; those that some have by the way (ifs and buts) nobody looks for."""

COMPARED = _table("bad:worse,worst far:farther,farthest few:fewer,fewest good:better,best")
"""Adjectives compared otherwise; `late` is left alone, for later and latest are words of their own."""

ADJECTIVES = _words(
    """able acute ample angry bad big bitter bleak blue bold brief bright broad bulky cheap chilly clever cloudy
    clumsy coarse costly crazy cruel dark deadly deaf dear deep dense drunk dumb dusty eager early easy fair fat
    fierce filthy flat foggy fond foolish frail free fresh friendly full funny gloomy good grand grave greasy
    great greedy grim grisly guilty handy happy hard hardy harsh hasty healthy heavy hefty high hoarse holy hot
    huge hungry icy insane keen kind large lax lazy likely little lively lonely loud lovely low lucky mad merry
    messy mighty mild moist moody murky nasty neat needy new nice noble noisy obese odd old petty pink plain
    pleasant polite poor posh pretty profound proud pure quick rainy rapid rare raw red remote rich ripe risky
    roomy rosy rude sad sane scary severe shaky sharp sick silly simple sincere sleepy small smelly soft sorry
    stark steely steep stern stiff stormy stout strange strict strong stupid sturdy subtle sunny sure sweet swift
    tall tasty thick thirsty thorny tight tiny tired tricky true ugly unhappy unruly vague vast wary weak wealthy
    weird wide wild windy worthy young"""
)
"""Adjectives compared by -er and -est that are no verbs."""

ADJECTIVE_VERBS = _words(
    """bare black blind blunt brave brown busy calm clean clear close cool crisp damp dim dirty dry dull faint
    fast fine firm fit gentle gray green grey humble idle lame lean light long loose lower mature mellow narrow
    near obscure pale quiet ready rough round safe secure shallow short shy slim slow smart smooth sober sour
    stale steady tame tender tense thin tidy tough warm weary wet white wise"""
)
"""Those that are verbs too."""

NOUNS = _words(
    """acid actress afternoon aircraft airport airspace alien alley amp anthem apple april art asteroid atlas atom
    autumn avenue ayatollah bacon bandit baron battalion billion birth bishop botnet boy bread bride brigade bullet
    bureau cabinet caliph caliphate camel carbon cattle chairman chaos chapel chef child church cigarette circuit
    citizen clause clergyman climate cloth coffin colleague colonel column comet committee concert consul continent
    corpse coup cousin cricket crime culprit curfew custom cyclone day deadline death debt decade deficit degree
    democrat dialect diamond diplomat dissident district dividend drought earthquake elite emblem empire enclave
    episode epoch estate event expert fact faith famine feet firmware fleet foe fraud friend frigate frontline gene
    genocide girl gold graveyard grenade griffin guideline guild habit hall hardware headquarters health heart
    heaven height heir heritage hill hostage hotel hour household hurricane hybrid imam immigrant incident income
    infant infrastructure inmate inquest insect instinct insurgent intellect intent internet island item jihad kit
    landlord laptop law lawsuit legend legislature leopard lieutenant life lion loophole loss lung magazine
    magistrate malware margin marine marriage meat megawatt memoir midnight migrant mile militant million minaret
    missile monarch money month morale morning mosque motel motif mountain mullah myth nature night noon north novel
    nun ocean opinion opponent outcome outlet pact palace paradise parent parish passage passport past patient peace
    peasant percent period person pilgrim pipeline planet platform poem poet pontiff portfolio precedent precinct
    prelate president priest prince princess principle prison procedure prophet province psalm pundit pupil racket
    ransomware realm recipe recipient recluse refuge refugee regent regime region reptile resident restaurant
    revenue rhythm rite road robot role saint satellite scene secret sect senate sequel sergeant series serpent
    servant shah shark sheikh shirt sibling silicon skeleton slogan software son soul south spacecraft spacewalk
    spokesman spouse squad squadron statue street student submarine suburb subway success suite sultan summit
    surgeon symbol symptom syndrome synod system talent technique teen temple tenet terrain text theft theme thief
    thing thousand threat tissue tomb tome ton tonne town tract treason tribe tribute truth turbine tycoon typhoon
    tyrant uncle union unit universe vaccine vehicle venue verdict verse vessel veteran vice victim village villain
    virtue warhead warlord wealth weapon website week west wife wildfire woman workforce world wreath youth"""
)
"""Common nouns that are no verbs, though their endings would let them be."""

NO_VERBS = re.compile(
    r".*(?:a|[^aeiouf]y|[^aeiou]o|[^aeiou]i|ness|ism|ist|ment|[ae]nce|ship|hood|dom|er|or|ar|ian|ese|ous|al|ive"
    r"|[st]ion|ics?|ful|less|[ai]ble|um|us|is)"
)
"""How words end that are no verbs, if they are not among VERBS."""

VERBS = _words(
    """abhor accompany action administer advance ally alter anchor anger answer appeal appear apply archive arrive
    assist auction augment author aver baby badger balance bandy bar barber barter batter bear beaver beleaguer
    belly bicker blacklist bless blister bloody blunder bluster bolster border bother broker buddy buffer bully
    bunker bury bus butcher butter cable calendar candy caption career carry cater caucus caution cement censor
    center chance char charter chatter checker cheer chorus cipher clamber clatter clobber cluster clutter
    coauthor coexist color commandeer commence comment commission complement compliment comply conceal conceive
    condition confer congeal connive conquer consider consist contrive copper copy corner corral countenance
    counter cover cower credential cry curry dally dance deal debar deceive decipher decommission defer deliver
    deny deprive derive desist deter dial dicker differ disable disappear disbar discover disfavor dishonor
    disorder distance dither dive do doctor document domineer drive drum ear echo eddy electioneer embargo
    embitter embody empower empty enable encounter encumber endanger endeavor engender engineer enhance enlist
    enter entrance envision envy equal evidence exist experience experiment factor falter fancy favor fear feather
    fence ferment ferry fester fetter filibuster filter finance finger flatter flavor flicker floor flounder
    flower flurry flutter fly focus fodder foist foment forego forgive forgo founder fraction fragment freelance
    frolic fry function further garner gather gear gender give glance glimmer glitter go grandfather gum gutter
    halo halter hammer hamper hanker harbor harness harry heal hear hector helicopter hinder hive hoist holler
    honor hover hum humor hunger hurry implement imply inconvenience increment infer influence initial insist
    instance instrument inter inventory jabber jar jeer journal junction labor ladder lament lance laser lasso
    lather launder layer leer lesion letter lever levy licence limber linger list litter live lobby loiter lumber
    major malfunction malinger maneuver manoeuver mar marry marshal master matter meal meander memo mention mentor
    metal meter mimic minister mirror misapply mist miter monitor moor mortar mother motion motor muddy multiply
    mummy murder muster mutiny mutter neighbor neuter nonplus nuance number occasion occupy offer option order
    ornament outdo outlive overdo overdrive overhear overpower pamper pander panic paper parody parry partition
    partner party patter peal pedal peer pension pepper perceive persist pester petition photocopy picnic pigment
    pilfer pioneer pity plaster plunder ply ponder portion position powder power precondition preexist prefer
    premier preoccupy proctor proffer prophesy proportion proposition prosper provision pry putter quarry quarter
    quaver queer query question quiver radius rally ration reappear reapply rear receive recenter reconsider
    recover rediscover redo reenable reenter refer reference refocus regiment register relive rely remainder
    remarry remaster remedy remember render rendezvous renumber reorder repeal reply requisition resist resupply
    retry reveal revive rival roar roster rumor sally sanction sandpaper saunter savor scamper scar scatter
    scavenger scupper scurry seal sear section sector segment sentence sequence sequester sever shatter shear
    shelter shimmer ship shiver shortlist shoulder shower shudder shutter sic signal silence silver simmer simper
    sinter skewer ski skipper slander slaughter slither slumber smear smolder smother smoulder sneer soar solder
    soldier solo spar spatter spear spiral splinter sponsor sputter spy squander squeal stable stagger stammer
    star station steal steamroller steer strive strum study stutter subsist suffer sugar sully sum summer sunder
    supplement supply surrender survive swagger swear table tailor tally tamper tango taper tar tarry tatter taxi
    tear teeter temper tension tether thrive thunder tier tinker titter torment torpedo total tower traffic
    transfer transition trellis trial trigger try tutor twist twitter uncover undergo undo usher utter vacation
    vacuum vapor vary veer veneer version veto vision volunteer wafer wager waive wallpaper wander war water waver
    wear weather welter whimper whisper whitelist winter wither witness wonder worry worship yammer zero zipper"""
)
"""Verbs that end so."""

IN_LY = ADJECTIVES | VERBS | _words("anomaly assembly belly family filly folly gully homily jelly lily monopoly")
"""Words in -ly that are no adverbs, which have no forms."""

E_STEMS = re.compile(
    r".*(?:[^aeiou]|qu)(?:[au]t|[aeiou]d|[aiou]k|[iu]l|[aiu]m|[iu]n|[ay]p|[aiu]r|[aeiou][sz]|[io]b|[aeiu]g)"
    r"|.*[iu]at|.*uad|.*[aeiou][aeiou][sgz]|.*[cv]|.*[^ao]u|.*(?:[dlr]|en|ran|chan|oun|lun|rin|hin)g"
    r"|.*[lnpr]s|.*[nr]z|.*[bcdfgkptz]l|.*[bcdgpt]r"
)
"""How a verb in -e looks before -ed and -ing: invad-, determin-, challeng-, settl-."""

E_STEM = _words(
    """ach adher ador analys analyz argu arrang aton attun aw ax backbon bast bath becom besieg bon bookstor
    breath brows cach cajol cano catalogu ceas challeng chaperon chok clon cloth coher collaps compet complet
    composit compromis concret condon connot consol contraven conven convuls copypast creat cring decreas delet
    delineat demot denot deplet deplor derang dethron devot dialogu disclos drows eclips elop emot enclos escap
    estrang evok excit exhal expedit explor expung footnot fring glimps guid hassl hast headach hing hyphenat
    ignit ignor implor incit infring inhal interfer interven invit invok involv keynot laps larg leagu limeston
    loath loung massacr microphon mileston misguid misquot nauseat nich obsolet opposit overcom overwrit ow ozon
    paralys parol past permeat persever perus phon plung postpon postul prearrang pric procreat prologu promot
    provok puls quot rearrang recit recreat reduc remot rerout rescal reschedul restor reton reunit rever revers
    revok rewrit scal scroung secret seeth seiz shap sieg sooth spong stil ston styl swip synthesiz tast teeth
    telephon telescop ting to ton trombon troubl typewrit unclos underscor unhing unit unscath upscal wast websit
    welcom wholesal wip wreath zon"""
)
"""Such stems that the pattern does not tell."""

WHOLE = _words(
    """add alias annul anorak atlas bargain basin batik begin bias boomerang boycott bring bus butt cabin calendar
    campus canvas carpet caucus cellar census chagrin chorus circus coffin collar combat council cousin crocus
    debut ding dollar ebb egg err focus forestall format fossil gas grammar guitar inn input install invalid kayak
    kodak lung margin minus mortar murmur muzak odd orang origin orphan pencil peril period pilgrim pillar ping
    plus purr quell quit rebuild recall reinstall resin retread ring robin ruin sandwich sing sling snowball
    spring status stencil sting string sugar sulfur swing tennis victim vigil vinegar virus void whirr wing wring
    zigzag"""
)
"""Stems that look like one, or doubled, and are whole: visit-, add-."""
