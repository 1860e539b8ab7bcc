"""pure: a few words -> whether they name who publishes: a news agency, a paper, a station. As data."""

from __future__ import annotations

import re

__all__ = ["is_agency", "is_outlet", "known_in"]


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()).casefold() for name in listed.split(","))


_AGENCIES = _names(
    """
    AP, Associated Press, The Associated Press, Reuters, Thomson Reuters, AFP, Agence France-Presse, dpa, EFE, ANSA,
    UPI, Bloomberg, Xinhua, Kyodo, Kyodo News, Yonhap, PTI, ANI, IANS, TASS, Itar-Tass, Interfax, RIA, RIA Novosti,
    Ukrinform, Anadolu, Anadolu Agency, AA, IRNA, ISNA, Fars, Fars News, Tasnim, SANA, WAM, SPA, KUNA, QNA, Petra,
    MENA, MAP, APS, TAP, NINA, INA, Belga, ANP, PAP, CTK, ČTK, MTI, APA, SDA, Keystone-SDA, ATS, NTB, TT, Ritzau,
    STT, BNS, LETA, ELTA, Lusa, Europa Press, Notimex, Télam, Prensa Latina, Antara, Bernama, CNA, Jiji, AAP, NZPA,
    CP, The Canadian Press, PA, PA Media, Press Association, KNA, epd, dts, sid, AFX, awp, PRNewswire, PR Newswire,
    Business Wire, GlobeNewswire, Newswire, IPS, RFE/RL, DW, BBC, CNN, Al Jazeera, AGI, Adnkronos, ANA, Tanjug,
    Beta, HINA, FENA, MIA, BTA, Agerpres, Mediafax, Unian, УНИАН, Укринформ, ТАСС, ИТАР-ТАСС, РИА Новости, РИА,
    Интерфакс, Росбалт, Регнум, БЕЛТА, Синьхуа, АП, Рейтер, رويترز, أ ف ب, ا ف ب, فرانس برس, د ب أ, أسوشيتد برس, أ
    ب, الأناضول, وكالات, سانا, واس, وام, قنا, كونا, بترا, شينخوا, سبوتنيك
    """
)
_PUBLISHES = _names(
    """
    times, post, news, telegraph, daily, herald, guardian, tribune, gazette, journal, press, agency, radio, tv,
    television, online, observer, mail, standard, mirror, chronicle, courier, weekly, review, magazine, wire,
    newswire, zeitung, nachrichten, tageblatt, rundschau, anzeiger, kurier, diario, periódico, noticias, agencia,
    gaceta, journaux, presse, agence, gazette, figaro, monde, газета, новости, агентство, вестник, известия, صحيفة,
    وكالة, جريدة
    """
)
_LONGEST = 60  # code points
_PARTS = re.compile(r"\s*(?:[/,;+&]|\band\b|\bund\b|\by\b|\bet\b|\bи\b)\s*")


def is_agency(name: str) -> bool:
    """Whether all of it names news agencies, known by their names alone."""
    if len(name) > _LONGEST or name.casefold() in _AGENCIES:
        return len(name) <= _LONGEST
    parts = _PARTS.split(name)
    return len(parts) > 1 and all(part.casefold() in _AGENCIES for part in parts)


def is_outlet(name: str) -> bool:
    """Whether it names who publishes: an agency, or what calls itself a paper or a station."""
    return is_agency(name) or any(word in _PUBLISHES for word in name.casefold().split()) or name.startswith("The ")


def known_in(name: str) -> str:
    """The first news agency among the names; empty if there is none."""
    return next((part for part in (name, *_PARTS.split(name)) if part.casefold() in _AGENCIES), "")
