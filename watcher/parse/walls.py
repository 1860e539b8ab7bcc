"""pure: a page and its blocks -> what stands before its text: "paywall", "cookies" or "" for nothing.

A wall is known by what it says to its reader, in a sentence or on a button of its own, and by how little stands beside
it: an article about cookies or subscriptions speaks of them, at length. What a page declares of itself
(isAccessibleForFree in JSON-LD, a content tier) counts only where the text is short, too: many a wall lets search
engines in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser

from watcher.model import Block, BlockKind, Section
from watcher.parse import page
from watcher.text.amount import words

__all__ = ["COOKIES", "PAYWALL", "wall_of", "without_calls"]

PAYWALL, COOKIES = "paywall", "cookies"
_TEASER = 300  # words: a call to subscribe beside more than these stands beside an article
_LOCKED_TEASER = 700  # the same where the page declares that it is locked, or its text breaks off
_LOCKED = 150  # words of a locked page that needs no call
_AFTER = 80  # words behind the call from which it stands in the middle of an article
_BESIDE = 60  # words that speak of something else beside a question for consent
_QUESTION = 400  # words of all there is, beyond which it is no such question
_LONG = 60  # words of a sentence or block that is a call or a question
_LONGEST = 600  # characters of it
_BLOCKS = 400  # that are looked at

_SENTENCE = re.compile(r"[.!?…。！？؟]+[\s\"'”’»)\]]*")
_EDGES = " \t\"'“”„‚‘’«»‹›()[]-–—:·•|>→¿¡"
_CUT = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.)\])\s*$")
_FREE = re.compile(r"isaccessibleforfree[\"']?\s*:\s*[\"']?(?:false|no)\b", re.IGNORECASE)
_TIERS = frozenset({"locked", "metered", "premium", "paid", "subscriber", "subscribers", "subscription"})
_TIER = re.compile(r"content[_.-]?tier|paywall|isaccessibleforfree|article:(?:access|opinion_tier)", re.IGNORECASE)


def _any(*forms: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(forms)})", re.IGNORECASE)


_CALL = _any(
    # en
    r"(?:please )?(?:subscribe|register|sign (?:up|in)|log ?in|join|become an? (?:member|subscriber)|"
    r"create (?:a|an|your) (?:free )?account|start (?:your|a) (?:free )?trial)\b.{0,40}?\b(?:to|and) "
    r"(?:(?:continue|keep|finish|go on) reading|read (?:on|the (?:full|rest|whole|entire)|this|more|the article)|"
    r"unlock|"
    r"(?:get |gain )?(?:full |unlimited )?access (?:to )?(?:this|the|all)|see the (?:full|rest)|continue)\b.{0,60}",
    r"to (?:continue|keep|finish|go on) reading\b.{0,60}\b(?:subscribe|subscription|log in|sign in|register|"
    r"member)\b.{0,40}",
    r"(?:this|the (?:rest of (?:this|the)|full)) (?:article|story|content|page|post|report|text)\b.{0,20}\b(?:is|"
    r"are)\b.{0,30}"
    r"\b(?:for|to)\b.{0,20}\b(?:subscribers?|members|registered (?:users|readers)|paying (?:readers|"
    r"members))\b.{0,30}",
    r"(?:exclusive(?:ly)? (?:for|to)|only for) (?:our )?(?:subscribers|members)|subscribers?[- ]only(?: \w+)?",
    r"(?:you have|you['’]ve) (?:reached|used|read|hit)\b.{0,40}\b(?:limit|free (?:articles|stories)).{0,60}",
    # de
    r"(?:dieser|der (?:ganze|vollständige|komplette)) (?:artikel|text|beitrag|inhalt)\b.{0,40}\b(?:nur|exklusiv|"
    r"ausschließlich)"
    r"\b.{0,40}\b(?:abonnent\w*|mitglieder\w*|registrierte\w*).{0,30}",
    r"(?:jetzt |bitte )?(?:abonnieren|anmelden|registrieren|einloggen|testen|melden sie sich an)\b.{0,40}\b"
    r"(?:weiterlesen|weiterzulesen|weiter lesen)\b.{0,30}",
    r"(?:um|zum) (?:den (?:ganzen )?artikel )?(?:weiterzulesen|weiterlesen)\b.{0,60}\b(?:abo|anmeld|registrier|"
    r"einlogg)\w*.{0,30}",
    r"weiterlesen mit\b.{0,40}",
    # fr
    r"(?:cet article|la suite|ce contenu|le reste|l['’]intégralité)\b.{0,40}\b(?:réservée?|accessible|"
    r"disponible)\b.{0,20}"
    r"\b(?:abonnés?|membres|inscrits)\b.{0,30}",
    r"(?:abonnez|connectez|inscrivez|identifiez)[- ]vous\b.{0,40}\b(?:pour|et)\b.{0,20}\b"
    r"(?:lire|lisez|continuer|poursuivre|accéder)\b.{0,50}",
    r"pour (?:lire la suite|continuer|poursuivre)\b.{0,60}\b(?:abonne|connecte|inscri)\w*.{0,30}",
    r"il (?:vous )?reste \d.{0,20}à (?:lire|découvrir).{0,60}",
    # es
    r"(?:este (?:artículo|contenido)|esta noticia|el resto)\b.{0,40}\b(?:exclusiv\w+|reservad\w+|s[oó]lo|"
    r"únicamente)\b.{0,30}"
    r"\b(?:suscriptores|socios|usuarios registrados|abonados)\b.{0,30}",
    r"(?:suscríbe(?:te|se)|regístr(?:ate|ese)|inici[ae] sesión|hazte (?:socio|suscriptor))\b.{0,40}\b(?:para|"
    r"y)\b.{0,20}"
    r"\b(?:seguir|sigue|continuar|leer|acceder)\b.{0,50}",
    r"para (?:seguir|continuar) leyendo\b.{0,60}",
    # it
    r"(?:questo (?:articolo|contenuto)|il resto)\b.{0,40}\b(?:riservat\w|disponibile|accessibile)\b.{0,30}"
    r"\b(?:abbonati|iscritti|soci)\b.{0,30}",
    r"(?:abbonati|registrati|accedi|iscriviti)\b.{0,40}\b(?:per|e)\b.{0,20}\b(?:continu\w+|legg\w+|"
    r"proseguire)\b.{0,50}",
    r"per (?:continuare|proseguire)\b.{0,10}\b(?:a leggere|la lettura)\b.{0,60}",
    # pt
    r"(?:este (?:artigo|conteúdo)|esta (?:matéria|notícia|reportagem)|o restante)\b.{0,40}\b(?:exclusiv\w+|apenas|"
    r"só|restrit\w+)"
    r"\b.{0,30}\b(?:assinantes|membros)\b.{0,30}",
    r"(?:assine|faça login|cadastre-se|registre-se)\b.{0,40}\b(?:para|e)\b.{0,20}\b(?:continu\w+|ler|leia|"
    r"acessar)\b.{0,50}",
    r"para continuar (?:lendo|a ler|a leitura)\b.{0,60}",
    # nl
    r"(?:dit (?:artikel|verhaal)|de rest)\b.{0,40}\b(?:alleen|exclusief|uitsluitend)\b.{0,30}\b(?:abonnees|leden|"
    r"betalende lezers)"
    r"\b.{0,30}",
    r"(?:neem een abonnement|word (?:abonnee|lid)|log in|registreer(?: je)?|meld je aan)\b.{0,40}\b(?:om|"
    r"en)\b.{0,30}\blee?[sz]\w*"
    r"\b.{0,40}",
    # pl
    r"(?:ten (?:artykuł|materiał|tekst)|dalsza część|pełna treść)\b.{0,40}\b(?:tylko|wyłącznie|"
    r"jedynie)\b.{0,20}\bdla\b.{0,20}"
    r"\b(?:subskrybentów|prenumeratorów|abonentów|zalogowanych)\b.{0,30}",
    r"(?:zaloguj się|wykup|kup|zasubskrybuj|zarejestruj się)\b.{0,40}\b(?:aby|żeby|i)\b.{0,20}\b(?:czyta\w+|"
    r"przeczyta\w+)\b.{0,40}",
    # ru, uk
    r"(?:эта статья|этот материал|полный текст|материал|продолжение)\b.{0,30}\bдоступ\w+\b.{0,30}"
    r"\b(?:подписчик\w+|подписке|зарегистрированн\w+)\b.{0,30}",
    r"(?:оформите подписку|подпишитесь|войдите|зарегистрируйтесь)\b.{0,40}\b(?:чтобы|и)\b.{0,20}"
    r"\b(?:читать|прочитать|продолжить|читайте)\b.{0,40}",
    r"чтобы (?:читать дальше|продолжить чтение|прочитать)\b.{0,40}\b(?:оформите|подпишитесь|войдите)\b.{0,40}",
    r"(?:оформіть передплату|передплатіть|увійдіть)\b.{0,40}\b(?:щоб|і)\b.{0,20}\b(?:читати|прочитати|"
    r"продовжити)\b.{0,40}",
    # sv, tr
    r"(?:denna artikel|den här artikeln|artikeln)\b.{0,30}\b(?:endast|bara|exklusiv\w*)\b.{0,30}\b(?:prenumeranter|"
    r"medlemmar)\b.{0,20}",
    r"(?:logga in|bli prenumerant|prenumerera)\b.{0,30}\b(?:för att|och)\b.{0,20}\bläs\w*.{0,30}",
    r"bu (?:haber|yazı|içerik)\b.{0,40}\b(?:abone|üye)\w*\b.{0,20}",
    r"(?:okumaya devam etmek|devamını okumak) için\b.{0,40}(?:abone|giriş|üye).{0,20}",
    # ar, zh, ja
    r"(?:هذا المقال|هذا المحتوى|المحتوى).{0,30}(?:للمشتركين|للمسجلين).{0,20}",
    r"(?:اشترك|سجل الدخول|سجّل الدخول).{0,30}(?:لمواصلة|لمتابعة|لقراءة|للاستمرار).{0,30}",
    r".{0,20}(?:仅限|仅供|只限|僅限|僅供)(?:订阅|訂閱|付费|付費|会员|會員).{0,20}",
    r"(?:请|請)?(?:订阅|登录|注册|訂閱|登入|註冊).{0,10}(?:继续|繼續|后|後)?(?:阅读|閱讀).{0,20}",
    r".{0,20}(?:有料会員|会員|購読者)(?:限定|のみ).{0,30}",
    r"続きを?(?:読む|お読み).{0,10}には.{0,40}",
)
"""What is said to a reader who may not read on, as a whole sentence."""

_KNOWN_READER = _any(
    r"(?:are you )?already (?:an? |have an? )?(?:subscriber|subscribed|subscription|member|registered|"
    r"account)\b.{0,40}",
    r"(?:sind sie |sie sind )?(?:bereits|schon) (?:abonnent|registriert|ein abo).{0,40}|sie haben (?:bereits|"
    r"schon) ein abo.{0,40}",
    r"(?:vous êtes )?déjà abonnée?.{0,40}|ya (?:eres|es) (?:suscriptor|socio).{0,40}|(?:sei )?già abbonato.{0,40}",
    r"já (?:é|sou) assinante.{0,40}|(?:al|reeds) abonnee.{0,40}|masz już (?:prenumeratę|subskrypcję|konto).{0,40}",
    r"уже (?:подписаны|есть подписка).{0,40}|zaten abone misin.{0,40}|redan prenumerant.{0,40}",
    r"(?:subscribe|abonnieren|s['’]abonner|suscr[ií]b\w+|abbonati|assine|подписаться|prenumerera)(?: (?:now|today|"
    r"jetzt|ya|ora))?",
)
"""What stands beside such a call; alone it stands on every page of a site that sells subscriptions."""

_ASKS = _any(
    r"(?:we|this (?:site|website)|our (?:site|website))(?:,? (?:and|together with) (?:our|\d+|its)\b.{0,40}?)?,? "
    r"(?:use|uses|store|process|set|place|need|ask|require)s?\b.{0,100}?\b(?:cookies?|your consent|consent)\b",
    r"(?:by (?:clicking|continuing|using|accepting|pressing)|you (?:can|may))\b.{0,100}?\b(?:cookies?|consent|"
    r"your (?:choices|preferences))\b",
    r"(?:to (?:read|see|continue|view|use|access)\b.{0,60}?|please )(?:accept|allow|enable|"
    r"consent to)\b.{0,20}?\bcookies\b",
    r"wir(?: und unsere .{0,30}?)? (?:verwenden|nutzen|setzen|verarbeiten|speichern|benötigen|brauchen|"
    r"bitten)\b.{0,100}?"
    r"(?:cookies?|zustimmung|einwilligung)\b",
    r"(?:mit (?:dem|einem) klick|(?:sie|du) (?:können|kannst)|durch (?:klicken|klick))\b.{0,100}?(?:cookies?|"
    r"zustimmung|einwilligung|zustimm\w+)\b",
    r"nous(?: et nos .{0,30}?)? (?:utilisons|stockons|déposons|traitons|avons besoin|"
    r"demandons)\b.{0,100}?(?:cookies?|traceurs|consentement)\b",
    r"(?:en (?:cliquant|acceptant|continuant)|vous pouvez)\b.{0,100}?(?:cookies?|consentement|choix|traceurs)\b",
    r"(?:nosotros y nuestros .{0,30}?|nós e (?:os )?nossos .{0,30}?)?(?:utilizamos|usamos|almacenamos|armazenamos|"
    r"tratamos)\b.{0,100}?cookies?\b",
    r"(?:al (?:hacer clic|continuar|aceptar|pulsar)|ao (?:clicar|continuar|aceitar)|puedes?|você pode)\b.{0,100}?"
    r"(?:cookies?|consentim(?:i)?ento)\b",
    r"(?:noi e i nostri .{0,30}?)?(?:utilizziamo|usiamo|archiviamo)\b.{0,100}?cookies?\b",
    r"(?:cliccando|premendo|puoi|continuando)\b.{0,100}?(?:cookies?|consenso)\b",
    r"(?:wij|we)(?: en onze .{0,30}?)? (?:gebruiken|plaatsen|vragen)\b.{0,100}?(?:cookies?|toestemming)\b",
    r"(?:door (?:te klikken|op)|je kunt|u kunt)\b.{0,100}?(?:cookies?|toestemming)\b",
    r"(?:my i nasi .{0,30}?)?(?:używamy|wykorzystujemy|stosujemy|przechowujemy)\b.{0,100}?(?:cookies?|ciasteczek)\b",
    r"(?:klikając|możesz)\b.{0,100}?(?:cookies?|zgod\w+)\b",
    r"(?:мы(?: и наши .{0,30}?)? )?(?:используем|обрабатываем)\b.{0,100}?(?:cookies?|куки)\b",
    r"(?:нажимая|продолжая|вы можете)\b.{0,100}?(?:cookies?|куки|согласи\w+)\b",
    r"vi(?: och våra .{0,30}?)? använder\b.{0,100}?(?:cookies|kakor)\b|.{0,60}?çerez\w*\b.{0,40}?kullanıyoruz\b",
    r"(?:نحن )?نستخدم.{0,80}?(?:ملفات تعريف الارتباط|الكوكيز|كوكيز)|"
    r"(?:我们|本网站|我們|本網站).{0,30}?使用.{0,20}?cookies?",
    r"(?:当サイト|当社|本サイト).{0,40}?(?:cookie|クッキー)",
)
"""What a site says of its cookies to its reader, at the beginning of a sentence."""

_BUTTON = _any(
    r"(?:i )?(?:accept|agree|allow)(?: all)?(?: cookies)?(?:(?: and|,) (?:continue|close|proceed))?|"
    r"reject(?: all)?(?: cookies)?|"
    r"(?:manage|more|cookie|privacy)[- ](?:options|preferences|settings|choices|cookies)|save (?:and|&) exit|"
    r"necessary (?:cookies )?only",
    r"(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|zulassen|annehmen)(?: und (?:weiter|schließen|fortfahren))?|"
    r"zustimmen(?: und .{0,20})?|"
    r"(?:cookie-)?einstellungen(?: verwalten)?|nur notwendige(?: cookies)?",
    r"(?:tout )?accepter(?: (?:tout|et (?:continuer|fermer)))?|(?:tout )?refuser(?: tout)?|continuer sans accepter|"
    r"paramétrer(?: les cookies)?|"
    r"(?:aceptar|rechazar|aceitar|rejeitar)(?: (?:todo|todas?|tudo|todos))?(?: (?:las |"
    r"os )?cookies)?(?: [ye] continuar)?|configurar(?: cookies)?",
    r"(?:accetta|rifiuta)(?: (?:tutto|tutti))?(?: i cookie)?(?: e continua)?|alle cookies (?:accepteren|weigeren)|"
    r"accepteren|akkoord|weigeren|"
    r"(?:akceptuję|zaakceptuj|odrzuć)(?: wszystkie?)?|przejdź do serwisu|(?:принять|"
    r"отклонить)(?: все)?(?: cookie)?|соглас\w{1,4}",
    r"(?:tümünü )?kabul et|reddet|godkänn(?: alla)?|acceptera(?: alla)?|(?:接受|拒绝|同意)(?:全部|所有)?|"
    r"(?:すべて)?(?:同意|許可|拒否)(?:する)?|قبول(?: الكل)?|موافق",
)
_OF_CONSENT = _any(
    r"\b(?:cookies?|consent|partners?|privacy|advert\w*|personali[sz]\w+|datenschutz\w*|zustimm\w+|einwillig\w+|"
    r"werbung|consentement|"
    r"traceurs?|partenaires|publicit\w+|consentimi?ento|socios|privacidad\w*|consenso|pubblicit\w+|toestemming|"
    r"advertenties|zgod\w+|"
    r"reklam\w*|согласи\w+|куки|реклам\w+|çerez\w*|kakor|privatsphäre|vie privée)\b|ملفات تعريف الارتباط|隐私|"
    r"プライバシー|クッキー"
)


def wall_of(blocks: Sequence[Block], document: LexborHTMLParser) -> str:
    """What stands before the text of a page, `blocks` being what of it is the article's."""
    everything = page.blocks_of(document.body)[:_BLOCKS] if document.body else ()
    if _asks_for_consent(everything):
        return COOKIES
    return PAYWALL if _is_for_subscribers(_main(blocks), everything, document) else ""


def without_calls(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks, those that speak to a reader who may not read on as what they are: no part of the article."""
    return tuple(replace(block, section=Section.FORM) if _is_call(block) else block for block in blocks)


def _main(blocks: Iterable[Block]) -> list[Block]:
    found = [block for block in blocks if block.section is Section.MAIN and block.links < 0.5]
    return found if len(found) <= _BLOCKS else [*found[: _BLOCKS // 2], *found[-_BLOCKS // 2 :]]


# --- a paywall ------------------------------------------------------------------------------------


def _is_for_subscribers(main: Sequence[Block], everything: Sequence[Block], document: LexborHTMLParser) -> bool:
    calling = [number for number, block in enumerate(main) if _calls(block)]
    said = sum(words(block.text) for block in main if not _is_call(block))
    locked = _is_declared(document)
    if not calling and not any(map(_calls, everything)):
        return locked and said < _LOCKED
    behind = main[calling[-1] + 1 :] if calling else ()
    if sum(words(block.text) for block in behind if not _is_call(block)) >= _AFTER:
        return False
    return said < (_LOCKED_TEASER if locked or _breaks_off(main) else _TEASER)


def _calls(block: Block) -> bool:
    """Whether one of its sentences is a call to subscribe."""
    return _said_to_reader(block.text)[0]


def _is_call(block: Block) -> bool:
    """Whether most of it is such a call, or what stands beside one."""
    return _said_to_reader(block.text)[1]


@lru_cache(1 << 10)
def _said_to_reader(text: str) -> tuple[bool, bool]:
    sentences = _sentences(text)
    calls = [said for said in sentences if _CALL.fullmatch(said)]
    known = [said for said in sentences if _KNOWN_READER.fullmatch(said)]
    return bool(calls), 2 * sum(map(words, {*calls, *known})) > words(text)


def _sentences(text: str) -> list[str]:
    """Those of a block that is short enough to be nothing but words to the reader."""
    if len(text) > _LONGEST or words(text) > _LONG:
        return []
    return [said for part in _SENTENCE.split(text) if (said := part.strip(_EDGES))]


def _breaks_off(main: Sequence[Block]) -> bool:
    """Whether the last paragraph that is no call ends in an ellipsis."""
    spoken = [block for block in main if not _is_call(block) and block.kind is not BlockKind.HEADING]
    return bool(spoken) and bool(_CUT.search(spoken[-1].text))


def _is_declared(document: LexborHTMLParser) -> bool:
    """Whether the page says that it is not free for all."""
    if any(_FREE.search(node.text()) for node in document.css('script[type="application/ld+json" i]')):
        return True
    for node in document.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop") or ""
        said = (node.attributes["content"] or "").strip().lower()
        if _TIER.search(name) and (said == "false" if "free" in name.lower() else said in _TIERS):
            return True
    return False


# --- a question for consent -----------------------------------------------------------------------


def _asks_for_consent(blocks: Sequence[Block]) -> bool:
    said = [words(block.text) for block in blocks]
    if sum(said) > _QUESTION:
        return False
    asks = any(_ASKS.match(sentence) for block in blocks for sentence in _sentences(block.text))
    buttons = any(_BUTTON.fullmatch(block.text.strip(_EDGES)) for block in blocks)
    beside = sum(
        n for block, n in zip(blocks, said, strict=True) if block.links < 0.5 and not _OF_CONSENT.search(block.text)
    )
    return asks and buttons and beside < _BESIDE
