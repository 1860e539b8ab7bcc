"""pure: a word -> the month it names, in the languages that feeds are written in.

Names are kept as text/letters folds them, nominative and genitive. A name that two languages give to different months
(Croatian listopad) is left out for all but the larger one; other calendars have other months (text/jalali.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from watcher.text.letters import folded

__all__ = ["COMPOUND", "month"]

_FULL = """
january february march april may june july august september october november december
januar februar marz april mai juni juli august september oktober november dezember
janner feber maerz - - - - - - - - -
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november desember
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
- - - - - - - - setiembre - - -
janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
gener febrer marc abril maig juny juliol agost setembre octubre novembre desembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia
styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince
leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec
januara februara marca aprila maja juna jula augusta septembra oktobra novembra decembra
ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta - - - - - -
- - - - - - heinakuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
januari februari maret april mei juni juli agustus september oktober november desember
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
януари февруари март април май юни юли август септември октомври ноември декември
ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου νοεμβριου δεκεμβριου
ιανουαριος φεβρουαριος μαρτιος απριλιος μαιος ιουνιος ιουλιος αυγουστος σεπτεμβριος οκτωβριος νοεμβριος δεκεμβριος
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
- - - إبريل - يونية يولية اوغسطس - - - -
كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول
جانفي فيفري - أفريل ماي جوان جويلية أوت - - - -
- - - - - - يوليوز غشت شتنبر - نونبر دجنبر
ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
"""

_SHORT = """
jan feb mar apr may jun jul aug sep oct nov dec
- febr mrz - - - - - sept okt - dez
- - mrt - mei - - - - - - -
- - - - - - - - - okt - des
janv fevr - avr - - juil - - - - -
ene febr - abr - - - ago set - - dic
- fev - - mai - - - - out - dez
gen - - - mag giu lug ago set ott - dic
ian - - - - iun iul - - - noi -
sty lut mar kwi maj cze lip sie wrz paz lis gru
oca sub - nis - haz tem agu eyl eki kas ara
ιαν φεβ μαρ απρ μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ
янв фев мар апр май июн июл авг сен окт ноя дек
- февр - - - - - - сент - нояб -
січ лют бер кві тра чер лип сер вер жов лис гру
- - берез квіт трав черв - серп верес жовт листоп груд
"""

_WORDS = frozenset(("out", "set", "ago", "gen", "mag", "sub", "ara", "sie", "tem", "lip", "des"))
"""Short names that are words: "10 out 2015"."""

COMPOUND = "(?:كانون|تشرين)"
"""What the names of two words begin with."""


def _numbered(table: str) -> Iterator[tuple[str, int]]:
    for line in table.split("\n"):
        for number, name in enumerate(line.split(), 1):
            yield folded(name.replace("_", " ")), number


def _read(table: str) -> Mapping[str, int]:
    return {name: number for name, number in _numbered(table) if name != "-"}


_NAMES = _read(_FULL)
_ABBREVIATED = _read(_SHORT)


def month(word: str, *, guess: bool = False) -> int | None:
    """1 to 12, or None; with `guess` also for abbreviations that are words as well, and for misspelt English names."""
    name = " ".join(folded(part) for part in word.split()).rstrip(".")
    found = _NAMES.get(name)
    if found is None and (guess or name not in _WORDS):
        found = _ABBREVIATED.get(name)
    return _misspelt(name) if found is None and guess else found


def _misspelt(name: str) -> int | None:
    """As feedparser has it: the first three letters, of which English has no two alike ("Janaury")."""
    return _ENGLISH.get(name[:3]) if name.isascii() and len(name) > 3 else None


_ENGLISH = dict(_numbered("jan feb mar apr may jun jul aug sep oct nov dec"))
