"""Pages that stand in a document's place: bot checks, logins, cookie pages, errors, all served as good."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import ParseError
from watcher.model import Hash64, Recipe, RecipeKind, Response
from watcher.parse import parse

NOTHING: frozenset[Hash64] = frozenset()
FRONT = "<p>" + "The old bridge was closed on Monday, the town hall said. " * 40


def refused(body: str, content_type: str = "text/html") -> tuple[str, str]:
    response = Response(url="https://daily.example/feed", headers={"content-type": content_type}, body=body.encode())
    with pytest.raises(ParseError) as caught:
        parse(response, NOTHING)
    assert str(caught.value).isprintable()
    assert caught.value.feeds == () or caught.value.kind == "not-a-feed"
    return caught.value.kind, str(caught.value)


def page(title: str, body: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "Please Wait... | Cloudflare",
        "DDoS-Guard",
        "Checking your browser before accessing daily.example",
        "Verifying you are human. This may take a few seconds.",
        "Are you a robot?",
        "Robot or human?",
        "Making sure you&#39;re not a bot!",
        "Pardon Our Interruption",
        "Human Verification",
        "Security Check | The Daily",
        "Vercel Security Checkpoint",
        "Client Challenge",
        "Проверка браузера",
        "安全验证",
        "Un instant",
    ],
)
def test_a_check_for_bots_is_a_challenge(title: str) -> None:
    kind, message = refused(page(title, "<p>Ray ID: 1234"))
    assert (kind, message.partition(": ")[0]) == ("challenge", "the server answered 200 with a check for bots")


@pytest.mark.parametrize(
    ("title", "what"),
    [
        ("403 Forbidden", "a refusal"),
        ("Access Denied", "a refusal"),
        ("Access denied | daily.example used Cloudflare to restrict access", "a refusal"),
        ("ERROR: 403", "a refusal"),
        ("Too Many Requests", "a refusal"),
        ("Zugriff verweigert", "a refusal"),
        ("Доступ запрещён", "a refusal"),
        ("Log in", "a login page"),
        ("Sign in to The Daily", "a login page"),
        ("Anmelden – The Daily", "a login page"),
        ("Вход", "a login page"),
        ("ログイン", "a login page"),
        ("Before you continue to The Daily", "a page that asks for consent to cookies"),
        ("Cookie-Einstellungen", "a page that asks for consent to cookies"),
    ],
)
def test_a_refusal_a_login_and_a_cookie_page_are_challenges(title: str, what: str) -> None:
    assert refused(page(title, "<p>Welcome back.")) == ("challenge", f"the server answered 200 with {what}: “{title}”")


@pytest.mark.parametrize(
    "title",
    [
        "502 Bad Gateway",
        "404 Not Found",
        "404",
        "Error 522",
        "HTTP 503 Service Unavailable",
        "500 Internal Server Error",
        "504 Gateway Time-out",
        "Page not found | The Daily",
        "The Daily - Page Not Found",
        "Error establishing a database connection",
        "Site under maintenance",
        "We&#39;ll be right back soon",
        "Something went wrong",
        "Welcome to nginx!",
        "Apache2 Ubuntu Default Page: It works",
        "daily.example is for sale",
        "Account Suspended",
        "Seite nicht gefunden",
        "Page introuvable",
        "Página no encontrada",
        "Pagina non trovata",
        "Страница не найдена",
        "页面不存在",
        "ページが見つかりません",
        "الصفحة غير موجودة",
    ],
)
def test_an_error_page_served_as_good_is_told_by_its_title(title: str) -> None:
    kind, message = refused(page(title, FRONT + '<link rel=alternate type=application/rss+xml href="/feed2">'))
    shown = title.replace("&#39;", "'")
    assert (kind, message) == ("error-page", f"the server answered 200 with an error page: “{shown}”")


@pytest.mark.parametrize(
    "body",
    [
        "<div id=cf-wrapper></div><script src=/cdn-cgi/challenge-platform/h/b/orchestrate></script>",
        "<script>window._cf_chl_opt={}</script><noscript>Enable JavaScript",
        "<script src=https://ct.captcha-delivery.com/c.js></script><p>Please enable JS",
        "<iframe src=/_Incapsula_Resource?x></iframe>",
        "<form><div class=g-recaptcha></div><input type=submit></form>",
        "<script>document.cookie='a=b';location.reload()</script>",
        "<form action=/login><input name=user><input TYPE=Password></form>",
    ],
)
def test_a_page_that_says_little_is_told_by_what_it_is_made_of(body: str) -> None:
    assert refused(page("daily.example", body))[0] == "challenge"
    assert refused(page("", body))[0] == "challenge"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("The Daily", FRONT),
        ("The Daily", FRONT + "<form><input type=password><div class=g-recaptcha></div></form>"),
        ("The Daily", "<p>A short page with little to say."),
        ("Login crisis at town hall", FRONT),
        ("Bridge not found safe, engineers say", FRONT),
        ("How we fixed error 404 on the town's site", FRONT),
        ("500 days of flood", FRONT),
        ("Maintenance of bridges costs more", FRONT),
        ("Please, no more floods", FRONT),
        ("Access to the dam denied to farmers", FRONT),
        ("Anmelden zum Lauf um den See", FRONT),
        ("", FRONT),
        ("Maintenance | The Daily", FRONT),
        ("Offline", FRONT),
        ("Coming soon – The Daily", FRONT),
        ("Error | a blog", FRONT),
        ("Forbidden", FRONT),
        ("Robot or human? | The Daily", FRONT),
        ("Un momento: The Daily", FRONT),
    ],
)
def test_a_front_page_is_none_of_these(title: str, body: str) -> None:
    assert refused(page(title, body))[0] == "not-a-feed"


@pytest.mark.parametrize(
    "title",
    ["Maintenance | The Daily", "Offline", "Coming soon", "Oops! That is gone", "Error", "Forbidden"],
)
def test_words_that_are_also_names_count_where_little_is_said(title: str) -> None:
    assert refused(page(title, "<p>Back at noon."))[0] in {"challenge", "error-page"}
    assert refused(page("The Daily", f"<h1>{title}</h1>"))[0] in {"challenge", "error-page"}


@pytest.mark.parametrize("title", ["Maintenance | The Daily", "404 Not Found", "Just a moment...", "Log in"])
def test_what_a_recipe_finds_or_a_feed_holds_is_never_refused_for_its_title(title: str) -> None:
    body = page(title, "<li><a href=/bridge>Bridge</a>").encode()
    recipe = Recipe(kind=RecipeKind.CSS, items="li")
    listed = parse(Response(url="https://daily.example/feed", headers={}, body=body), NOTHING, recipe)
    assert [entry.title for entry in listed.entries] == ["Bridge"]
    items = "".join(f"<item><title>{title}</title><link>https://daily.example/{n}</link></item>" for n in range(3))
    feed = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()
    assert len(parse(Response(url="https://daily.example/feed", headers={}, body=feed), NOTHING).entries) == 3


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("404 page not found\n", "error-page", "the server answered 200 with an error: “404 page not found”"),
        ("Internal Server Error", "error-page", "the server answered 200 with an error: “Internal Server Error”"),
        ("upstream connect error or disconnect", "error-page", "the server answered 200 with an err"),
        ("Fatal error: Uncaught Exception in /www/feed.php", "error-page", "the server answered 200 with an err"),
        ("error code: 1020", "challenge", "the server answered 200 with a refusal: “error code: 1020”"),
        ("Too many requests.", "challenge", "the server answered 200 with a refusal: “Too many requests.”"),
        ("Good morning.", "not-a-feed", "the document is plain text, not an RSS or Atom feed"),
        ("Not found\n" + "but told at length " * 200, "not-a-feed", "the document is plain text"),
    ],
)  # fmt: skip
def test_a_short_text_that_is_an_error_is_told_as_one(text: str, kind: str, message: str) -> None:
    told = refused(text, "text/plain")
    assert told[0] == kind
    assert told[1].startswith(message)


def test_an_error_in_xml_is_told_as_one() -> None:
    body = "<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    assert refused(body, "application/xml") == (
        "error-page",
        "the server answered with an error in XML: “AccessDenied Access Denied”",
    )


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["404", "not found", "please wait", "error", "maintenance", "|", " - ", ".", "the", "temporarily "]
        )
        | st.text(max_size=10),
        max_size=30,
    ).map(" ".join)
)
def test_any_title_is_looked_at_in_no_time(title: str) -> None:
    assert refused(page(title * 10, FRONT))[0] in {"challenge", "error-page", "not-a-feed"}
