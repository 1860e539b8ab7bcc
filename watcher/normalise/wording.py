"""The words by which a site speaks of itself and to its readers, as data, in six languages: English, German, Spanish,
French, Russian, Arabic.

Small letters, without Arabic vowel signs; `*` stands for any ending. One table for all languages: no word tells
anything alone, and those that mean something else in another language are left out.
"""

from __future__ import annotations

__all__ = ["ENDINGS", "LABELS", "PLAIN", "POINTERS", "WORDS", "Kind"]


class Kind:
    """What a word tells of who speaks, and about what: bits, since each word of many paragraphs is asked."""

    CLOSES = 1  # a sign behind it ends a sentence, or a part of one
    YOU = 2  # the reader
    WE = 4  # whoever speaks
    OUR = 8  # what is whoever's that speaks
    CALL = 16  # asks for something that sites ask for, where a sentence or a part of one begins with it
    ASK = 32  # please, now, for free
    GIVE = 64  # money, membership
    SITE = 128  # what sites have and news has not: newsletters, comments, terms of use
    NET = 256  # other sites where one is followed
    PAGE = 512  # the text itself: this article
    THIS = 1024
    SAID = 2048  # reports what somebody said
    WRITER = 4096  # who writes for a living, or presents himself as something
    WRITES = 8192  # what such people say of themselves
    IS = 16384
    JOIN = 32768  # stands before a call as a comma does
    OPENS = 65536  # a sign before it begins one
    THEIRS = 131072  # what is a third one's


_LISTS: dict[int, str] = {
    Kind.YOU: """
        you your yours yourself you've you're you'd you'll
        dich dir dein deine deinen deiner deinem euch euer eure euren eurem eurer
        tú te ti tu tus vosotros os vuestro vuestra vuestros vuestras usted ustedes
        vous votre vos toi
        вы вас вам вами ваш* ты тебя тебе твой
        لك لكم إليك إليكم عليك عليكم رأيك رأيكم بريدك هاتفك أصدقائك أصدقائكم أعجبك أعجبكم
        """,
    Kind.WE: """
        we us we're we've we'd we'll wir uns nosotros nosotras somos nous мы нас нам нами نحن إننا لنا معنا
        síguenos síganos ayúdanos ayúdenos escríbenos escríbanos cuéntanos cuéntenos apóyanos contáctanos
        suivez-nous aidez-nous rejoignez-nous retrouvez-nous soutenez-nous écrivez-nous contactez-nous
        تابعنا تابعونا راسلنا راسلونا ساعدنا ساعدونا ادعمنا ادعمونا شاركنا شاركونا
        """,
    Kind.OUR: """
        our ours unser* nuestro nuestra nuestros nuestras notre nos наш наша наше наши нашу нашего нашей нашем нашим
        наших нашими
        """,
    Kind.CALL: """
        subscribe sign signing follow share join donate support download register registering registration contact
        send leave become get help buy tell write click clicking log like disable create enable turn try discover
        unsubscribe listen rate report continue add comment discuss find chip pledge contribute give bookmark submit
        abonnier* folge folgen folgt unterstütz* spende spenden spendet teile teilen teilt melde melden meldet lade
        laden werde werden mitglied hilf helfen helft schreib schreiben schreibt diskutier* registrier* klick*
        kontaktier* erhalten kommentier* aktivier* deaktivier* empfehlen bestellen suscríb* suscrib* sígue* sígan*
        apoya apoye apoyen dona done donen comparte comparta compárt* descarga descargue hazte haz hágase únete
        únase regístr* apúntate ayúd* activa active desactiva participa participe comenta comente escríb* deja deje
        recibe reciba inicia inicie cuént* contáct* colabora colabore contribuye pulsa abonnez* inscrivez*
        inscrivant suivez* soutenez* faites partagez* téléchargez devenez rejoignez* aidez* écrivez* connectez*
        activez désactivez laissez cliquez contactez* contribuez recevez donnez commentez abonne-toi подпи* поддерж*
        поделит* делит* скача* станьте стань присоедин* оформите оставьте оставляйте нажми* нажима* включите
        отключите напишите пишите помогите зарегистрир* обсу* комментир* читайте узнавайте сообщите выделите войдите
        пожертвуйте перейдите следите اشترك اشتركوا اشتركي تابع تابعوا تابعنا تابعونا ادعم ادعموا ادعمنا ادعمونا
        تبرع تبرعوا شارك شاركوا شاركه شاركنا شاركونا شاركها حمل حملوا سجل سجلوا انضم انضموا كن كونوا ساعدنا ساعدونا
        راسلنا راسلونا اكتب اكتبوا اضغط اضغطوا اترك اتركوا فعل فعلوا أرسل أرسلوا
        """,
    Kind.ASK: """
        please free bitte jetzt kostenlos kostenlosen gratis gratuitement gratuit gratuite ahora maintenant пожалуйста
        бесплатно مجانا فضلك فضلكم missing miss verpass* pierdas pierda perdáis manquez пропуст* تفوت
        """,
    Kind.GIVE: """
        donat* support* contribution* contribut* member membership patron gift gifts spende* unterstützung beitrag
        mitglied* donaci* donativo* apoyo socio socia socios don dons soutien membre membres adhérent*
        пожертвован* поддержк* донат* تبرع* دعم* دعمك دعمكم
        """,
    Kind.SITE: """
        newsletter* inbox newsroom journalism reader readers subscriber* subscription* advert* ad ads adblock*
        blocker app website websites webpage cookies privacy terms reserved editor editors comments comment e-mail
        email emails notifications headlines podcast recaptcha clicks paywall reprint* republish* copyright account
        redaktion leser* leserinnen abonnent* abo abonnement* werbung anzeige* journalismus kommentar* datenschutz*
        nutzungsbedingungen impressum benachrichtigung* posteingang postfach konto boletín boletines lector lectora
        lectores lectoras suscriptor* suscripci* publicidad periodismo redacción comentario* privacidad términos
        notificaciones aplicación correo medio web sitio portal cuenta rédaction lecteur* lectrice* abonné*
        publicité presse journalisme commentaire* confidentialité utilisation application appli lettre infolettre
        conditions compte редакци* читател* подписк* подписчик* подписчиц* рассылк* реклам* журналистик* комментари*
        конфиденциальн* использовани* услови* приложени* уведомлени* сайт* канал* почт* نشرة نشرتنا قراء قرائنا
        قراءنا موقع موقعنا تطبيق تطبيقنا قناة قناتنا أخبارنا تعليق تعليقا تعليقات صحافة الصحافة إعلانات بريد بريدية
        البريدية خصوصية مشترك مشتركا مشتركين حساب عملنا صفحتنا صفحاتنا صحيفتنا تحريرنا
        """,
    Kind.NET: """
        facebook twitter instagram telegram whatsapp youtube tiktok linkedin mastodon bluesky threads patreon paypal
        вконтакте телеграм* телеграмм* фейсбук* твиттер* ютуб* فيسبوك تويتر إنستغرام تلغرام تيليغرام واتساب يوتيوب
        """,
    Kind.PAGE: """
        article articles story stories page post site artikel beitrag text texte seite artículo artículos nota noticia
        noticias página statt статья статью статьи материал новость новости текст страниц* مقال خبر صفحة أخبار
        """,
    Kind.THIS: """
        this these dies diese dieser diesem diesen dieses este esta estos estas cet cette ces ce эта эту этот этой
        этого هذا هذه
        """,
    Kind.SAID: """
        said says told adds added announced according statement spokesman spokeswoman asked explained warned
        sagte sagten sagt erklärte erklärt teilte mitteilte berichtete hieß
        dijo dijeron afirmó declaró explicó informó según anunció señaló indicó añadió
        dit déclaré affirmé expliqué annoncé selon indiqué ajouté
        сказал* заявил* сообщил* сообщает рассказал* отметил* пояснил* словам говорится
        قال قالت قالوا أعلن أعلنت أكد أكدت أضاف أضافت بحسب حسبما
        """,
    Kind.WRITER: """
        journalist reporter correspondent writer editor columnist author freelance freelancer contributor
        practitioner blogger photographer consultant coach analyst fellow therapist lecturer entrepreneur intern
        professor historian economist researcher scholar novelist poet filmmaker historiker historikerin ökonom
        ökonomin journalistin reporterin korrespondent korrespondentin redakteur redakteurin autor autorin volontär
        volontärin periodista reportero reportera corresponsal redactor redactora escritor escritora autora profesor
        profesora historiador historiadora economista columnista colaborador colaboradora journaliste correspondante
        correspondant rédacteur rédactrice auteur professeur professeure historien historienne économiste chercheur
        chercheuse autrice auteure chroniqueur chroniqueuse журналист журналистка корреспондент корреспондентка
        репортёр репортер редактор автор обозреватель колумнист писатель профессор историк экономист أستاذ أستاذة
        باحث باحثة صحفي صحفية مراسل مراسلة محرر محررة كاتب كاتبة
        """,
    Kind.WRITES: """
        teaches reported writes covers covered cover publish reports based lives specialises specializes
        specialising freelance interested passionate worked joined contributes studied graduated previously author
        novels books schreibt lebt berichtet arbeitet arbeitete studierte zuvor freie freier escribe vive cubre
        trabaja trabajó antes independiente estudió écrit vit couvre travaille travaillé été indépendant
        indépendante пишет живёт живет работал работала работает освещает ранее раньше независимый независимая تكتب
        يكتب تقيم يقيم تغطي يغطي عمل عملت مستقل مستقلة سابقا
        """,
    Kind.IS: "is ist es est i'm i am",
    Kind.THEIRS: "its their his her leur leurs его её ее их",
    Kind.JOIN: "then dann entonces alors тогда and or und oder y o e et ou и или так و أو please bitte jetzt heute to",
}


def _table(*, open_ended: bool) -> dict[str, int]:
    table: dict[str, int] = {}
    for kind, listed in _LISTS.items():
        for written in listed.split():
            if written.endswith("*") is open_ended:
                word = written.rstrip("*")
                table[word] = table.get(word, 0) | kind
    return table


WORDS = _table(open_ended=False)
ENDINGS = _table(open_ended=True)
"""The same for what words begin with."""

PLAIN = frozenset(word for word, kind in WORDS.items() if kind & (Kind.OUR | Kind.WE | Kind.SITE | Kind.GIVE))
"""One of these is in a paragraph amidst an article that is beyond doubt the site's."""


def _said(listed: str) -> frozenset[str]:
    return frozenset(" ".join(said.split()) for said in listed.split(","))


LABELS = _said(
    """
    share, share this, anzeige, werbung, teilen, drucken, kommentare, kommentar schreiben, weiterlesen, mehr lesen,
    mehr zum thema, zum thema, zur startseite, nach oben, merken, vorlesen, artikel teilen, artikel drucken,
    newsletter, empfohlene artikel, das könnte sie auch interessieren, auch interessant, verwandte artikel, lesen
    sie auch, mehr dazu, anmelden, abonnieren, publicidad, anuncio, compartir, imprimir, comentarios, deja un
    comentario, seguir leyendo, leer más, más información, noticias relacionadas, artículos relacionados, te puede
    interesar, lee también, lea también, ver más, suscríbete, compartir en facebook, compartir en twitter, te
    recomendamos, temas relacionados, iniciar sesión, publicité, partager, imprimer, commentaires, laisser un
    commentaire, lire la suite, lire plus, en savoir plus, à lire aussi, lire aussi, articles liés, sur le même
    sujet, partager cet article, réagir, s'abonner, abonnez-vous, vous aimerez aussi, se connecter, dans la même
    rubrique, partager sur facebook, partager sur twitter, annonce, реклама, поделиться, печать, комментарии,
    оставить комментарий, читать далее, читать дальше, подробнее, читайте также, по теме, материалы по теме, похожие
    статьи, похожие новости, подписаться, войти, на главную, наверх, поделиться в facebook, إعلان, إعلانات, شارك,
    مشاركة, طباعة, تعليقات, التعليقات, أضف تعليقا, اترك تعليقا, اقرأ المزيد, اقرأ أيضا, المزيد, مواضيع ذات صلة,
    أخبار ذات صلة, اشترك, تسجيل الدخول, شارك المقال, مقالات ذات صلة, also read, read also, see also, related,
    related links, most read, most popular, trending, trending now, you may also like, recommended for you, editors'
    picks, up next, more on this story, more from this author, listen to this article, copy link, link copied, share
    on facebook, share on twitter, share on whatsapp, listen, save, print, e-mail, gift this article
    """
)
"""What stands alone where a page has a button, a heading above other articles, or an advertisement."""

POINTERS = _said(
    """
    read also, also read, read more, read next, see also, related, more on this, lesen sie auch, lesen sie mehr,
    mehr zum thema, siehe auch, lee también, lea también, lea además, te puede interesar, más información, à lire
    aussi, lire aussi, voir aussi, sur le même sujet, читайте также, читать также, по теме, смотрите также, اقرأ
    أيضا, اقرأ أيضاً, اقرأ المزيد, طالع أيضا
    """
)
"""What stands before a colon and the headline of another article."""
