"""pure: a page that stands in a document's place -> ParseError: challenge or error-page.

Servers say 200 and mean something else: the wall of a bot check, a login or cookie page, an error. Such a page is known
by its title, or where it says little by what it is made of: products are named here, sites are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import product

from selectolax.lexbor import LexborHTMLParser

from watcher.errors import ParseError
from watcher.model import Response
from watcher.parse import page
from watcher.text.shown import line

_LITTLE = 150  # words; a front page has more
_SMALL = 2000  # bytes of a text that is nothing but an error
_LOOKED_AT = 3  # headings
_PARTS = re.compile(r"\s+[|–—·:»-]+\s+|\s*[|»]\s*")


def _titles(*forms: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(forms)})\W*", re.IGNORECASE)


_CHECK = _titles(
    r"just a moment",
    r"one moment,? please",
    r"attention required.{0,20}",
    r"ddos[- ]guard",
    r"ddos protection.{0,40}",
    r"(?:we are |we're )?(?:checking|verifying) (?:your browser|you are human|if you are human).{0,60}",
    r"(?:verify|verifying|confirm|prove)(?: that| if)? you(?:['’]re| are) (?:not a (?:ro)?bot|human|a human).{0,40}",
    r"making sure you(?:['’]re| are) not a bot",
    r"pardon our interruption.{0,20}",
    r"(?:human|bot|browser|robot|security|captcha|client|javascript)[- ](?:verification|check|challenge|checkpoint)",
    r"(?:please )?enable (?:javascript|js)\b.{0,60}",
    r"javascript (?:is )?(?:required|disabled)",
    r"sicherheits(?:über)?prüfung",
    r"vérification de sécurité|проверка (?:браузера|безопасности).{0,30}|安全(?:检查|验证).{0,10}|人机验证",
)
_MAYBE_CHECK = _titles(
    r"please wait.{0,40}|captcha.{0,30}|.{0,20}security (?:check|checkpoint|verification)",
    r"are you (?:a |not a )?(?:human|robot|bot).{0,40}|robot or human",
    r"un instant|veuillez patienter.{0,30}|un momento.{0,20}|подождите.{0,30}|请稍候.{0,10}",
)
_REFUSED = _titles(
    r"(?:error )?40[13](?:\.\d+)?(?: error)?(?:\W+(?:forbidden|unauthorized|access (?:is )?denied).{0,60})?",
    r"(?:http )?error:? (?:401|403)\b.{0,60}",
    r"(?:access (?:is )?|permission )denied(?: by .{0,40})?",
    r"access forbidden",
    r"(?:you have been|your (?:access|ip|request) (?:has been|is|was)) (?:temporarily )?(?:blocked|banned).{0,60}",
    r"(?:sorry, )?you have been blocked.{0,40}",
    r"request (?:rejected|blocked|unsuccessful).{0,40}",
    r"(?:error code:? )?10(?:06|09|10|12|15|20)",
    r"too many requests|rate limit exceeded|(?:error )?429(?:\W+too many requests)?",
    r"unauthori[sz]ed access|authori[sz]ation required|not available in your (?:country|region)",
    r"zugriff verweigert|accès (?:refusé|interdit)|acceso denegado|accesso negato|toegang geweigerd",
    r"acesso negado",
    r"доступ (?:запрещ[её]н|ограничен)|odmowa dostępu|erişim engellendi|访问被拒绝|アクセスが拒否されました",
)
_MAYBE_REFUSED = _titles(r"blocked|forbidden|rate limit(?:ed)?|unauthori[sz]ed")
_LOGIN = _titles(
    r"(?:please )?(?:log ?in|sign ?in|log ?on)(?: to .{0,40}| page| required)?",
    r"(?:user |member |account )?(?:login|sign[- ]in|authentication)(?: required| page)?",
    r"anmelden|anmeldung|einloggen|(?:se )?connecter|connexion|identification|iniciar sesión|acceder",
    r"accedi|inloggen|entrar",
    r"вход(?: на сайт| в систему)?|войти|авторизация|zaloguj(?: się)?|logowanie|giriş(?: yap)?",
    r"logga in|登录|登入|ログイン",
)
_CONSENT = _titles(
    r"before you continue.{0,40}",
    r"(?:cookies?|privacy)[- ](?:consent|settings|preferences|wall|notice)",
    r"(?:your )?consent(?: required| needed| choices)?|we (?:value|care about) your privacy",
    r"(?:cookie|datenschutz)[- ]?(?:einstellungen|zustimmung|hinweis)",
    r"bevor (?:sie|du) .{0,40}fortfahren|bevor es weitergeht",
    r"avant d['’]accéder.{0,40}|antes de continuar.{0,40}|prima di continuare.{0,40}",
    r"voordat je verdergaat.{0,40}",
)
_STATUS = (
    r"(?:bad|gateway|gone|internal|invalid|method|not|origin|page|precondition|request|server|service|temporarily|"
    r"timeout|unknown|web)"
)
_ERROR = _titles(
    r"(?:http )?(?:error|erreur|fehler|errore|fout|ошибка)(?: code)?:? ?#?[45]\d\d\b.{0,80}",
    rf"(?:http )?[45]\d\d(?:\.\d+)?(?: error)?(?:\W+{_STATUS}\b.{{0,80}})?",
    r"(?:internal )?server error(?: ?[45]\d\d)?|bad gateway|gateway time-?out",
    r"service (?:temporarily )?unavailable|bad request",
    r"(?:page|site|file|document|content|resource|feed|url|article|object) (?:was |is |has )?not found.{0,20}",
    r"(?:the )?page (?:you requested |you are looking for )?(?:can ?not|could not|can['’]t|couldn['’]t) be found",
    r"not found|something went wrong",
    r"(?:an |application |unexpected |fatal |runtime |unknown )+(?:error|exception)(?: has)?(?: occurred)?",
    r"error establishing a database connection|database (?:connection )?(?:error|failed)",
    r"problem loading page",
    r"(?:site |website |we(?:['’]re| are) |scheduled |currently |down for |under |in |planned )+maintenance(?: mode)?",
    r"maintenance mode|(?:temporarily |site |currently )+(?:unavailable|offline|down)",
    r"(?:we['’]ll )?be(?: right)? back soon",
    r"(?:account|site|website|domain|hosting) (?:has been |is )?(?:suspended|expired|disabled|parked|for sale)",
    r".{0,60}(?:domain|website|site) (?:name )?(?:is|may be) for sale",
    r"[\w-]+(?:\.[\w-]+)+ (?:is|may be) for sale",
    r"welcome to nginx|(?:apache2? )?.{0,20}default page.{0,20}|(?:iis )?windows server",
    r"test page for .{0,60}",
    r"(?:die )?seite (?:wurde )?nicht gefunden|nicht gefunden|serverfehler|wartungsmodus",
    r"(?:la )?page (?:non trouvée|introuvable|inexistante)|(?:site )?en maintenance",
    r"service indisponible|une erreur est survenue",
    r"página no encontrada|no encontrado|en mantenimiento|página não encontrada|não encontrada|em manutenção",
    r"pagina non trovata|in manutenzione|pagina niet gevonden|niet gevonden",
    r"(?:страница )?не найден[ао]|сторінку не знайдено|сайт временно недоступен",
    r"nie znaleziono(?: strony)?|strona nie (?:została znaleziona|istnieje)",
    r"sidan (?:hittades inte|kunde inte hittas)|sayfa bulunamadı",
    r"(?:页面|頁面|网页)?(?:不存在|未找到|找不到)(?:页面)?|系统维护|ページが見つかりません(?:でした)?|メンテナンス中",
    r"الصفحة غير موجودة",
)
_MAYBE_ERROR = _titles(
    r"oops.{0,40}|error|exception|fehler|ошибка|it works",
    r"maintenance|wartung(?:sarbeiten)?|onderhoud|технические работы|メンテナンス|unavailable|offline|down|coming soon",
)
_PLAIN = re.compile(
    r"(?:<b>)?(?:php )?(?:fatal|parse) error\b.*|upstream (?:connect|request|prematurely).*|no healthy upstream.*|"
    r"error code: \d+.*|\d{3} page not found|rate limit.*|.{0,60}\btoo many requests\b.{0,60}|failed to connect.*|"
    r"(?:the )?(?:requested )?(?:url|page|feed|resource) .{0,80}(?:not found|does not exist|unavailable).{0,20}",
    re.IGNORECASE,
)
_WALLS = re.compile(
    r"cdn-cgi/challenge-platform|_cf_chl_opt|cf-browser-verification|challenges\.cloudflare\.com|captcha-delivery\.com|"
    r"_incapsula_resource|/_sec/cp_challenge|sgcaptcha|px-captcha|perimeterx|awswafcookiedomainlist|aws-waf-token|"
    r"anubis_challenge|within\.website/x/cmd/anubis|ddos-guard|__ddg\d|sucuri_cloudproxy|g-recaptcha|h-captcha|hcaptcha\.com|"
    r"geetest|smartcaptcha|kasada|friendlycaptcha|altcha|bot-detection|botdetect",
    re.IGNORECASE,
)
_RELOADS = re.compile(r"document\.cookie\s*=[\s\S]{0,2000}?location(?:\.|\s*=)|location\.reload", re.IGNORECASE)
_KINDS = (
    (_CHECK, "challenge", "a check for bots"),
    (_REFUSED, "challenge", "a refusal"),
    (_CONSENT, "challenge", "a page that asks for consent to cookies"),
    (_ERROR, "error-page", "an error page"),
)
_MAYBE = (
    (_MAYBE_CHECK, "challenge", "a check for bots"),
    (_MAYBE_REFUSED, "challenge", "a refusal"),
    (_MAYBE_ERROR, "error-page", "an error page"),
)
"""Words that are names of sites and of their parts as well: they count where a page says little."""

_TEXTS = (((_REFUSED, _MAYBE_REFUSED), "challenge", "a refusal"), ((_ERROR, _MAYBE_ERROR), "error-page", "an error"))
_Kind = tuple[re.Pattern[str], str, str]


def checks_for_bots(document: LexborHTMLParser) -> bool:
    """Whether the page is there to keep programs out."""
    titles = _said(document)
    little = _words(document) < _LITTLE
    if any(_is(title, _CHECK) or (little and _is(title, _MAYBE_CHECK)) for title in titles):
        return True
    return little and bool(_WALLS.search(document.html or ""))


def refuse_page(response: Response, document: LexborHTMLParser) -> None:
    """Raise ParseError where the page only stands in for what was asked for."""
    titles = _said(document)
    _refuse_titles(response, titles[:1], _KINDS)
    if _words(document) >= _LITTLE:
        return
    shown = titles[0] if titles else ""
    if document.css_first("input[type=password i]") or any(_is(title, _LOGIN) for title in titles):
        raise _stands_in(response, "challenge", "a login page", shown)
    if _WALLS.search(document.html or "") or (_words(document) < 30 and _RELOADS.search(document.html or "")):
        raise _stands_in(response, "challenge", "a check for bots", shown)
    _refuse_titles(response, titles, (*_KINDS, *_MAYBE))


def _refuse_titles(response: Response, titles: Sequence[str], kinds: Iterable[_Kind]) -> None:
    for title, (form, kind, what) in product(titles, kinds):
        if _is(title, form):
            raise _stands_in(response, kind, what, title)


def refuse_text(response: Response, text: str) -> None:
    """Raise ParseError for a plain text that is an error: a short one, by its first line."""
    lines = [each for each in text[:_SMALL].splitlines() if each.strip()]
    if not lines or len(text) > _SMALL:
        return
    for forms, kind, what in _TEXTS:
        if any(form.fullmatch(lines[0][:200]) for form in forms):
            raise _stands_in(response, kind, what, lines[0])
    if _PLAIN.fullmatch(lines[0].strip()[:500]):
        raise _stands_in(response, "error-page", "an error", lines[0])


def _said(document: LexborHTMLParser) -> list[str]:
    """The title, then headings."""
    title = document.css_first("title")
    headings = document.css("h1, h2")[:_LOOKED_AT]
    texts = ([title.text()] if title else []) + [page.text_of(node) for node in headings]
    return [said for text in texts if (said := line(text, 200))]


def _is(title: str, form: re.Pattern[str]) -> bool:
    """Whether that is what the title says, as a whole or beside the site's name."""
    return bool(form.fullmatch(title) or any(form.fullmatch(part) for part in _PARTS.split(title) if part))


def _words(document: LexborHTMLParser) -> int:
    body = document.body
    return sum(len(block.text.split()) for block in page.blocks_of(body)) if body else 0


def _stands_in(response: Response, kind: str, what: str, title: str) -> ParseError:
    shown = f": “{line(title)}”" if title else ""
    return ParseError(f"the server answered {response.status} with {what}{shown}", kind=kind)
