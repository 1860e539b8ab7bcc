"""pure: a name -> whether a place is known by it: capitals and cities that news is written in, as data; and what only
looks like one before a colon or a dash.
"""

from __future__ import annotations

__all__ = ["LABELS", "is_place"]


def _names(listed: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()).casefold() for name in listed.split(","))


LABELS = _names(
    """
    analysis, opinion, exclusive, breaking, update, updated, correction, video, watch, live, review, editorial,
    comment, interview, factbox, explainer, timeline, photos, profile, feature, report, summary, note, warning,
    question, answer, developing, just in, breaking news, editor's note, key points, background, read more, read
    also, related, top stories, highlights, analyse, kommentar, meinung, exklusiv, eilmeldung, korrektur, liveblog,
    frage, antwort, hinweis, hintergrund, análisis, opinión, exclusiva, última hora, corrección, vídeo, entrevista,
    pregunta, respuesta, nota, analyse, opinion, exclusif, correction, vidéo, entretien, question, réponse, мнение,
    анализ, интервью, видео, вопрос, ответ, срочно, обновлено, تحليل, رأي, عاجل, فيديو, سؤال, جواب, حصري
    """
)
"""What labels an article, or who asks and answers."""
_PLACES = _names(
    """
    Baghdad, Basra, Mosul, Erbil, Irbil, Kirkuk, Tikrit, Damascus, Aleppo, Homs, Beirut, Amman, Jerusalem, Tel Aviv,
    Gaza, Gaza City, Ramallah, Cairo, Alexandria, Tripoli, Benghazi, Tunis, Algiers, Rabat, Khartoum, Sanaa, Aden,
    Riyadh, Jeddah, Mecca, Doha, Dubai, Abu Dhabi, Manama, Muscat, Kuwait City, Tehran, Isfahan, Kabul, Kandahar,
    Islamabad, Karachi, Lahore, Peshawar, New Delhi, Delhi, Mumbai, Kolkata, Chennai, Dhaka, Colombo, Kathmandu,
    Beijing, Shanghai, Hong Kong, Taipei, Tokyo, Osaka, Seoul, Pyongyang, Bangkok, Hanoi, Manila, Jakarta, Kuala
    Lumpur, Singapore, Yangon, Phnom Penh, Sydney, Melbourne, Canberra, Wellington, Auckland, Moscow, St Petersburg,
    St. Petersburg, Kyiv, Kiev, Kharkiv, Odesa, Lviv, Donetsk, Minsk, Tbilisi, Yerevan, Baku, Astana, Tashkent,
    Istanbul, Ankara, Athens, Nicosia, Sofia, Bucharest, Belgrade, Sarajevo, Zagreb, Ljubljana, Pristina, Skopje,
    Tirana, Budapest, Vienna, Prague, Bratislava, Warsaw, Berlin, Hamburg, Munich, Frankfurt, Cologne, Bonn,
    Brussels, Amsterdam, The Hague, Luxembourg, Paris, Lyon, Marseille, Strasbourg, Geneva, Zurich, Bern, Rome,
    Milan, Naples, Vatican City, Madrid, Barcelona, Seville, Lisbon, London, Manchester, Edinburgh, Glasgow,
    Belfast, Dublin, Oslo, Stockholm, Copenhagen, Helsinki, Reykjavik, Tallinn, Riga, Vilnius, Washington, New York,
    Boston, Chicago, Houston, Dallas, Los Angeles, San Francisco, Seattle, Miami, Atlanta, Philadelphia, Detroit,
    Denver, Ottawa, Toronto, Montreal, Vancouver, Mexico City, Havana, Caracas, Bogota, Bogotá, Quito, Lima, La Paz,
    Santiago, Buenos Aires, Montevideo, Asuncion, Brasilia, Sao Paulo, Rio de Janeiro, San Salvador, Managua, Panama
    City, Port-au-Prince, Kingston, Lagos, Abuja, Accra, Dakar, Bamako, Niamey, Nairobi, Mogadishu, Addis Ababa,
    Kampala, Kigali, Kinshasa, Goma, Lusaka, Harare, Maputo, Luanda, Johannesburg, Pretoria, Cape Town, United
    Nations, Bagdad, Damaskus, Kairo, Teheran, Moskau, Kiew, Wien, Prag, Warschau, München, Köln, Brüssel,
    Straßburg, Genf, Zürich, Rom, Mailand, Lissabon, Kopenhagen, Athen, Bukarest, Belgrad, Peking, Tokio, Neu-Delhi,
    Jerusalem, Istanbul, Dresden, Leipzig, Stuttgart, Düsseldorf, Hannover, Bremen, Nürnberg, El Cairo, Damasco,
    Teherán, Moscú, Viena, Praga, Varsovia, Berlín, Bruselas, Estrasburgo, Ginebra, Roma, Londres, Lisboa, Atenas,
    Pekín, Seúl, Estambul, Nueva York, Ciudad de México, La Habana, Sevilla, Valencia, Bilbao, Zaragoza, Málaga,
    Washington DC, Le Caire, Damas, Téhéran, Moscou, Vienne, Prague, Varsovie, Bruxelles, Genève, Athènes, Pékin,
    Séoul, Lille, Bordeaux, Toulouse, Nantes, Nice, Alger, Beyrouth, Jérusalem, Copenhague, Lisbonne, Le Havre, La
    Haye, Москва, Санкт-Петербург, Киев, Минск, Багдад, Дамаск, Тегеран, Каир, Бейрут, Иерусалим, Анкара, Стамбул,
    Вашингтон, Нью-Йорк, Лондон, Париж, Берлин, Брюссель, Вена, Женева, Рим, Мадрид, Пекин, Токио, Сеул, Дели,
    Кабул, Баку, Ереван, Тбилиси, Астана, Ташкент, Казань, Екатеринбург, Новосибирск, بغداد, البصرة, الموصل, أربيل,
    كركوك, تكريت, دمشق, حلب, بيروت, عمان, القدس, غزة, رام الله, القاهرة, الإسكندرية, طرابلس, بنغازي, تونس, الجزائر,
    الرباط, الخرطوم, صنعاء, عدن, الرياض, جدة, مكة, الدوحة, دبي, أبوظبي, أبو ظبي, المنامة, مسقط, الكويت, طهران,
    كابول, أنقرة, اسطنبول, إسطنبول, واشنطن, نيويورك, لندن, باريس, برلين, موسكو, كييف, بكين, طوكيو, جنيف, بروكسل,
    فيينا, روما, مدريد, الأمم المتحدة
    """
)


def is_place(name: str) -> bool:
    return name.casefold() in _PLACES
