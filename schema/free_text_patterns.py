"""The patterns that find identifiers in free text, and the words that members write around them.

Every set of characters is written out, because what `\\w` or another case is depends on a locale. Nothing is lazy. Where
two branches can begin alike, the first that fits is the longest. So PostgreSQL and Python read each pattern alike.
"""

from typing import Final

# Characters.

_ZEROS = (
    *(0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0),
    *(0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620),
    *(0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1FBF0),
)
"""The zero of every script that counts in tens, and of the mathematical alphabets."""

_ONES = (0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A, 0x3021, 0x24F5)
"""The one of every row of nine digits in rings, brackets, before a dot, or as merchants of Suzhou wrote them."""

_NUMERALS = (
    ("⁰₀⓪⓿🄀〇零○", "0"),
    ("¹₁一壹幺弌", "1"),
    ("²₂二贰貳弍两", "2"),
    ("³₃三叁參参弎", "3"),
    ("⁴₄四肆", "4"),
    ("⁵₅五伍", "5"),
    ("⁶₆六陆陸", "6"),
    ("⁷₇七柒", "7"),
    ("⁸₈八捌", "8"),
    ("⁹₉九玖", "9"),
)
_SOUNDS = (
    *(("邻林凌灵铃淋临洞", "0"), ("衣依医伊妖腰", "1"), ("尔耳儿", "2"), ("山伞散", "3"), ("思司丝寺", "4")),
    *(("午吾舞无", "5"), ("溜流刘留", "6"), ("起器漆期拐", "7"), ("吧巴扒爸", "8"), ("久酒旧勾", "9")),
)
"""Chinese characters that sound like a digit."""


_FROM_ZERO = "".join(chr(zero + digit) for zero in _ZEROS[1:] for digit in range(10))
_FROM_ONE = "".join(chr(one + digit) for one in _ONES for digit in range(9))
_READ_AS = (*_NUMERALS, *_SOUNDS)

FOLD_FROM: Final = (
    "".join(characters for characters, _ in _READ_AS)
    + _FROM_ZERO
    + _FROM_ONE
    + "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ＋"
)
FOLD_TO: Final = (
    "".join(digit * len(characters) for characters, digit in _READ_AS)
    + "0123456789" * (len(_ZEROS) - 1)
    + "123456789" * len(_ONES)
    + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+"
)
"""What the characters of a candidate are read as."""

ALIKE_FROM: Final = "OoОоΟοIlІ|"
ALIKE_TO: Final = "0000001111"
"""Letters that look like a digit."""

_DIGIT = (
    "".join(f"{chr(zero)}-{chr(zero + 9)}" for zero in _ZEROS)
    + "".join(f"{chr(one)}-{chr(one + 8)}" for one in _ONES)
    + "".join(characters for characters, _ in _NUMERALS)
)
_SOUND = "".join(characters for characters, _ in _SOUNDS)

_CAPITAL = "A-ZＡ-Ｚ"
_CAPITALS = "[A-ZА-ЯＡ-Ｚ]"
_LETTER = f"{_CAPITAL}a-zａ-ｚÀ-ÖØ-öø-ʯͰ-ԯᴀ-ᶿḀ-\u1fff℀-⅏Ⓐ-ⓩ\U0001d400-\U0001d7cb"
_OTHER = "\u0530-\u063f\u0641-\u167f\u1681-\u1cff⺀-⿟々-〇ぁ-ヺヽ-\ud7ff豈-\ufdffﹰ-ﻼｦ-ﾾ\U00010000-\U0001d3ff\U00020000-\U0003fffd"
"""Letters of scripts that are often written without spaces, and so stand right before or behind an identifier.

The line that lengthens an Arabic word (U+0640) is none.
"""

_SPACE = r" \t\n\v\f\r\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARK = r"\u0300-\u034e\u0350-\u036f\u20d0-\u20ff"
"""What is drawn over the character before it."""

_DASH = r"\-\u2010-\u2015\u2212\u2500\ufe58\ufe63\uff0d\u0640\u30fc"
_DOT = ".．。｡﹒․"
_AT = "@＠﹫"
_SIGN = r":：=＝"
_NARROW = f"{_LETTER}0-9０-９{_MARK}"
_S = f"[{_SPACE}]*"

INVISIBLE: Final = (
    r"[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)

_LOOKALIKES = str.maketrans("abcehikmnopqstvwxyABCEHIKMOPQSTVWXY", "авсеһікмпорԛѕтѵԝхуАВСЕНІКМОРԚЅТѴԜХУ")
_GREEK = str.maketrans("aeiknoptuvxyABEHIKMNOPTXYZ", "αειкηορτυνχγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")
"""Latin letters, and Cyrillic and Greek ones drawn like them."""

_WIDE = {code: chr(code + 0xFEE0) for code in range(ord("!"), ord("~") + 1)}
"""ASCII characters as wide as a Chinese one."""


def _letter(letter: str) -> str:
    """A letter in either case, as wide as a Chinese one, or drawn alike in another script."""
    cases = letter.lower() + letter.upper()
    forms = cases + "".join(cases.translate(table) for table in (_WIDE, _LOOKALIKES, _GREEK))
    forms = "".join(dict.fromkeys(forms))
    return f"[{forms}]" if letter.isalpha() and len(forms) > 1 else letter


def _words(words: str) -> str:
    """Any of these words, in either case. `~` in a word is where it may be written as two, `.` any dot."""
    between = {"~": r"[ ._\-]?", ".": r"\.?", "/": "/"}
    spelled = ("".join(between.get(letter) or _letter(letter) for letter in word) for word in words.split())
    return f"(?:{'|'.join(sorted(spelled, key=lambda word: (-len(word), word)))})"


def _plain(words: str) -> str:
    """Any of these words, in either case."""
    spelled = (
        "".join(
            f"[{each.lower()}{each.upper()}]" if each.isalpha() and each.lower() != each.upper() else each
            for each in word
        )
        for word in words.split()
    )
    return f"(?:{'|'.join(sorted(spelled, key=lambda word: (-len(word), word)))})"


# Escapes.

ENTITIES: Final = (
    " &nbsp=\u00a0 &ensp=\u2002 &emsp=\u2003 &thinsp=\u2009 &commat=@ &period=. &colon=: &plus=+ &hyphen=- &dash=-"
    " &ndash=- &mdash=- &minus=- &lpar=( &rpar=) &sol=/ &lowbar=_ &num=# &comma=, &amp=& &quot=\" &apos=' &middot=·"
    " &Tab=\t &NewLine=\n"
)
"""HTML entities that may stand in an identifier: a space, the entity, an equals sign, its character."""

ESCAPE: Final = (
    "&#[0-9]{1,6};?|&#[xX][0-9A-Fa-f]{1,5};?|%[2-7][0-9A-Fa-f]|=40|=2[Ee]|\\\\u00[2-7][0-9A-Fa-f]"
    "|&(?:nbsp|ensp|emsp|thinsp|commat|period|colon|plus|hyphen|dash|ndash|mdash|minus|lpar|rpar|sol|lowbar|num|comma"
    "|amp|quot|apos|middot|Tab|NewLine);"
)

_BEFORE_WORD = r"(?:^|[^A-Za-zА-яЁё\]])"

ESCAPE_HINTS: Final = r"%&%|%\%%|%=%|%\\%"
"""One of these is in every escape, written for LIKE."""

# Messengers.

_PART = rf"[^{_LETTER}{_OTHER}{_DIGIT}]{{0,2}}"
"""What breaks a Chinese name in two."""

_MESSENGER = (
    _words(
        "we~chat w3chat wei~xin whats~app whatsap wats~app watsapp wasap guasap zapzap zap skype tele~gram telegr viber q~q"
        " kakao~talk kakao zalo snap~chat snap instagram insta facebook~messenger facebook messenger discord icq imo botim"
        " tik~tok twitter ding~talk threema wickr"
    )
    + "|[Ww][. _\\-][Ee][. _\\-]?[Cc][. _\\-]?[Hh][. _\\-]?[Aa][. _\\-]?[Tt]|[Qq][^A-Za-z0-9][Qq]|"
    + f"[微威薇徽維维]{_PART}[信芯心]|[加➕]{_PART}(?:[微薇威徽vVｖＶ]|[qQｑＱ])|"
    + _words(
        "扣扣 抠抠 企鹅 抖音 快手 小红书 微博 钉钉 飞书 ватсап ватсапп вотсап вотсапп вацап вастап скайп телеграм телеграмм телега телегу"
        " телеге вайбер вичат инста инстаграм инстаграмм аська вк вконтакте дискорд"
    )
    + "|"
    + _words(
        "واتساب واتس وتساب واتساپ سكايب سكايبي تيليجرام تلجرام تليجرام تيليغرام تليغرام تلغرام تلگرام فايبر ايمو إيمو سناب"
        " انستقرام انستغرام انستجرام إنستغرام اینستاگرام وي~شات لاين व्हाट्सएप व्हाट्सऐप वॉट्सऐप वाट्सएप व्हाट्सप्प स्काइप"
        " टेलीग्राम टेलिग्राम वाइबर वीचैट इंस्टाग्राम इंस्टा सिग्नल लाइन וואטסאפ טלגרם סקייפ"
    )
    + "|"
    + _words(
        "텔레그램 텔레 카카오 카카오 카톡 위챗 왓츠앱 와츠앱 스카이프 라인 바이버 인스타그램 인스타 디스코드 스냅챗 ไลน์ไอดี ไลน์ ไอดีไลน์ เทเลแกรม วีแชท วอตส์แอป วอทส์แอพ"
        " วอทแอพ สไกป์ ライン カカオトーク カカオ スカイプ テレグラム ウィーチャット ワッツアップ インスタ バイバー"
    )
    + "|(?<![A-Za-z])[qQｑＱ](?=[:：号]|[ ][1-9][0-9]{4})"
)
_SHORT_MESSENGER = _words("kik paypal w~x v~x tg wx vx wa ig fb vk тг тгк")
_SHORT_CHINESE = _words("v信 v芯 薇 卫星 微星 威")
"""A name that may be a word of its own, or the end of one."""

_ID = _words(
    "id no number name account user~name 号码 号 號 帐号 账号 邮箱 아이디 آيدي ايدي معرف आईडी номер ник nick nickname handle usuario usuário ไอดี アカウント"
)
_LEAD = rf"(?:[{_SPACE}{_DASH}#№,，/／|&()（）的我是为加]|{_ID}|{_words('us me at on is es é ist est is to dan daki yaz через в наш мой')})*"
_BETWEEN = rf"[^{_LETTER}{_OTHER}{_DIGIT}{_AT}+＋\[\],，;；\n]{{0,3}}"
_NAME_CHARACTER = rf"[{_LETTER}{_DIGIT}_＿]"
_JOINT = r"[.．\-－'@]?"
_WITH_DIGIT = rf"[~+＋@＠]?[{_LETTER}_＿](?:{_JOINT}[{_LETTER}_＿])+{_JOINT}[{_DIGIT}_＿](?:{_JOINT}{_NAME_CHARACTER})*"
"""A name that has a digit or an underscore within it."""

_NAMED = rf"[~+＋@＠]*[{_LETTER}_＿](?:[.．\-－'@:]?{_NAME_CHARACTER}){{3,}}"
_NUMBERED = rf"[+＋]?{_BETWEEN}[{_DIGIT}](?:{_BETWEEN}[{_DIGIT}]){{4,}}(?:{_NAME_CHARACTER})*"
_SIGNED = rf"[{_SIGN}][{_SIGN}{_SPACE}]*"
_HANDLE = (
    rf"(?:(?:{_MESSENGER}){_LEAD})+"
    rf"(?:{_SIGNED}(?:{_NAMED}|{_NUMBERED})|{_WITH_DIGIT}|{_NUMBERED})"
)
_SMALL_NAME = rf"(?:[a-zａ-ｚа-яё_]{{2}}|{_CAPITALS}[a-zа-яё]{{2}}){_NAME_CHARACTER}*[{_DIGIT}_](?:{_NAME_CHARACTER}|[.\-]{_NAME_CHARACTER})*"
_SHORT_HANDLE = (
    rf"{_words('line signal сигнал')}(?:{_S}{_ID}{_S}(?:{_SIGNED}{_NAMED}|{_SMALL_NAME})|{_S}{_SIGNED}[@＠]?[a-zａ-ｚ]{{2}}{_NAME_CHARACTER}*[{_DIGIT}_]{_NAME_CHARACTER}*)"
    rf"|(?:{_SHORT_MESSENGER}(?:[{_SPACE}]+|(?=[{_SIGN}]))|{_SHORT_CHINESE}{_S})(?:{_ID}{_S})?(?:{_SIGNED})?[@＠]?{_SMALL_NAME}"
)
_MENTION = (
    rf"[{_AT}]"
    rf"(?:[a-zａ-ｚа-я_]|[A-Z][a-z]){_NAME_CHARACTER}(?:{_NAME_CHARACTER}|[.]{_NAME_CHARACTER}){{2,}}"
)
_HANDLE_FIRST = (
    rf"{_WITH_DIGIT}[{_SPACE}]+(?:{_words('on via at в auf sur en no su')}[{_SPACE}]+|[(（])"
    rf"{_words('skype we~chat whats~app telegram viber instagram kakao~talk gmail yahoo hotmail outlook')}"
)

_SPLIT_DOT = rf"(?:[.．。]|{_S}[(\[{{]{_S}(?:[.．]|{_words('dot')}){_S}[)\]}}]{_S})"

_LINKS = (
    rf"(?:{_plain('t wa m line signal telegram zalo fb vk ig threema')}{_SPLIT_DOT}[Mm][Ee]"
    rf"|{_plain('whatsapp skype wechat qq facebook fb instagram vk twitter x weibo viber tiktok linkedin snapchat douyin')}{_SPLIT_DOT}[Cc][Oo][Mm]"
    rf"|{_plain('discord signal kakao ok')}{_SPLIT_DOT}{_plain('gg group com ru')}|{_plain('tg weixin whatsapp viber skype mqqwpa line zalo')}[:：]/)/"
)

# E-mail addresses.

_PROVIDER = _words(
    "gmail googlemail hotmail outlook yahoo ymail icloud protonmail proton 163 126 qq sina sohu foxmail aliyun yandex"
    " naver hanmail daum gmx web libero rediffmail mail bk inbox uol bol orange wanadoo free t-online zoho live msn aol okhdfcbank okicici oksbi okaxis ybl paytm upi"
)
_LOCAL = rf"[{_NARROW}_][{_NARROW}{_DASH}!#$%&'*+^_`{{}}\~.\"．＿＋]*"
_START = rf"(?<![{_NARROW}{_DASH}_.])"
"""A word begins here. Within a word no attempt is made, so the time does not grow with its square."""

_LABEL = rf"(?:[{_NARROW}_{_DASH}]+|[{_OTHER}]+)"
_ENDING = rf"(?:[{_LETTER}]{{2,}}|[{_OTHER}]{{2,}})"
_DOMAIN = rf"(?:{_LABEL}(?:[.．｡﹒․]|。(?=[A-Za-zａ-ｚ])))+{_ENDING}"
_EMAIL = rf"(?:{_LOCAL}|[{_OTHER}]{{1,16}})[{_AT}][{_SPACE}]?(?:{_DOMAIN}|{_PROVIDER}(?![{_NARROW}{_DASH}]))(?:[{_SIGN}][{_DIGIT}]{{5,}})?"

_DOT_WORD = _words(
    "dot punto ponto punkt point nokta точка тчк kropka 点 點 डॉट ドット 닷 점 نقطة نقطه دوت ดอท จุด chấm"
)
_DOT_SAID = rf"(?:{_S}[(\[{{<（【]{_S}(?:{_DOT_WORD}|[{_DOT}]){_S}[)\]}}>）】]{_S}|{_S}{_DOT_WORD}{_S}|[{_SPACE}]?[{_DOT}][{_SPACE}]?)"
_TOP = _words("com net org cn ru de fr it es in pl tr br jp kr co uk info biz eu cc vn mx ua ae sa eg pt ком ру")
_HOST_SAID = rf"[{_NARROW}{_DASH}]+(?:{_DOT_SAID}[{_NARROW}{_DASH}]+)*(?:[{_SPACE}]+{_TOP}(?![{_NARROW}]))?"
_DOTTED = rf"[{_NARROW}{_DASH}]+(?:{_DOT_SAID}[{_NARROW}{_OTHER}{_DASH}]{{2,}})+"
_PROVIDED = rf"{_PROVIDER}(?:(?:{_DOT_SAID}|[{_SPACE}]+)(?:{_TOP}))?(?![{_NARROW}])"
_AT_BRACKET = rf"[(\[{{<（【*]{_S}(?:{_words('at et ät собака гав arroba chiocciola arobase アット あっと 골뱅이 艾特 小老鼠 एट آت ات sobaka symbol')}|[aа{_AT}]){_S}[)\]}}>）】*]"
_AT_SIGN = rf"(?:[ⓐⒶ∂⒜]|[_{_DASH}]{_words('at')}[_{_DASH}])"
_AT_WORD = _words(
    "arroba chiocciola małpa malpa собака собачка гав arobase arrobase klammeraffe affenschwanz kukac zavináč zavinac"
    " apenstaartje sobaka chez ät snabel-a snabela kuyruklu 小老鼠 艾特 花a 圈a あっと アットマーク アット 골뱅이 앳 एट ऐट اتساين แอท แอด"
)
_AT_PHRASE = (
    rf"(?:{_words('at')}[{_SPACE}]+{_words('the')}[{_SPACE}]+{_words('rate')}(?:[{_SPACE}]+{_words('of')})?"
    rf"|एट[{_SPACE}]+द[{_SPACE}]+रेट|(?:et|at)[{_SPACE}]+i[sş]areti|علامة[{_SPACE}]+[آا]ت|(?:a[{_SPACE}]+)?commerciale?"
    rf"|[آا]ت)"
)
_EMAIL_SAID = (
    rf"{_START}{_LOCAL}{_S}(?:{_AT_BRACKET}{_S}[{_NARROW}{_OTHER}](?:{_HOST_SAID})?"
    rf"|(?:{_AT_SIGN}|{_AT_WORD}|{_AT_PHRASE}){_S}(?:{_DOTTED}|{_PROVIDED}|[{_NARROW}{_DASH}]+[{_SPACE}]+{_TOP}(?![{_NARROW}])))"
)
_EMAIL_SPOKEN = (
    rf"{_START}{_LOCAL}(?:[{_SPACE}]+{_words('at')}[{_SPACE}]+|{_S}[{_AT}]{_S})(?:[{_NARROW}{_DASH}]+(?:[.．][{_NARROW}{_DASH}]+)*{_S}"
    rf"(?:{_DOT_WORD}|[(\[]{_S}(?:{_DOT_WORD}|[.])\s?[)\]]){_S}[{_NARROW}{_OTHER}]{{2,}}(?:{_DOT_SAID}[{_NARROW}]{{2,}})*"
    rf"|[{_NARROW}{_DASH}]+[{_SPACE}]+[.．][{_SPACE}]*{_TOP}(?![{_NARROW}])|{_PROVIDER}{_DOT_SAID}{_TOP})"
    rf"|{_START}{_LOCAL}{_S}[{_AT}]{_S}[{_NARROW}{_DASH}]+(?:{_S}[.．]{_S}[{_NARROW}{_DASH}]+)*[{_SPACE}]*[.．][{_SPACE}]*{_TOP}(?![{_NARROW}])"
).replace(r"\s?", _S)
_DOTTED_LOCAL = rf"{_START}[{_NARROW}]+[._\d][{_NARROW}._]+[{_SPACE}]+{_words('at')}[{_SPACE}]+(?:{_LABEL}[.．])+{_TOP}(?![{_NARROW}])".replace(
    r"\d", "0-9"
)
_JOINED = r"[A-Za-z0-9._\-]*[_\-](?:at|AT|At)[_\-][A-Za-z0-9_\-]*[_\-](?:dot|DOT|Dot)[_\-][A-Za-z0-9_\-]*"
_HASHED = (
    r"[A-Za-z0-9._]{3,}(?:#|\(a\)|\*|\^|&|~)[A-Za-z0-9\-]{2,}[.](?:com|net|org|cn|ru|de|co|in|info|biz)(?![A-Za-z0-9])"
)
_SPACED = rf"(?:[A-Za-z0-9._][{_SPACE}]){{2,}}[{_AT}](?:[{_SPACE}][A-Za-z0-9._\-])+"
_PROVIDER_BEFORE = (
    rf"(?:(?<![A-Za-z]){_words('gmail hotmail outlook yahoo icloud yandex')}|(?:163|126|[Qq][Qq]|网易|新浪)?邮箱|{_words('почта')}){_S}[{_SIGN}]?{_S}"
    rf"[A-Za-z][A-Za-z]{{2,}}[._0-9][A-Za-z0-9._]{{2,}}"
)

# Internet addresses.

_HEX = "[0-9A-Fa-f]"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_IPV4 = rf"(?<![0-9A-Za-z.])(?:[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\[?\.\]?(?:{_OCTET}\[?\.\]?){{2}}{_OCTET}(?![0-9A-Za-z]|\.[0-9])"
_IPV6 = (
    rf"(?<![0-9A-Za-z:.])(?:(?:{_HEX}{{1,4}}:){{7}}{_HEX}{{1,4}}|(?:{_HEX}{{1,4}}:){{2,6}}(?::{_HEX}{{1,4}}){{1,5}}"
    rf"|(?:fe80|fd|fc|2[0-9a-f])[0-9a-fA-F]{{0,3}}:(?::{_HEX}{{1,4}}){{1,6}})(?![0-9A-Za-z:])"
)

# Bank accounts and wallets.

_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_WALLET = (
    r"(?<![0-9A-Za-z])(?:0[xX][0-9A-Fa-f]{40}|bc1[0-9a-z]{25,60}"
    rf"|T{_BASE58}{{33}}|[13](?={_BASE58}{{0,20}}[a-z])(?={_BASE58}{{0,20}}[A-Z]){_BASE58}{{25,33}})(?![0-9A-Za-z])"
)
_SWIFT = rf"(?<![A-Za-z]){_words('swift bic')}(?:[ /]?{_words('code bic')})?[ :：.#]{{1,3}}[A-Z]{{6}}[A-Z0-9]{{2}}(?:[A-Z0-9]{{3}})?(?![A-Za-z0-9])"

IBAN_LENGTHS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18"
    " FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21"
    " LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27"
    " ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
)
"""Countries and the length of their account numbers (ISO 13616)."""

_IBAN = rf"(?:[A-Za-zＡ-Ｚａ-ｚ]{{2}}[{_DIGIT}]{{2}}|(?<![A-Za-z])[A-Z]{{2}}[ ][0-9]{{2}}(?=[ ]))(?:[^{_LETTER}{_OTHER}{_DIGIT}]{{0,2}}[0-9A-Za-z０-９Ａ-Ｚａ-ｚ{_DIGIT}]){{11,34}}"

# Numbers.

_GAP = rf"(?:[^{_LETTER}{_OTHER}{_DIGIT}{_AT}+＋\[\],，;；]{{0,3}}|[,，])"
"""What may stand between the digits of a number. Behind a comma and a space another one begins."""

_LOOSE = rf"[+＋]?{_GAP}[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{3,}}".replace(rf"[+＋]?{_GAP}", r"(?:[+＋][ (（]{0,2})?", 1)
_TIGHT = rf"(?:[+＋][ (（]{{0,2}})?[{_DIGIT}](?:[{_DASH}.()（）{_MARK}]{{0,2}}[{_DIGIT}]){{6,}}"

NUMBER_WORDS: Final = (
    "double= zero=0 zéro=0 null=0 sıfır=0 sifir=0 cero=0 ноль=0 нуль=0 शून्य=0 صفر=0 영=0 공=0 れい=0 ゼロ=0 "
    "seven=7 three=3 eight=8 four=4 five=5 nine=9 one=1 two=2 six=6 "
    "sieben=7 eins=1 zwei=2 zwo=2 drei=3 vier=4 fünf=5 fuenf=5 sechs=6 acht=8 neun=9 "
    "quatre=4 trois=3 cinq=5 sept=7 deux=2 huit=8 neuf=9 "
    "cuatro=4 quattro=4 quatro=4 cinque=5 cinco=5 siete=7 sette=7 sete=7 seis=6 nueve=9 nove=9 ocho=8 otto=8 oito=8 "
    "tres=3 três=3 uno=1 due=2 dois=2 dos=2 tre=3 sei=6 "
    "четыре=4 восемь=8 девять=9 шесть=6 пять=5 семь=7 один=1 два=2 три=3 "
    "yedi=7 sekiz=8 dokuz=9 altı=6 alti=6 dört=4 dort=4 beş=5 bes=5 bir=1 iki=2 üç=3 uc=3 "
    "एक=1 दो=2 तीन=3 चार=4 पांच=5 पाँच=5 छह=6 छः=6 सात=7 आठ=8 नौ=9 "
    "واحد=1 اثنان=2 اثنين=2 ثلاثة=3 ثلاثه=3 أربعة=4 اربعة=4 خمسة=5 خمسه=5 ستة=6 سته=6 سبعة=7 سبعه=7 ثمانية=8 تسعة=9 "
    "일=1 이=2 삼=3 사=4 오=5 육=6 칠=7 팔=8 구=9 いち=1 さん=3 よん=4 ろく=6 なな=7 はち=8 きゅう=9"
)
"""Words and the digit that each stands for. They are read one after another."""

_NUMBER_WORD = _plain(" ".join(pair.partition("=")[0] for pair in NUMBER_WORDS.split()))
_WORD_GAP = rf"[{_SPACE}{_DASH},.()/·，、]{{0,3}}"
_SPELLED = rf"(?:[{_DIGIT}]{_WORD_GAP})*{_NUMBER_WORD}(?:{_WORD_GAP}(?:{_NUMBER_WORD}|[{_DIGIT}])){{5,}}"

_FILLER = "前中后後面间間段位头頭尾部再加然是接着最起始的和跟开結结，"
_ODD = (
    rf"[{_DIGIT}{_SOUND}]{{10,}}(?![{_DIGIT}{_SOUND}OoIl])"
    rf"|[{_DIGIT}]{{3,4}}[{_FILLER}]{{1,4}}[{_DIGIT}]{{4}}[{_FILLER}]{{1,4}}[{_DIGIT}]{{3,4}}(?![{_DIGIT}])"
    r"|[1Il][3-9][0-9OoIl](?:[ .\-]?[0-9OoIl]{4}){2}(?![0-9A-Za-z])"
)

CANDIDATES: Final = (_IBAN, _SPELLED, _LOOSE, _TIGHT, _ODD)
"""What may be a number of an account, a card or a telephone: by country, in words, in digits. Each is judged."""

_LINK = rf"(?:[^{_LETTER}{_OTHER}{_DIGIT}\]]|№|{_words('no n nr num number numero número nº numarası numarasi номер номеру по is us me at on now am im today my al au unter para ends ending in')}|号码|號碼|后四位|末四位|尾号|号|號|是|为|番号|번호|رقم|नंबर|नम्बर|संख्या|নম্বর|है|هو|は|で|로)*"
_PHONE_LATIN = _words(
    "tel tels tél telef telp telephone phone ph mob mobile mobil cellphone cell~phone fax call ring dial text sms hotline hp"
    " contact teléfono telefono tfno móvil movil celular cel llame llámame llamar llámenos telefone telemóvel telemovel"
    " fone ligue telefon handy rufnummer anrufen durchwahl fon téléphone portable appelez cellulare chiamare chiamate"
    " chiama chiamami cep whats~app wechat viber telegram zalo wa komórka hubungi rufen"
    " тел телефон телефону моб мобильный факс звоните звонить сотовый ватсап вотсап вайбер"
)
_PHONE_OTHER = (
    "电话|電話|手机|手機|传真|傳真|热线|熱線|座机|致电|拨打|联系方式|微信|手机号|号码|電|هاتف|جوال|جوالي|موبايل|تلفون|تليفون|اتصل|فاكس|محمول|للتواصل|واتساب"
    "|फोन|फ़ोन|मोबाइल|कॉल|संपर्क|दूरभाष|फैक्स|전화|휴대폰|핸드폰|연락처|팩스|携帯|ファックス|直通|連絡先|โทร|โทรศัพท์|[☎📞📱✆☏📲]"
)
PHONE_BEFORE: Final = rf"(?:{_BEFORE_WORD}{_PHONE_LATIN}|{_PHONE_OTHER}){_LINK}$"
SIGNS: Final = ":：=#№☎📞📱✆☏📲."
"""What announces a number, right before it."""

BESIDE: Final = " (（[+-–—\t\n"
"""What may stand between a sign and a number."""

ACCOUNT_BEFORE: Final = (
    rf"(?:{_BEFORE_WORD}{_words('account acct a/c acc iban routing aba clabe cbu pix upi ifsc paypal бик к/с konto kontonummer sort~code cuenta conta conto compte conto hesap счет счёт счета р/с card visa mastercard amex karte tarjeta cartão carte carta kart карта карты картой')}"
    rf"|支付宝|尾号|账号|账户|帐号|帐户|賬號|帳號|賬戶|口座番号|口座|계좌번호|계좌|الحساب|حساب|खाता|卡号|卡號|银行卡|信用卡|カード|카드|بطاقة|कार्ड){_LINK}$"
)
_LABEL_WORD = _words(
    "hs hscode code cas part p/n pn sn s/n serial lot batch model item art article артикул арт ref reference isbn issn gtin"
    " ean upc barcode order po invoice patent din iso gost гост en astm sku imei oem oe bestellnummer código codigo lote"
    " modelo modello pedido заказ заказа партия серийный parça sipariş parti un class tyres bearing size sizes price usd"
    " eur rmb fob cif moq qty quantity tracking awb b/l bl container seal license licence vat tax reg cert certificate"
    " version ver rev no~of chargennummer charge rechnung facture fattura factura ncm ncm/sh cnpj"
)
LABEL_BEFORE: Final = (
    rf"(?:{_BEFORE_WORD}{_LABEL_WORD}|订单号|订单|单号|货号|型号|批号|编号|款号|专利号|条码|合同号|型番|品番|注文番号|주문번호|모델|품번|رقم الطلب|رقم القطعة|موديل|मॉडल|[$€£¥₽₹])"
    rf"(?:[^{_LETTER}{_OTHER}{_DIGIT}\]]|№|{_words('no nr num number код code номер is')})*$"
)
UNIT_AFTER: Final = (
    rf"^{_S}(?:(?:{_words('pcs pc pieces piece sets set mm cm m km kg g mg t tons ton mt l ml kw w v kv a ma mah hz khz mhz ghz rpm bar psi mpa usd eur rmb cny ft inch in lbs lb oz gsm units unit cells layers cartons ctns boxes rolls meters metres c f k шт кг мм см м руб тг тонн')}(?![A-Za-zА-я0-9])"
    r"|[xX×*][0-9])|[%‰°℃″\"元件个只吨米毫公克套台箱개원個枚本円$€£₽₹])"
)
SHAPE: Final = (
    "^(?:(?:00)?86 ?)?(?:1[3-9][0-9]{9}|1[3-9][0-9](?: [0-9]{4} [0-9]{4}| [0-9]{8}| [0-9]{3} [0-9]{5}"
    "|(?: [0-9]{3}){2} [0-9]{2}| [0-9]{2}(?: [0-9]{2}){3})|1[3-9][0-9]{2} (?:[0-9]{3} [0-9]{4}|[0-9]{4} [0-9]{3})"
    "|1[3-9][0-9]{5} [0-9]{4}|1 [3-9](?: [0-9]){9}|1[3-9](?: [0-9]{2}){4} [0-9])$"
    "|^0(?: [0-9]){8,10}$|^0[0-9]{1,4} [0-9]{3,4} [0-9]{3,4}$|^0[0-9]{2,3} [0-9]{7,8}$|^0[0-9](?: [0-9]{2}){4}$"
    "|^0[0-9]{3} [0-9]{3}(?: [0-9]{2}){2}$|^0[5-9][0-9]{8,9}$|^01[016789][0-9]{7,8}$|^0[0-9]{2,4} [0-9]{6}$"
    "|^00(?: ?[1-9])(?: ?[0-9]){9,13}$|^(?:1 )?[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}$"
    "|^[78] ?9[0-9]{2} ?[0-9]{3} ?[0-9]{2} ?[0-9]{2}$|^8 [0-9]{3,4} [0-9]{2,3} [0-9]{2} [0-9]{2}$|^9[0-9]{2} [0-9]{3} [0-9]{2} [0-9]{2}$"
    "|^0 [0-9]{3} [0-9]{3} [0-9]{2} [0-9]{2}$|^3[2-9][0-9] [0-9]{3} [0-9]{4}$|^3[2-9][0-9] [0-9]{7}$|^9 [0-9]{4} [0-9]{4}$|^(?:55 )?[1-9][0-9] 9[0-9]{4} [0-9]{4}$|^(?:86|852|886|91|90|971|966|44|49|33|34|39|81|82|84|55|52) [0-9]{2,4} [0-9]{3,4} [0-9]{3,4}$"
    "|^86 [0-9]{2,3} [0-9]{7,8}$|^91 [6-9][0-9]{4} ?[0-9]{5}$|^[6-9][0-9]{4} [0-9]{3}(?:[1-9][0-9]|[0-9][1-9])$"
)
"""The groups of a telephone number without a plus, with one space between them."""

INTERNATIONAL: Final = (
    r"^\+ ?(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21|22|23|24|25|26|29|35|37|38|42|50|59|67|68|69|80|85|87|88|96|97|99)"
    r"(?: ?[0-9]){6,13}$"
)
LISTED: Final = ",，、/×*;；"
"""What stands between the members of a list or the sides of a thing."""

CARD_BRAND: Final = "^(?:4(?:[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[068][0-9]{12}|35[0-9]{14}|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}|62(?:[0-9]{14}|[0-9]{17})|(?:50|5[6-9]|6[0-9])[0-9]{14})$"

# What is replaced at sight.

# Where to look. A word is cheap to look for, a pattern is not.


def _hints(words: str) -> tuple[str, str]:
    """Parts of words, of which a text has one if a pattern is to find anything in it. `~` stands for a space."""
    both = dict.fromkeys(form for word in words.split() for form in (word, word.capitalize(), word.upper()))
    hints = [each.replace("~", " ").replace("_", r"\_") for each in both if not each.isascii() or each == each.lower()]
    in_ascii, others = ("|".join(f"%{each}%" for each in hints if each.isascii() is plain) for plain in (True, False))
    return in_ascii, others


_CONTACTS = _hints(
    "chat weixin whats watsap wasap guasap zap skype gram telegr viber qq q~q q-q q.q kakao zalo snap insta facebook"
    " messenger discord icq imo botim tiktok tik~tok tik-tok twitter ding threema wickr w.e w~e w-e q: q： ｑ q号 ~q~1 ~q~2 ~q~3 ~q~4 ~q~5 ~q~6 ~q~7 ~q~8 ~q~9 gmail yahoo hotmail outlook wei~xin wei-xin 抠抠"
    " 微 威 薇 徽 維 维 加 ➕ 扣扣 企鹅 抖音 快手 小红书 钉钉 飞书 ватсап вотсап вацап вастап скайп телег вайбер вичат инста аська вк дискорд"
    " وات وتساب سكايب تي تل فايبر ايمو إيمو سناب انست إنست اینستا وي لاين व्हा वॉट वाट स्काइप टेल वाइबर वीचैट इंस्टा सिग्नल लाइन"
    " וואטסאפ טלגרם סקייפ 텔레 카카오톡 카톡 위챗 츠앱 스카이프 라인 바이버 인스타 디스코드 스냅챗 ไลน์ แกรม วีแชท แอ สไกป์ ライン カカオ スカイプ"
    " テレグラム チャット アップ インスタ バイバー me/ com/ gg/ group/ ru/ :/ ：/ me）/ me]/ com]/ com)/ me)/"
)
_AT_HINTS = _hints(
    "ⓐ ∂ ⒜ chez~ sobaka (ات ät~ (at [at {at <at （at 【at *at (~at [~at {~at <~at （~at (a) [a] {a} <a> （a） (а) (@ [@ {@ <@ （@ (＠ （＠ (et) [et] (ät [ät ät) symbol (~a~) at_ at- arroba chiocciola małpa malpa собак гав arobase arrobase klammeraffe affenschwanz kukac zavin apenst"
    " snabel kuyruklu 小老鼠 艾特 花a 圈a あっと アット 골뱅이 앳 एट ऐट اتساين แอท แอด the~rate areti i̇şareti işareti ات آت commercial at‐ at‑ at‒ at– at— at― at− at─ at﹘ at﹣ at－ atـ atー"
)
PHONE_HINTS: Final = _hints(
    "tel tél ph mob móvil movil cel fax call ring dial text sms hotline hp contact tfno llam llám fone lig handy ruf durchwahl fon"
    " tél appel chiam cep whats chat viber zalo wa komórka hubungi тел моб факс звон сотов ватсап вотсап вайбер"
    " 电话 電話 手机 手機 传真 傳真 热线 熱線 座机 致电 拨打 联系方式 微信 号码 電 هاتف جوال موبايل تلفون تليفون اتصل فاكس محمول للتواصل واتساب"
    " फोन फ़ोन मोबाइल कॉल संपर्क दूरभाष फैक्स 전화 휴대폰 핸드폰 연락처 팩스 携帯 ファックス 直通 連絡先 โทร ☎ 📞 📱 ✆ ☏ 📲"
)
ACCOUNT_HINTS: Final = _hints(
    "acc a/c iban routing aba clabe cbu pix upi ifsc paypal бик к/с р/с konto sort cuenta conta conto compte hesap счет счёт"
    " 支付宝 尾号 账 帐 賬 帳 口座 계좌 حساب खाता card visa mastercard amex karte tarjeta cartão carte carta kart карт 卡 カード 카드 بطاقة कार्ड"
)

MIXED: Final = "[ａ-ｚＡ-Ｚ]|[A-Za-z][Ͱ-ԯ]|[Ͱ-ԯ][A-Za-z]"
"""Where letters of one script may stand for those of another."""

LATIN_FROM: Final = (
    "авсеһікмпорԛѕтѵԝхуАВСЕНІКМОРԚЅТѴԜХУαειкηορτυνχγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"
    + "".join(chr(0xFEE0 + code) for code in range(ord("A"), ord("Z") + 1))
    + "".join(chr(0xFEE0 + code) for code in range(ord("a"), ord("z") + 1))
)
LATIN_TO: Final = "abcehikmnopqstvwxyabcehikmopqstvwxyaeiknoptuvxyabehikmnoptxyz" + 2 * "abcdefghijklmnopqrstuvwxyz"
"""Letters that may stand for Latin ones."""

NUMBER: Final = rf"[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{3}}|[{_DIGIT}{_SOUND}]{{10}}|[1Il][3-9][0-9OoIl]{{3}}"
"""What is in every text with a number that is a candidate."""

_NAME_OR_NUMBER = (
    rf"[{_SIGN}][{_SIGN}{_SPACE}]*[~+＋@＠]*[{_LETTER}_＿]|[{_LETTER}_＿]{_JOINT}[{_DIGIT}_＿]|[A-Za-z)\]]/|[{_AT}]"
    rf"|[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{4}}"
)

_NO_HINTS = ("", "")

REPLACED: Final = (
    (*_NO_HINTS, f"[0-9A-Za-z]{{26}}|{_plain('swift bic')}", "[bank account]", f"{_WALLET}|{_SWIFT}"),
    (*_hints("@ at_ at- # (a) ＠ ﹫"), "", "[e-mail]", f"{_JOINED}|{_HASHED}|{_SPACED}"),
    (*_hints("gmail hotmail outlook yahoo icloud yandex 邮箱 почта"), "", "[e-mail]", _PROVIDER_BEFORE),
    (*_hints("@ ＠ ﹫"), "", "[e-mail]", _EMAIL),
    (*_AT_HINTS, "", "[e-mail]", _EMAIL_SAID),
    (*_hints("~at~ ~@ @~ ~aт~ ~ａｔ~ ＠ ﹫"), "", "[e-mail]", f"{_DOTTED_LOCAL}|{_EMAIL_SPOKEN}"),
    (*_NO_HINTS, _NAME_OR_NUMBER, r"\1[handle]", rf"(^|[^A-Za-z0-9０-９А-яЁё.\]])(?:{_SHORT_HANDLE}|{_MENTION})"),
    (
        *_CONTACTS,
        _NAME_OR_NUMBER,
        "[handle]",
        rf"{_LINKS}[^{_SPACE}{_OTHER}，。、（）()<>\"'\]]+|{_HANDLE_FIRST}|{_HANDLE}",
    ),
    (*_NO_HINTS, rf"[0-9]\]?\.\[?[0-9]{{1,3}}\]?\.\[?[0-9]|:{_HEX}{{0,4}}:", "[ip address]", f"{_IPV4}|{_IPV6}"),
)
"""What is replaced in free text, in this order: hints of ASCII and other hints, a pattern, by what, and the pattern.

A hint is for LIKE. Without hints or without a pattern, that is no condition.
"""

SPELLED_HINTS: Final = _hints(
    "zero zéro sıfır sifir cero ноль нуль शून्य صفر 영 공 れい ゼロ seven three eight four five nine sieben eins zwei zwo drei"
    " vier fünf fuenf sechs neun quatre trois cinq sept deux huit neuf cuatro quattro quatro cinque cinco siete sette sete seis"
    " nueve nove ocho oito четыре восемь девять шесть пять семь yedi sekiz dokuz altı dört dort beş üç"
    " तीन चार पांच पाँच सात आठ ثلاث أربع اربع خمس سبع ثمان تسع 일 삼 사 오 육 칠 팔 いち さん よん ろく なな はち один"
)
