"""Canonical URLs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.normalise.url import address, canonical, same_page

SAME = "https://daily.example/world/bridge"


@pytest.mark.parametrize(
    "url",
    [
        SAME,
        "http://daily.example/world/bridge",
        "HTTPS://WWW.Daily.Example:443/world/bridge/",
        "http://daily.example:80/world/bridge#comments",
        "https://daily.example./world/bridge?",
        "https://user:secret@daily.example/world/bridge",
        " https://daily.example/world/bridge\n",
        "https://daily.example/wor\nld/bridge",
        "https://daily.example/world/bridge%20",
        'https://daily.example/world/bridge"',
        "https://daily.example/world/%62ridge",
        "https://daily.example/world/bridge?utm_source=rss&utm_medium=feed",
        "https://daily.example/world/bridge/?UTM_Campaign=x&fbclid=1&gclid=2#top",
        "https://daily.example/world/bridge?at_medium=RSS&at_campaign=rss&amp;mc_cid=1",
    ],
)
def test_what_does_not_tell_pages_apart_is_taken_out(url: str) -> None:
    assert canonical(url) == SAME


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://daily.example", "https://daily.example"),
        ("https://daily.example/", "https://daily.example"),
        ("https://daily.example/?p=12", "https://daily.example?p=12"),
        ("https://daily.example/a?b=2&a=1&utm_id=3", "https://daily.example/a?b=2&a=1"),
        ("https://daily.example/a?id=1&id=2", "https://daily.example/a?id=1&id=2"),
        ("https://daily.example:8443/a", "https://daily.example:8443/a"),
        ("https://Daily.example/Path?Query=X", "https://daily.example/Path?Query=X"),
        ("https://daily.example/a_(b)", "https://daily.example/a_(b)"),
        ("https://daily.example/caf%c3%a9", "https://daily.example/caf%C3%A9"),
        ("https://daily.example/café", "https://daily.example/caf%C3%A9"),
        ("https://daily.example/a%2Fb", "https://daily.example/a%2Fb"),
        ("https://daily.example/100%", "https://daily.example/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("https://www.example/", "https://www.example"),
        ("https://[2001:DB8::1]:80/x", "https://[2001:db8::1]/x"),
    ],
)
def test_what_may_tell_pages_apart_is_kept(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "/relative",
        "//daily.example/x",
        "https://",
        "https://[::1",
        "https://daily.example:99999/",
        "https://daily.example/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_a_page_is_dropped(url: str | None) -> None:
    assert address(url) is None
    assert canonical(url) is None


def test_a_file_keeps_its_address_and_has_no_canonical_one() -> None:
    assert address("file:///feeds/a b.txt") == "file:///feeds/a%20b.txt"
    assert canonical("file:///feeds/a.txt") is None


def test_an_address_is_one_line_without_controls() -> None:
    assert address("https://daily.example/\x1b[31m\u202ea\r\nX: y") == "https://daily.example/[31maX:%20y"


PIECES = st.sampled_from(
    [
        "a=1",
        "fbclid",
        "utm_a=1",
        "%20",
        "%41",
        "%",
        "'",
        "&",
        "&amp;",
        "amp;",
        "=",
        "?",
        "/",
        "#",
        ".",
        "www.",
        "@",
        ":",
        "é",
    ]
)
RAW = st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(max_size=15))


@settings(max_examples=400)
@given(st.sampled_from(["http://", "https://www.daily.example/", "https://daily.example/?", "HTTP://www.", ""]), RAW)
def test_the_canonical_form_is_its_own_canonical_form(start: str, rest: str) -> None:
    form = canonical(start + rest)
    if form is not None:
        assert canonical(form) == form
        assert form.isascii()
        assert address(form) == form


PAGE = "https://daily.example.org/world/bridge-12"
QUOTED = "https%3A%2F%2Fdaily.example.org%2Fworld%2Fbridge-12"


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        "http://www.daily.example.org:80/world/bridge-12/#top",
        # telling who sent the reader, and whereby
        *(
            f"{PAGE}?{query}"
            for query in (
                "utm_source=rss",
                "smid=tw-share",
                "ocid=socialflow",
                "icid=home",
                "CMP=share_btn_tw",
                "ref=rss",
                "source=RSS",
                "from=feed",
                "partner=rss",
                "rss=1",
                "srsltid=Abc",
                "__twitter_impression=true",
                "ns_campaign=bbc&ns_mchannel=social",
                "mibextid=x&wprov=sfla1",
                "ito=1490",
                "_branch_match_id=1",
                "spm=a2c4e.1&scm=1",
                "gaa_at=g&gaa_n=x",
            )
        ),
        # AMP
        "https://amp.daily.example.org/world/bridge-12",
        f"{PAGE}/amp",
        f"{PAGE}/amp/",
        f"{PAGE}/AMP",
        f"{PAGE}/amphtml",
        f"{PAGE}?amp=1",
        f"{PAGE}?amp",
        f"{PAGE}?amp=true&utm_source=x",
        f"{PAGE}?outputType=amp",
        f"{PAGE}?amp_js_v=0.1&usqp=mq331",
        f"{PAGE}.amp",
        "https://daily.example.org/amp/world/bridge-12",
        "https://daily.example.org/world/amp/bridge-12",
        "https://daily-example-org.cdn.ampproject.org/c/s/daily.example.org/world/bridge-12",
        "https://daily-example-org.cdn.ampproject.org/v/s/amp.daily.example.org/world/bridge-12?amp_js_v=0.1",
        "https://cdn.ampproject.org/c/s/daily.example.org/world/bridge-12/amp",
        "https://www.google.com/amp/s/www.daily.example.org/world/bridge-12",
        "https://www.google.co.uk/amp/s/amp.daily.example.org/world/bridge-12?amp=1",
        "https://www.google.com/amp/daily.example.org/world/bridge-12",
        # phones
        "https://m.daily.example.org/world/bridge-12",
        "https://mobile.daily.example.org/world/bridge-12",
        "http://touch.daily.example.org/world/bridge-12/",
        "https://wap.daily.example.org/world/bridge-12",
        "https://www.m.daily.example.org/world/bridge-12",
        "https://m.amp.daily.example.org/world/bridge-12/amp?amp=1",
        # redirectors
        f"https://www.google.com/url?q={QUOTED}&sa=D&usg=AOv",
        f"https://www.google.de/url?rct=j&sa=t&url={PAGE}&ct=ga&cd=x",
        f"https://news.google.com/news/url?sa=t&fd=R&url={QUOTED}",
        f"https://l.facebook.com/l.php?u={QUOTED}%3Ffbclid%3D1&h=AT0",
        f"https://lm.facebook.com/l.php?u={QUOTED}&h=AT0",
        f"https://l.instagram.com/?u={QUOTED}&e=AT",
        f"https://t.umblr.com/redirect?z={QUOTED}&t=abc",
        f"https://out.reddit.com/t3_abc?url={QUOTED}&token=AQ",
        "https://r.search.yahoo.com/_ylt=A0/RV=2/RE=1/RO=10/RU=https%3a%2f%2fdaily.example.org%2fworld%2fbridge-12/RK=2/RS=x-",
        f"https://nam02.safelinks.protection.outlook.com/?url={QUOTED}&data=05%7C01&sdata=x&reserved=0",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__daily.example.org_world_bridge-2D12&d=DwMFAg&c=x",
        "https://urldefense.com/v3/__https://daily.example.org/world/bridge-12__;!!Abc!def$",
        "https://urldefense.com/v3/__https://daily.example.org/wor*d/bridge-12__;bA!!Abc!def$",
        f"https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url={QUOTED}&c=1&mkt=en-us",
        "https://www.bing.com/ck/a?!&&p=1&u=a1aHR0cHM6Ly9kYWlseS5leGFtcGxlLm9yZy93b3JsZC9icmlkZ2UtMTI&ntb=1",
        f"https://duckduckgo.com/l/?uddg={QUOTED}&rut=1",
        f"https://www.youtube.com/redirect?event=video&q={QUOTED}",
        f"https://vk.com/away.php?to={QUOTED}",
        f"https://www.linkedin.com/redir/redirect?url={QUOTED}&urlhash=1",
        f"https://slack-redir.net/link?url={QUOTED}",
        f"https://go.redirectingat.com/?id=1&url={QUOTED}",
        f"https://link.zhihu.com/?target={QUOTED}",
        f"https://disq.us/url?url={QUOTED}%3AaBcDeFgHiJkLmNoPqRsTuVw&cuid=1",
        f"https://aggregator.example/redirect?url={QUOTED}",
        f"https://aggregator.example/out.php?id=7&link={QUOTED}",
        f"https://aggregator.example/news/click?to={QUOTED}",
        # one behind the other
        f"https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3D{QUOTED.replace('%', '%25')}",
        "https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2Fm.daily.example.org%2Fworld%2Fbridge-12%2Famp",
    ],
)
def test_the_same_page_has_one_form(url: str) -> None:
    assert same_page(url) == PAGE
    assert same_page(canonical(url)) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAGE, "https://daily.example.org/world/bridge-13"),
        (PAGE, "https://daily.example.com/world/bridge-12"),
        (PAGE, "https://weekly.example.org/world/bridge-12"),
        (PAGE, "https://daily.example.org:8443/world/bridge-12"),
        (PAGE, f"{PAGE}?page=2"),
        (PAGE, f"{PAGE}?id=1"),
        (PAGE, "https://daily.example.org/World/bridge-12"),
        (PAGE, "https://news.daily.example.org/world/bridge-12"),
        (f"{PAGE}?id=1", f"{PAGE}?id=2"),
        (f"{PAGE}?amp=5", f"{PAGE}?amp=10"),
        (f"{PAGE}?ref=123", f"{PAGE}?ref=124"),
        (f"{PAGE}?partner=7", f"{PAGE}?partner=8"),
        (f"{PAGE}?view=map", f"{PAGE}?view=list"),
        (f"{PAGE}?source=ap", f"{PAGE}?source=reuters"),
        ("https://amp.dev/a", "https://dev/a"),
        ("https://m.me/a", "https://me/a"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        ("https://mobile.de/a", "https://de/a"),
        ("https://m.com.au/a", "https://mobile.com.au/a"),
        ("https://medium.com/a", "https://edium.com/a"),
        ("https://amp.example/a", "https://m.example/a"),
        ("https://daily.example.org/amp", "https://daily.example.org"),
        ("https://daily.example.org/amps/bridge", "https://daily.example.org/s/bridge"),
        ("https://daily.example.org/guitars/amp/small", "https://daily.example.org/guitars/small"),
        ("https://daily.example.org/ramp", "https://daily.example.org/r"),
        ("https://daily.example.org/a.ampersand", "https://daily.example.org/aersand"),
        ("https://www.google.com/search?q=https://daily.example.org", "https://daily.example.org"),
        ("https://www.google.com/?q=https://daily.example.org/a", "https://daily.example.org/a"),
        ("https://news.google.com/rss/articles/CBMi1", "https://news.google.com/rss/articles/CBMi2"),
        ("https://feedproxy.google.com/~r/a/~3/1", "https://feedproxy.google.com/~r/a/~3/2"),
        ("https://t.co/abc", "https://t.co/abd"),
        ("https://bit.ly/3abc", "https://bit.ly/3Abc"),
        (f"https://web.archive.org/web/2026/{PAGE}", PAGE),
        (f"https://translate.google.com/translate?u={QUOTED}", PAGE),
        (f"https://www.facebook.com/sharer/sharer.php?u={QUOTED}", PAGE),
        (f"https://accounts.example/login/redirect?to={QUOTED}", PAGE),
        (f"https://validator.example/check?uri={QUOTED}", PAGE),
        (f"https://aggregator.example/redirect?a={QUOTED}", PAGE),
        (f"https://aggregator.example/redirect?url={QUOTED}&to=https%3A%2F%2Fother.example", PAGE),
        ("https://aggregator.example/redirect?url=%2Fworld%2Fbridge-12", PAGE),
        ("https://google.evil.example/url?q=" + QUOTED, "https://evil.example"),
        ("https://l.facebook.com/l.php?u=javascript%3Aalert(1)", "https://l.facebook.com/l.php"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2F", "https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example"),
        (
            "https://urldefense.com/v3/__https://a.example/x__;!!A!b$",
            "https://urldefense.com/v3/__https://a.example/y__;!!A!b$",
        ),
    ],
)
def test_another_page_has_another_form(one: str, other: str) -> None:
    assert same_page(one) != same_page(other)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://en.m.wikipedia.org/wiki/Tikrit", "https://en.wikipedia.org/wiki/Tikrit"),
        ("https://m.daily.co.uk/a", "https://daily.co.uk/a"),
        ("https://www.bbc.co.uk/news/amp/world-12", "https://bbc.co.uk/news/world-12"),
        ("https://news.google.com/rss/articles/CBMiX?oc=5", "https://news.google.com/rss/articles/CBMiX?oc=5"),
        ("https://daily.example.org/bridge.amp.html", "https://daily.example.org/bridge.html"),
        ("file:///feeds/a.txt", None),
        (None, None),
    ],
)
def test_what_is_known_of_some_sites(url: str | None, expected: str | None) -> None:
    assert same_page(url) == expected


def test_identity_knows_nothing_of_it() -> None:
    assert canonical("https://m.daily.example.org/a/amp?smid=1") == "https://m.daily.example.org/a/amp?smid=1"


STARTS = st.sampled_from(
    [
        "https://m.",
        "https://amp.daily.example.org/amp/",
        "https://cdn.ampproject.org/c/s/",
        "https://www.google.com/amp/s/",
        "https://www.google.com/url?q=",
        "https://a.example/redirect?url=",
        "https://urldefense.com/v3/__",
        "https://urldefense.proofpoint.com/v2/url?u=",
        "https://www.bing.com/ck/a?u=a1",
        "https://r.search.yahoo.com/RU=",
        "https://disq.us/url?url=",
    ]
)
STEPS = st.sampled_from(
    [
        "https://",
        "https%3A%2F%2F",
        "https%253A%252F%252F",
        "https-3A__",
        "m.",
        "amp.",
        "example.org",
        "b\u00fccher.example",
        "/amp",
        ".amp",
        "?amp=1",
        "__;bA!!x!",
        "*",
        "**C",
        "aHR0cHM6Ly9hLmV4YW1wbGU",
        "%3Fu%3D",
        "/RK=",
        ":",
        "/",
        "&",
        "www.google.com/url?q=",
    ]
)


@settings(max_examples=600)
@given(STARTS, st.lists(STEPS, max_size=10).map("".join) | RAW)
def test_the_form_of_the_same_page_is_its_own(start: str, rest: str) -> None:
    form = same_page(start + rest)
    if form is not None:
        assert same_page(form) == form == canonical(form)


PARTS = st.sampled_from(
    [
        "www.",
        "m.",
        "a",
        "daily.example",
        "/",
        "//",
        "?",
        "&",
        "id=1",
        "utm_source=x",
        "ref=rss",
        "amp",
        "=",
        ".",
        "~",
        "#top",
        "url=x",
    ]
)


@settings(max_examples=400)
@given(st.lists(PARTS, max_size=10).map("".join))
def test_an_address_with_nothing_to_decode_is_read_like_any_other(rest: str) -> None:
    """In capitals a scheme is read the long way."""
    plain, other = "https://daily.example/" + rest, "HTTPS://daily.example/" + rest
    assert canonical(plain) == canonical(other)
    assert same_page(plain) == same_page(other)
    assert (address(plain) or "").casefold() == (address(other) or "").casefold()


PLAIN = st.from_regex(r"[a-z][a-z0-9-]{3,8}\.(com|org|example)", fullmatch=True)


@given(
    PLAIN, PLAIN, st.lists(st.sampled_from(["/amp", "/a-1", "/redirect", "?amp=1", "?url=x", "&ref=rss"]), max_size=5)
)
def test_pages_of_different_sites_are_never_the_same(one: str, other: str, rest: list[str]) -> None:
    paths = "/" + "".join(rest)
    if one != other:
        assert same_page(f"https://{one}{paths}") != same_page(f"https://m.{other}{paths}")


def test_a_link_of_many_redirectors_ends() -> None:
    nested = "https://a.example/out?u=" * 160 + PAGE
    assert same_page(nested) == PAGE
