"""pure: the words that rules about words except, as data; English first.

Everything is in folded form (lower case, no accents) but the keys of SMART_CASE, which are as they stand in a text.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """adm amb brig capt cdr cmdr col cpl cpt dr fr gen gov hon insp lt ltcol maj messrs mgr mme mr mrs ms mx pfc pres
    prof pvt rep rev sen sgt spc supt st mt ft vs cf eg ie e.g i.e al-hajj sec.-gen lt.-col lt.-gen maj.-gen"""
)
"""Abbreviations before a name or in the middle of a sentence: the full stop behind them never ends one."""

ABBREVIATIONS = _words(
    """approx ave assn bldg blvd bros co corp dept dist div est etc ext fig figs govt inc intl jr ltd mfg mi min misc
    natl no nos op p pp para plc pop pt rd sec sect sr tel univ vol vols jan feb mar apr jun jul aug sep sept oct
    nov dec mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan ky la
    mass md mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo ph.d m.d b.a m.a a.m p.m"""
)
"""Abbreviations that may end a sentence: they do when the next word is one that sentences start with."""

SENTENCE_STARTERS = _words(
    """a according after all also although among an and another any are as asked at because before both but by can
    despite did do does during each earlier even every few following for from had has have he her here his how
    however i if in instead is it its it's last later local many meanwhile more most much no none nor not now of
    officials on once one only other others our over police people several she since so some still such that that's
    the their then there there's these they they're this those though three to today two under until we what when
    where whether which while who why will with without would yesterday yet you"""
)
"""Words that, with a capital, more often start a sentence than continue a name."""

SMART_CASE: dict[str, bool] = dict.fromkeys(
    _words("AIDS COP DOE EU FARC HUD ID IRA LA PC PM POW SEC SIS SWAT TOW UN US VAT"), True
) | dict.fromkeys(
    _words(
        """ACE ACT ADD AID AIM AM AN ARM ART AS ASK BAT BE BEST BID BIT BY CAN CAP CARE CASE CAST CAT CHIP CO COIN CUB
        CUP DASH DEAL DEN DIN DIP DO DOT EAR END ERA FAST FAT FIT FOR GAP GAS GO HALO HAM HARM HAS HE HEAT HER
        HI HIT HOG HOPE HOT ICE IF IN IS IT LAB LAW LED LIT LOT MA MAD MAN MAP MAST ME MET MINT MOD MOP MY NAP
        NET NICE NO NOW OAR OH OK ON OPT OR OUR PA PACE PACT PAL PAN PASS PAT PEN PET PI PIN PIP PIT PLAN POP
        PORT RAID RAM RAP RAT RAW RED REST RICE RIP SAC SAD SAFE SAG SALT SAM SAP SAT SAVE SAW SEA SEAL SET SHE
        SIM SIT SLAM SNAP SO SOAR SPA STAR STEM SUM TAP TEAM TEN TIE TIN TIP TO TOE TOP UP VAN VET WAN WAR WASP
        WAVE WE WHO WIN ZIP"""
    ),
    False,
)
"""Common words of at most four letters that are also acronyms. True: in a line all in capitals it is still the acronym
(a headline's US is the country, its WHO is mostly the pronoun).
None of the latter is a plural: `who` must be able to name every key it may find."""

IRREGULAR: dict[str, str] = {
    plural: singular
    for pair in _words(
        """analyses:analysis antennae:antenna appendices:appendix aliases:alias atlases:atlas axes:axe
        bacteria:bacterium biases:bias bonuses:bonus buses:bus calves:calf campuses:campus canoes:canoe
        canvases:canvas caucuses:caucus censuses:census children:child choruses:chorus circuses:circus
        consensuses:consensus corpuses:corpus crises:crisis criteria:criterion curricula:curriculum
        diagnoses:diagnosis ellipses:ellipsis emphases:emphasis exoduses:exodus feet:foot fetuses:fetus
        foci:focus foes:foe fungi:fungus gases:gas geese:goose geniuses:genius grandchildren:grandchild
        halves:half hiatuses:hiatus hooves:hoof hypotheses:hypothesis indices:index irises:iris knives:knife
        leaves:leaf lenses:lens lice:louse lives:life loaves:loaf matrices:matrix men:man mice:mouse
        minuses:minus neuroses:neurosis nexuses:nexus nuclei:nucleus oases:oasis oboes:oboe opuses:opus oxen:ox
        parentheses:parenthesis phenomena:phenomenon pluses:plus prognoses:prognosis prospectuses:prospectus
        psychoses:psychosis quizzes:quiz referenda:referendum ruckuses:ruckus scarves:scarf selves:self
        sheaves:sheaf shelves:shelf shoes:shoe sinuses:sinus snowshoes:snowshoe statuses:status
        stimuli:stimulus surpluses:surplus syllabuses:syllabus syntheses:synthesis teeth:tooth theses:thesis
        thieves:thief toes:toe tiptoes:tiptoe vertebrae:vertebra viruses:virus walruses:walrus wives:wife
        housewives:housewife midwives:midwife wolves:wolf woes:woe aches:ache headaches:headache caches:cache
        moustaches:moustache mustaches:mustache apaches:apache niches:niche creches:creche avalanches:avalanche
        porsches:porsche quiches:quiche movies:movie cookies:cookie zombies:zombie rookies:rookie
        selfies:selfie calories:calorie prairies:prairie genies:genie hippies:hippie junkies:junkie
        birdies:birdie bogies:bogie eyries:eyrie aussies:aussie yuppies:yuppie smoothies:smoothie
        hoodies:hoodie foodies:foodie techies:techie goalies:goalie walkies:walkie talkies:talkie
        newbies:newbie townies:townie groupies:groupie doggies:doggie laddies:laddie lassies:lassie
        brownies:brownie veggies:veggie pixies:pixie neckties:necktie magpies:magpie reveries:reverie
        sorties:sortie coteries:coterie collies:collie caddies:caddie afghanis:afghani azerbaijanis:azerbaijani
        azeris:azeri bahrainis:bahraini balochis:balochi bangladeshis:bangladeshi bengalis:bengali
        emiratis:emirati emojis:emoji gujaratis:gujarati houthis:houthi huthis:huthi iraqis:iraqi
        israelis:israeli jihadis:jihadi kashmiris:kashmiri kiwis:kiwi kuwaitis:kuwaiti maoris:maori nazis:nazi
        nepalis:nepali omanis:omani pakistanis:pakistani pashtunis:pashtuni punjabis:punjabi qataris:qatari
        rabbis:rabbi safaris:safari salafis:salafi saudis:saudi skis:ski somalis:somali sufis:sufi taxis:taxi
        tsunamis:tsunami wahhabis:wahhabi yazidis:yazidi yezidis:yezidi yemenis:yemeni zanzibaris:zanzibari
        gurus:guru emus:emu menus:menu bayous:bayou haikus:haiku zulus:zulu hindus:hindu tutus:tutu gnus:gnu"""
    )
    for plural, singular in [pair.split(":")]
}
"""Plurals the endings do not tell, by their singular: Latin and Greek ones, -is and -us that are plurals (Iraqis,
menus), and the few -ies, -oes, -ches that keep their e."""

UNCHANGED = _words(
    """abbas adams always amass andrews angeles ares arkansas athens barbados bahamas besides brussels cannes caracas
    charles christmas collins cosmos dallas davies diabetes douglas edwards elias ethos fars gallows gates goods
    hamas hastings headquarters herpes hermes honduras hopkins hughes jacobs james jenkins jones judas kansas kudos
    laos lens los lucas maldives mars mathews matthews mercedes midas molasses naples news nicholas palms parsons
    perhaps peters philips phillips powers quds rabies reuters richards roberts rogers sanders sears series siemens
    species stevens swiss texas thanks thomas themselves ourselves yourselves sometimes towards upwards downwards
    afterwards backwards forwards vegas vilnius wales watts williams yes abdomen acumen amen bremen carmen cyclamen
    hymen lumen omen ramen regimen semen specimen stamen tiananmen turkmen yemen chaos pathos bathos thermos
    rhinoceros asbestos minos carlos marcos santos ramos campos barrios burgos dubois dos"""
) | frozenset(IRREGULAR.values())
"""Words that end like plurals and are none (atlas too), or that mean something else without the ending (Hamas)."""

COMMON = _words(
    """a about after again against all also although am among an and another any are around as at away back be because
    been before being between both but by call came can come could country day did do does don't down during each
    early even every far few find first for former found from get give go going good government great group had has
    have he her here high him his home house how however i if in including into is it its just know large last
    later leave left less life like little local long made make man many may me member military might million
    minister month more most mr much must my national near never new news next night no not now number of off
    office official old on once one only or order other our out over own part people place plan play point police
    power president public put report right run said same saw say second see set she should show side since small
    so some spokesman state still such support take tell than that the their them then there these they thing think
    this those though three through time to today told too top two under united until up use used very want war was
    way we week well went were what when where which while who why will with within without woman word work world
    would year yesterday yet you young your"""
)
"""Folded words so frequent in news that no rule should be filed under them if it has another."""
