"""Paywalls and questions for consent, in many languages; and articles about them, which are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.model import Entry, Response, Section
from watcher.parse.fulltext import article
from watcher.parse.walls import COOKIES, PAYWALL

TEASER = "<p>The old bridge was closed on Monday after divers had found a crack in its second pier.</p>"
LONG = "".join(
    f"<p>On day {n} of the inquiry the engineers told the council what each of the piers carried in the war, and "
    "what the divers saw there; nobody in the hall spoke for a while after that.</p>"
    for n in range(1, 16)
)


def page(body: str, *, head: str = "", title: str = "The bridge is closed") -> Entry:
    whole = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    kind = {"content-type": "text/html; charset=utf-8"}
    return article(Response(url="https://daily.example/bridge", headers=kind, body=whole.encode()))


def main(*parts: str) -> str:
    return f"<article><h1>The bridge is closed</h1>{''.join(parts)}</article>"


def p(*said: str) -> str:
    return "".join(f"<p>{each}</p>" for each in said)


CALLS = [
    "Subscribe to continue reading",
    "To continue reading, please log in or subscribe.",
    "Sign in to read the full story.",
    "Create a free account to keep reading.",
    "This article is for subscribers only.",
    "The rest of this article is available to members only.",
    "You have reached your limit of free articles this month.",
    "Already a subscriber? Log in. Subscribe now to unlock this article.",
    "Jetzt abonnieren und weiterlesen",
    "Dieser Artikel ist exklusiv für unsere Abonnenten.",
    "Um weiterzulesen, melden Sie sich an oder schließen Sie ein Abo ab: hier registrieren.",
    "Cet article est réservé aux abonnés.",
    "Abonnez-vous pour lire la suite.",
    "Il vous reste 80 % de cet article à lire. La suite est réservée aux abonnés.",
    "Este contenido es exclusivo para suscriptores.",
    "Suscríbete para seguir leyendo",
    "Questo articolo è riservato agli abbonati.",
    "Abbonati per continuare a leggere",
    "Este conteúdo é exclusivo para assinantes.",
    "Assine para continuar lendo",
    "Dit artikel is alleen voor abonnees.",
    "Word abonnee en lees verder",
    "Ten artykuł jest dostępny tylko dla prenumeratorów.",
    "Zaloguj się, aby czytać dalej.",
    "Материал доступен только по подписке.",
    "Оформите подписку, чтобы читать дальше.",
    "Оформіть передплату, щоб читати далі.",
    "Den här artikeln är endast för prenumeranter.",
    "Bu haber yalnızca abonelere açıktır.",
    "Okumaya devam etmek için abone olun.",
    "هذا المحتوى متاح للمشتركين فقط",
    "اشترك الآن لمواصلة القراءة",
    "本文仅限订阅用户阅读",
    "请登录后继续阅读",
    "この記事は有料会員限定です。",
    "続きを読むには会員登録が必要です。",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_short_text_and_a_call_to_subscribe_are_a_paywall(call: str) -> None:
    for body in (main(TEASER, p(call)), main(TEASER) + f"<div><h2>{call}</h2><button>OK</button></div>"):
        entry = page(body)
        assert entry.wall == PAYWALL
        said = [block.text for block in entry.blocks if block.section is Section.MAIN]
        assert not any(call.rstrip(".") in text for text in said)
        assert any("old bridge" in text for text in said)


@pytest.mark.parametrize("call", CALLS)
def test_the_same_call_beside_a_whole_article_is_none(call: str) -> None:
    assert page(f"<div><p>{call}</p></div>" + main(LONG)).wall == ""
    assert page(main(LONG, p(call))).wall == ""


def test_a_long_text_that_breaks_off_before_the_call_is_behind_a_wall() -> None:
    broken = LONG + p("And then the mayor stood up and …")
    assert page(main(broken, p("Subscribe to continue reading."))).wall == PAYWALL


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>',
        '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"False"}</script>',
        '<meta property="article:content_tier" content="locked">',
        '<meta name="isAccessibleForFree" content="false">',
    ],
)
def test_what_a_page_declares_of_itself_counts_where_it_says_little(head: str) -> None:
    assert page(main(TEASER), head=head).wall == PAYWALL
    assert page(main(LONG), head=head).wall == ""
    assert page(main(LONG, p("Subscribe to continue reading.")), head=head).wall == PAYWALL
    assert page(main(TEASER), head=head.replace("alse", "rue").replace("locked", "free")).wall == ""


ABOUT = [
    p(
        "Three more newspapers will put their articles behind a paywall in spring, their publisher said on Friday.",
        "“Subscribe to continue reading” will greet everybody who has read five articles, a spokeswoman said.",
        "Readers of the paper in Norrby were not pleased: many said that they would rather do without it.",
    ),
    p(
        "A court in the capital ruled that the gym may not ask members to subscribe again to get access to the pool.",
        "The gym had told members that they had reached the limit of their contract, and asked for twenty more.",
    ),
    p(
        "The museum has a new membership. Members read the catalogue at home, and subscribers of its theatre get in.",
        "Sign up to our newsletter to hear more of the museum.",
    ),
    p(
        "Der Verlag stellt sein Angebot um: Künftig sollen Leserinnen und Leser ein Abo abschließen, um weiterlesen zu "
        "können, sagte die Chefredakteurin am Montag.",
        "Die Gewerkschaft kritisierte, dass damit viele von Nachrichten ausgeschlossen würden.",
    ),
    p(
        "L'éditeur a annoncé que la suite de ses enquêtes serait réservée aux abonnés à partir du printemps, ce que "
        "les lecteurs ont peu apprécié, selon un sondage publié mardi.",
    ),
]


@pytest.mark.parametrize("body", ABOUT)
def test_an_article_about_subscriptions_is_no_paywall(body: str) -> None:
    assert page(main(body)).wall == ""


def test_a_link_for_subscribers_in_the_head_of_a_site_makes_no_wall_of_its_short_news() -> None:
    nav = "<header><a href='/login'>Already a subscriber? Log in</a><a href='/abo'>Subscribe</a></header>"
    assert page(nav + main(TEASER)).wall == ""


ASKING = [
    ("We and our 812 partners store and access information on your device with cookies.", "Accept all", "Reject all"),
    (
        "We use cookies to personalise content and ads. By clicking Accept you agree to this.",
        "Accept",
        "Cookie settings",
    ),
    ("This website asks for your consent to use your personal data.", "I agree", "Manage options"),
    (
        "Wir und unsere Partner verwenden Cookies. Ihre Zustimmung können Sie jederzeit widerrufen.",
        "Alle akzeptieren",
        "Ablehnen",
    ),
    (
        "Nous et nos partenaires utilisons des cookies pour mesurer l'audience.",
        "Tout accepter",
        "Continuer sans accepter",
    ),
    ("Utilizamos cookies propias y de terceros para mostrarle publicidad.", "Aceptar todo", "Rechazar"),
    ("Noi e i nostri partner utilizziamo i cookie per la pubblicità.", "Accetta tutto", "Rifiuta"),
    ("Utilizamos cookies para melhorar a sua experiência e a publicidade.", "Aceitar todos", "Rejeitar"),
    ("Wij gebruiken cookies voor advertenties en statistieken.", "Alle cookies accepteren", "Weigeren"),
    ("Używamy plików cookies w celach reklamowych.", "Akceptuję", "Odrzuć"),
    ("Мы используем cookie, чтобы показывать вам рекламу.", "Принять все", "Отклонить"),
    ("Vi använder cookies för annonser.", "Godkänn alla", "Inställningar för cookies"),
    ("Size reklam göstermek için çerezleri kullanıyoruz", "Kabul et", "Reddet"),
    ("نحن نستخدم ملفات تعريف الارتباط لتحسين تجربتك", "قبول الكل", "المزيد"),
    ("我们使用 Cookie 来改进广告。", "接受全部", "拒绝"),
    ("当サイトでは広告のためにクッキーを使用しています。", "同意する", "拒否"),
]


@pytest.mark.parametrize(("words", "yes", "no"), ASKING)
def test_a_question_for_consent_in_the_articles_place_is_one(words: str, yes: str, no: str) -> None:
    asking = f"<div><h2>Daily</h2><p>{words}</p><button>{yes}</button> <button>{no}</button></div>"
    assert page(asking, title="Daily").wall == COOKIES
    assert page(asking + main(LONG)).wall == ""


COOKIE_NEWS = [
    p(
        "Google will keep third-party cookies in its browser, the company said on Monday.",
        "Advertisers had feared that they would lose sight of people without cookies; regulators asked for consent.",
        "“We use cookies to learn what people like,” a spokesman told reporters at the hearing in the capital.",
        "The decision ends a plan that was announced four years ago and put off three times.",
    ),
    p(
        "Bake the cookies for twelve minutes. By using dark sugar you make the cookies softer.",
        "Accept that the first tray fails.",
    ),
    p("Der Bundesgerichtshof hat entschieden, dass Webseiten eine aktive Einwilligung in Cookies brauchen."),
]


@pytest.mark.parametrize("body", COOKIE_NEWS)
def test_an_article_about_cookies_is_no_question(body: str) -> None:
    assert page(main(body)).wall == ""


def test_a_check_for_bots_that_speaks_of_cookies_is_no_question() -> None:
    from watcher.errors import ParseError

    with pytest.raises(ParseError) as caught:
        page("<p>Enable JavaScript and cookies to continue</p>", title="Just a moment...")
    assert caught.value.kind == "challenge"


@given(st.lists(st.sampled_from([*CALLS, *(words for words, _, _ in ASKING), TEASER, "…", "x" * 500]), max_size=12))
@settings(max_examples=40)
def test_whatever_is_put_together_has_one_wall_or_none(said: list[str]) -> None:
    assert page(main(TEASER, p(*said))).wall in {"", PAYWALL, COOKIES}


def test_a_page_made_to_cost_time_costs_little() -> None:
    """A thousand sentences that each almost are a call."""
    near = "subscribe " + "to and " * 15 + "leave"
    assert page(main(p(*[near] * 1000))).wall == ""


def test_a_teaser_that_shares_its_paragraph_with_the_call_stays() -> None:
    entry = page(main(p("The old bridge was closed after divers had found a crack. Subscribe to continue reading.")))
    assert entry.wall == PAYWALL
    assert [block.section for block in entry.blocks if "divers" in block.text] == [Section.MAIN]
