"""pure: names so wide that sharing one says little: of countries, peoples, months, bodies; and small words.

How common a name is, is learned from what is stored; this stands in for that until enough is, and for the words of
which longer names are made. A name that is missing here is only taken for a rarer one than it is.
"""

from __future__ import annotations

__all__ = ["STEMS", "WIDE"]

_COUNTRIES = """
afghanistan albania algeria angola argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium
benin bolivia bosnia botswana brazil britain bulgaria burkina cambodia cameroon canada chad chile china colombia congo
croatia cuba cyprus denmark ecuador egypt england eritrea estonia ethiopia fiji finland france gabon gambia georgia
germany ghana greece guatemala guinea haiti honduras hungary iceland india indonesia iran iraq ireland israel italy
jamaica japan jordan kazakhstan kenya korea kosovo kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya
lithuania luxembourg macedonia madagascar malawi malaysia mali malta mauritania mexico moldova mongolia montenegro
morocco mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama
paraguay peru philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia
slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan tanzania thailand togo tunisia turkey türkiye
uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe africa america asia europe
deutschland frankreich italien spanien russland türkei polen schweiz österreich großbritannien usa
allemagne espagne italie russie turquie chine japon inde belgique suisse égypte irak syrie
alemania francia italia rusia turquía china japón egipto brasil méxico
"""
_PEOPLES = """
afghan african american arab asian australian austrian belgian brazilian british bulgarian canadian chilean chinese
colombian cuban czech danish dutch egyptian english european finnish french german greek hungarian indian indonesian
iranian iraqi irish israeli italian japanese jewish jordanian kenyan korean kurdish kurd lebanese libyan malaysian
mexican moroccan muslim christian nigerian norwegian pakistani palestinian persian peruvian philippine polish
portuguese romanian russian saudi scottish serbian shia shiite shi'ite spanish sudanese sunni swedish swiss syrian
taiwanese thai turkish ukrainian vietnamese western yemeni
"""
_TIMES = """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun
januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi
samedi dimanche enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes
miércoles jueves viernes sábado domingo christmas easter ramadan gmt utc est cet
"""
_BODIES = """
united states nations union kingdom emirates republic islamic state states' us u.s. uk eu un u.n. u.k. nato who gop
government ministry minister department office house senate congress parliament council court police army navy force
guard agency bank university college school hospital company corporation group party league committee commission
association foundation institute centre center airport street road river north south east west northern southern
eastern western central upper lower new old great saint city town county province region district national
international federal royal general public press news times post reuters ap afp tass dpa bbc cnn
"""
_RANKS = """
president prime secretary chief chairman chairwoman director governor mayor senator judge justice king queen prince
princess pope bishop sir lord lady dr mr mrs ms prof professor gen col lt sgt maj capt brig adm captain colonel
lieutenant sergeant major commander officer spokesman spokeswoman administration officials authorities
"""

_SMALL = """
the a an of for and in on at to by we he she it i you they this that these those is are was were be been but with from
as or not no yes his her their its our your my when who what where why how if then there here after before while since
until under over into about against between both more most some any all each also just only than so such will would
can could may might must has have had do does did says said
"""

WIDE = frozenset(word for words in (_COUNTRIES, _PEOPLES, _TIMES, _BODIES, _RANKS, _SMALL) for word in words.split())
STEMS = frozenset(("росс", "украин", "сша", "кита", "герман", "франц", "израил", "ира", "сир", "турц", "европ"))
"""The same of Russia, Ukraine, the USA, China, Germany, France, Israel, Iran, Syria, Turkey and Europe in Russian, by
what their stemmer makes of them: to ask it would load it into each watcher."""
