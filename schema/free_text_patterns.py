"""The patterns that find identifiers in free text, and the words that members write around them.

Every set of characters is written out, because what `\\w` or another case is depends on a locale. Nothing is lazy. Where
two branches can begin alike, the first that fits is the longest. Of alternatives on the outermost level each is tried.
So PostgreSQL and Python read each pattern alike.
"""

import re
from typing import Final

from schema import free_text_words as words

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

ALIKE_FROM: Final = "OoОоΟοㅇIlІ|"
ALIKE_TO: Final = "00000001111"
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

_words, _plain = words.alike, words.plain

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
    _words(words.MESSENGERS)
    + "|[Ww][. _\\-][Ee][. _\\-]?[Cc][. _\\-]?[Hh][. _\\-]?[Aa][. _\\-]?[Tt]|[Qq][^A-Za-z0-9][Qq]|"
    + f"[微威薇徽維维]{_PART}[信芯心]|[加➕]{_PART}(?:[微薇威徽vVｖＶ]|[qQｑＱ])|[+＋][vV]|"
    + _plain(f"{words.MESSENGERS_IN_LATIN} {words.MESSENGERS_IN_OTHER_SCRIPTS}")
)
_SHORT_MESSENGER = _words("kik paypal w~x v~x tg wx vx wa ig fb vk ins inst тг тгк вк")
_SHORT_CHINESE = rf"(?:[vV薇威][{_SPACE}]?[信芯心❤♥💚💬]|[薇威]|[卫微衛]星)"
"""A name that may be a word of its own, or the end of one."""

_ID = rf"(?:{_words('id')}|{_plain(words.ID)})"
_REMARK = rf"(?:[(（「][^()（）「」\n]+[)）」]{_S})"
_LEAD = rf"(?:[{_SPACE}{_DASH}#№,，/／|&()（）的我是为加搜]|{_ID}|{_plain(words.LEAD)})*"
_BETWEEN = rf"[^{_LETTER}{_OTHER}{_DIGIT}{_AT}+＋\[\],，;；\n]{{0,3}}"
_NAME_CHARACTER = rf"[{_LETTER}{_DIGIT}_＿]"
_JOINT = r"[.．\-－'@]?"
_WITH_DIGIT = rf"[~+＋@＠]?[{_LETTER}_＿](?:{_JOINT}[{_LETTER}_＿])+{_JOINT}[{_DIGIT}_＿](?:{_JOINT}{_NAME_CHARACTER})*"
"""A name that has a digit or an underscore within it."""

_NAMED = rf"[~+＋@＠]*[{_LETTER}_＿](?:[.．\-－'@:]{{0,2}}{_NAME_CHARACTER}){{3,}}(?:[(（][^()（）\n]*[)）]{_NAME_CHARACTER}+)*"
_NAMED_BY_JOINT = rf"[@＠]?[{_LETTER}][{_LETTER}_]+[._\-][{_LETTER}{_DIGIT}_]{{2,}}(?:[._\-][{_LETTER}{_DIGIT}_]+)*"
_LETTER_BY_LETTER = r"[A-Za-z](?:[ ][A-Za-z0-9]){4,}(?![A-Za-z0-9])"
_NUMBERED = rf"[+＋]?{_BETWEEN}[{_DIGIT}](?:{_BETWEEN}[{_DIGIT}]){{4,}}(?:{_NAME_CHARACTER})*"
_SIGNED = rf"[{_SIGN}][{_SIGN}{_SPACE}]*"
_SPLIT_DOT = rf"(?:[.．。]|{_S}[(\[{{]{_S}(?:[.．]|{_words('dot')}){_S}[)\]}}]{_S})"

_LINKS = (
    rf"(?:{_plain('t wa m line signal telegram zalo fb vk ig threema')}{_SPLIT_DOT}[Mm][Ee]"
    rf"|{_plain('whatsapp skype wechat qq facebook fb instagram vk twitter x weibo viber tiktok linkedin snapchat douyin')}{_SPLIT_DOT}[Cc][Oo][Mm]"
    rf"|{_plain('discord signal kakao ok')}{_SPLIT_DOT}{_plain('gg group com ru')}|{_plain('tg weixin whatsapp viber skype mqqwpa line zalo')}[:：]/)/"
)
_LINKED = rf"(?:[Hh][Tt][Tt][Pp][Ss]?://)?(?:[a-z]{{1,9}}[.])?{_LINKS}[^{_SPACE}{_OTHER}，。、（）()<>\"'\]]+"
_SIGNED_OR_NOT = rf"(?:{_SIGNED})?"
_HANDLE = (
    rf"(?:(?:{_MESSENGER}){_LEAD})+"
    rf"(?:(?:{_REMARK}?{_SIGNED})?{_LINKED}|{_REMARK}?{_SIGNED}(?:{_LETTER_BY_LETTER}|{_NAMED}|{_NUMBERED})|{_WITH_DIGIT}|{_NUMBERED}|{_ID}{_S}(?:{_plain('is es é ist')}{_S})?{_NAMED_BY_JOINT})"
    rf"|[加搜➕]我?{_S}(?:[微威薇徽維维]{_PART}[信芯心]|[微薇威vVｖＶ]|[卫衛]星)号?{_S}[a-z](?:[_\-]?[a-z0-9]){{3,}}"
    rf"|(?:[公众眾]{{2}}|视频|視頻)[号號]{_REMARK}?{_S}(?:[搜是为]索?)?{_S}{_SIGNED_OR_NOT}{_WITH_DIGIT}"
    rf"|[Ll][Ii][Vv][Ee]:(?:[.]cid[.][A-Za-z0-9]+|[A-Za-z][A-Za-z0-9.\-]*[0-9_][A-Za-z0-9._\-]*)"
)
_SMALL_NAME = rf"(?:[a-zａ-ｚа-яё_]{{2}}|{_CAPITALS}[a-zа-яё]{{2}}){_NAME_CHARACTER}*[{_DIGIT}_](?:{_NAME_CHARACTER}|[.\-]{_NAME_CHARACTER})*"
_WORD_START = r"(?<![A-Za-z0-9０-９А-яЁё.\]])"
_SHORT_HANDLE = (
    rf"{_WORD_START}{_words('line signal сигнал')}(?:{_S}{_ID}{_S}(?:{_SIGNED}{_NAMED}|{_SMALL_NAME})|{_S}{_SIGNED}[@＠]?[a-zａ-ｚ]{{2}}{_NAME_CHARACTER}*[{_DIGIT}_]{_NAME_CHARACTER}*)"
    rf"|{_WORD_START}(?:{_SHORT_MESSENGER}(?:[{_SPACE}]+|(?=[{_SIGN}（(]))|{_SHORT_CHINESE}{_S})(?:{_ID}{_S})?"
    rf"(?:(?:{_plain('is es é ist')}[{_SPACE}]+|[{_DASH}][{_SPACE}]+|{_REMARK}?{_SIGNED})?[@＠]?{_SMALL_NAME}|{_REMARK}?{_SIGNED}{_LETTER_BY_LETTER})"
    rf"|{_WORD_START}(?:{_words('v~x w~x vk tg')}|{_SHORT_CHINESE}){_S}(?:{_ID}{_S})?{_REMARK}?{_SIGNED}[@＠]?[a-z](?:[._\-]?{_NAME_CHARACTER}){{3,}}"
    rf"|{_WORD_START}[qQｑＱ](?:[ ]?[qQｑＱ])?(?:(?:号{_LEAD}|[:：]){_SIGNED_OR_NOT}(?:{_NAMED}|{_NUMBERED})|[ ][1-9][0-9]{{4,}})"
    rf"|{_WORD_START}{_plain('add my our')}[{_SPACE}]+(?:{_plain('me on my our')}[{_SPACE}]+)?{_words('v~x w~x tg ig')}[{_SPACE}]+{_NAMED_BY_JOINT}"
)
_MENTION = (
    rf"[{_AT}]"
    rf"(?:[a-zａ-ｚа-я_]|[A-Z][a-z]){_NAME_CHARACTER}(?:{_NAME_CHARACTER}|[.]{_NAME_CHARACTER}){{2,}}"
)
_HANDLE_FIRST = (
    rf"{_WITH_DIGIT}(?:[{_SPACE}]+(?:{_plain('on via at в auf sur en no su in im dans em')}[{_SPACE}]+|[(（])"
    rf"{_plain('skype wechat whatsapp telegram viber instagram insta kakaotalk gmail yahoo hotmail outlook скайп телеграм вайбер ватсап вотсап')}"
    rf"|{_S}[是为]我的?(?:微信|[QqVvWw][QqXx]))"
)

# E-mail addresses.

_PROVIDER = _words(words.PROVIDERS)
_NAME_OF_PROVIDER = _words("gmail hotmail outlook yahoo icloud yandex")
_LOCAL = rf"[{_NARROW}_][{_NARROW}{_DASH}!#$%&'*+^_`{{}}\~.\"．＿＋]*"
_START = rf"(?<![{_NARROW}{_DASH}_.])"
"""A word begins here. Within a word no attempt is made, so the time does not grow with its square."""

_LABEL = rf"(?:[{_NARROW}_{_DASH}]+|[{_OTHER}]+)"
_ENDING = rf"(?:[{_LETTER}]{{2,}}|[{_OTHER}]{{2,}})"
_BREAK = "<[bB][rR] ?/?>"
_DOMAIN = rf"(?:{_LABEL}(?:[.．｡﹒․]{{1,3}}|。(?=[A-Za-zａ-ｚ])))+{_ENDING}"
_EMAIL = rf"(?:{_LOCAL}|[{_OTHER}]{{1,16}})[{_AT}]{{1,3}}(?:[{_SPACE}]|{_BREAK}){{0,3}}(?:{_DOMAIN}|{_LABEL}[,，·•・{_SPACE}](?:com|net|org|cn|ru)(?![{_NARROW}])|{_PROVIDER}(?![{_NARROW}{_DASH}]))(?:[{_SIGN}][{_DIGIT}]{{5,}})?"

_QUOTE = rf"★☆|~\"'“”‘’«»『』〈〉《》/_{_DASH}"
_DOT_WORD = _plain(words.DOT)
_OPEN, _CLOSE = rf"(\[{{<（【「{_QUOTE}", rf")\]}}>）】」{_QUOTE}"
_DOT_SAID = rf"{_S}[{_OPEN}]?{_S}(?:{_DOT_WORD}|[{_DOT}]){_S}[{_CLOSE}]?{_S}"
_NEXT_DOT = rf"{_S}[{_OPEN}]?{_S}(?:(?<![{_NARROW}{_OTHER}{_DASH}]){_DOT_WORD}|[{_DOT}]){_S}[{_CLOSE}]?{_S}"
"""A dot that is said. The next one is no part of the word before it, as a word is read to its end."""

_TOP = _plain(words.TOP)
_HOST_DOT = _NEXT_DOT.replace(_OTHER, "")
_HOST_SAID = rf"[{_NARROW}{_DASH}]+(?:{_HOST_DOT}[{_NARROW}{_DASH}]+)*(?:[{_SPACE}]+{_TOP}(?![{_NARROW}]))?"
_DOMAIN_SAID = rf"(?:[{_NARROW}{_OTHER}{_DASH}]{{2,}}|넷|컴)"
_DOTTED = rf"(?:[{_NARROW}{_DASH}]+|[{_OTHER}]{{1,12}}){_DOT_SAID}{_DOMAIN_SAID}(?:{_NEXT_DOT}{_DOMAIN_SAID})*"
_PROVIDED = rf"{_words(words.PROVIDERS.replace('.', ''))}(?:(?:{_DOT_SAID}|[{_SPACE}]+)(?:{_TOP}))?(?![{_NARROW}])"
_AT_IN_BRACKETS = _words(words.AT_IN_BRACKETS)
_AT_BRACKET = rf"[(\[{{<（【「*]{_S}(?:{_AT_IN_BRACKETS}|[aа{_AT}]){_S}[)\]}}>）】」*]"
_AT_WORD = rf"(?:{_plain(words.AT)}|[ⓐⒶ∂⒜🅐🄰🅰🐶🐕🐒🐵🐌🐭][tT]?)"
_AT_PHRASE = (
    rf"(?:[Aa][Tt][{_SPACE}]+[Tt][Hh][Ee][{_SPACE}]+[Rr][Aa][Tt][Ee](?:[{_SPACE}]+[Oo][Ff])?"
    rf"|एट[{_SPACE}]+द[{_SPACE}]+रेट|(?:et|at)[{_SPACE}]+i[sş]areti|علامة[{_SPACE}]+[آا]ت|(?:a[{_SPACE}]+)?commerciale?)"
)
_JOINED_BY_WORD = rf"(?:[{_SPACE}]+{_plain(words.JOINT)}[{_SPACE}]+[{_NARROW}_]+)*"
_EMAIL_SAID = (
    rf"{_START}{_LOCAL}{_JOINED_BY_WORD}{_S}(?:{_AT_BRACKET}{_S}[{_NARROW}{_OTHER}](?:{_HOST_SAID})?"
    rf"|(?:[{_OPEN}]?{_S}(?:{_AT_WORD}|{_AT_PHRASE}){_S}[{_CLOSE}]?|[{_QUOTE}]{_S}{_words('at')}{_S}[{_QUOTE}]){_S}"
    rf"(?:[{_NARROW}{_DASH}]+[{_SPACE}]+{_TOP}(?![{_NARROW}])|{_DOTTED}|{_PROVIDED}))"
)
_EMAIL_SPOKEN = (
    rf"{_START}{_LOCAL}{_JOINED_BY_WORD}(?:[{_SPACE}]+{_words(words.AT_WEAK)}[{_SPACE}]+|{_S}[{_AT}]{_S})(?:[{_NARROW}{_DASH}]+(?:[.．][{_NARROW}{_DASH}]+)*{_S}"
    rf"(?:{_DOT_WORD}|[(\[{_QUOTE}]{_S}(?:{_DOT_WORD}|[.]){_S}[)\]{_QUOTE}]){_S}[{_NARROW}{_OTHER}]{{2,}}(?:{_NEXT_DOT}[{_NARROW}]{{2,}})*"
    rf"|[{_NARROW}{_DASH}]+[{_SPACE}]+[.．][{_SPACE}]*{_TOP}(?![{_NARROW}])|{_PROVIDER}{_DOT_SAID}{_TOP})"
    rf"|{_START}{_LOCAL}{_S}[{_AT}]{_S}[{_NARROW}{_DASH}]+(?:{_S}[.．]{_S}[{_NARROW}{_DASH}]+)*[{_SPACE}]*[.．][{_SPACE}]*{_TOP}(?![{_NARROW}])"
    rf"|{_START}{_LOCAL}{_S}[{_AT}]{_S}{_NAME_OF_PROVIDER}(?![{_NARROW}])"
)
_SPOKEN_FORM = (
    rf"[{_AT}]|[{_SPACE}]{_words(words.AT_WEAK)}[{_SPACE}]+[{_NARROW}{_DASH}]+"
    rf"(?:[.．][{_NARROW}]|[{_SPACE}]*[(\[.．{_QUOTE}{_OTHER}]|[{_SPACE}]+[^{_SPACE}]+[{_SPACE}]+{_TOP}(?![{_NARROW}]))"
)
"""What is in every text with an address that has `at` and words for its dots."""

_DOTTED_LOCAL = rf"[{_NARROW}]+[._\d][{_NARROW}._]+[{_SPACE}]+{_words('at')}[{_SPACE}]+(?:{_LABEL}[.．])+{_TOP}(?![{_NARROW}])".replace(
    r"\d", "0-9"
)
_ROLE_LOCAL = (
    rf"(?:{_plain('sales info export contact orders order purchase purchasing admin support service office marketing trade import inquiry enquiry')}"
    rf"|{_plain('e-mail email mail')}(?:{_S}[{_SIGN}]{_S}|[{_SPACE}]+(?:{_plain('is id to me')}[{_SPACE}]+)?){_LOCAL})"
    rf"[{_SPACE}]+{_words('at')}[{_SPACE}]+(?![Ww]{{3}}[.])(?:{_LABEL}[.．])+{_TOP}(?![{_NARROW}])"
)
_JOINED = r"[A-Za-z0-9._\-]*[_\-](?:at|AT|At)[_\-][A-Za-z0-9_\-]*[_\-](?:dot|DOT|Dot)[_\-][A-Za-z0-9_\-]*"
_HASHED = (
    r"[A-Za-z0-9._]{3,}(?:#|\(a\)|\*|\^|&|~)[A-Za-z0-9\-]{2,}[.](?:com|net|org|cn|ru|de|co|in|info|biz)(?![A-Za-z0-9])"
)
_SPACED = rf"(?:[A-Za-z0-9._][{_SPACE}]){{2,}}[{_AT}](?:[{_SPACE}][A-Za-z0-9._\-])+"
_PROVIDER_BEFORE = (
    rf"(?:(?<![A-Za-z@.]){_NAME_OF_PROVIDER}|(?:[Qq][Qq]|网易|新浪)?[邮郵]箱|{_words('почта')})"
    rf"(?:[{_SPACE}]|[{_SIGN}]|[号是为]|{_plain('is id address account es é ist est мой моя это')}){{0,6}}"
    rf"[A-Za-z][A-Za-z]{{2,}}[._0-9][A-Za-z0-9._\-]{{2,}}"
    rf"|(?:163|126|[Qq][Qq]|网易|新浪|谷歌)[邮郵]箱[{_SPACE}{_SIGN}号是为]*[A-Za-z][A-Za-z0-9._\-]{{3,}}"
    rf"|(?<![A-Za-z@.]){_words('gmail hotmail')}{_S}[:：=]{_S}[a-z][A-Za-z0-9._\-]{{3,}}"
)
_PROVIDER_BEHIND = (
    rf"[A-Za-z0-9._\-]+(?:[{_SPACE}]+{_plain('gmail hotmail yahoo outlook icloud yandex')}(?:[{_SPACE}]+|[.,])"
    rf"{_plain('com ru co')}(?![A-Za-z0-9])|(?<=[0-9_])[{_SPACE}]+(?:[(（]|{_plain('at on')}[{_SPACE}]+)?{_plain('gmail hotmail')}(?![A-Za-z0-9]))"
)

# Internet addresses.

_HEX = "[0-9A-Fa-f]"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9][0-9]|[0-9])"
_POINT = r"(?:\.|\[\.\]|\[\.|\.\]|\(\.\)|[\[({ ](?:dot|DOT)[\])} ])"
_IPV4 = rf"(?<![0-9A-Za-z.])(?:[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]){_POINT}(?:{_OCTET}{_POINT}){{2}}{_OCTET}(?![0-9A-Za-z]|\.[0-9])"
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
_WALLET_IN_PIECES = (
    rf"((?<![A-Za-z])(?:{_plain('btc usdt trc20 erc20 eth bitcoin tether wallet')}|钱包|錢包|кошелек|кошелёк)(?:[^A-Za-z0-9]|{_plain('to is address no wallet adresse адрес')}){{1,12}})"
    rf"(?:[13LT]{_BASE58}{{1,11}}|bc1[0-9a-z]{{0,9}}|0x[0-9A-Fa-f]{{0,10}})(?:[ \-](?![a-z]{{2,}}[ .,)])[0-9A-Za-z]{{2,12}}){{3,}}"
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

NUMBER_WORDS: Final = words.SPOKEN_DIGITS
"""Words and the digit that each stands for. They are read one after another."""

_NUMBER_WORD = _plain(" ".join(pair.partition("=")[0] for pair in NUMBER_WORDS.split()))
_WORD_GAP = rf"(?:[{_SPACE}{_DASH},.()/·，、]{{0,3}}|[{_SPACE}](?:e|y|et|und|i|и)[{_SPACE}])"
_LATIN_LETTER = "[A-Za-zÀ-ÖØ-öø-ʯḀ-\u1fff]"
_SPELLED = (
    rf"(?:[+＋]{_S})?(?:[{_DIGIT}]{_WORD_GAP})*(?<!{_LATIN_LETTER}){_NUMBER_WORD}"
    rf"(?:{_WORD_GAP}(?:{_NUMBER_WORD}|[{_DIGIT}])){{3,}}(?:(?<!{_LATIN_LETTER})|(?!{_LATIN_LETTER}))"
)
"""Digits, of which some are words. Between two Latin letters none begins or ends: whichever words a longer one is read
as, it is read to its end."""


_ALIKE = "OoОоIlㅇ"
_FILLER = "の杠横减前中后後面间間段位头頭尾部再加然是接着最起始的和跟开結结，"
_ODD = (
    rf"[{_DIGIT}{_SOUND}]{{10,}}(?![{_DIGIT}{_SOUND}OoIl])"
    rf"|[{_DIGIT}]{{2,4}}[{_FILLER}]{{1,4}}[{_DIGIT}]{{3,4}}[{_FILLER}]{{1,4}}[{_DIGIT}]{{3,4}}(?![{_DIGIT}])"
    r"|[(]?0[xX]{2}[ (]{0,2}[1-9][0-9][) ]{0,2}[2-9][0-9]{3,4}[ .\-]?[0-9]{4}(?![0-9])"
    r"|[1Il][3-9][0-9OoIl](?:[ .\-]?[0-9OoIl]{4}){2}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z])(?:[+]?[0-9]{{1,3}}[ .\-]{{1,2}})?[(]?[0-9{_ALIKE}]{{2,5}}[)]?[ .\-]{{1,2}}[0-9{_ALIKE}]{{2,4}}(?:[ .\-][0-9{_ALIKE}]{{2,5}}){{1,3}}(?![0-9A-Za-z])"
)

CANDIDATES: Final = (_IBAN, _SPELLED, _LOOSE, _TIGHT, _ODD)
"""What may be a number of an account, a card or a telephone: by country, in words, in digits. Each is judged."""

_BETWEEN_WORDS = rf"[^{_LETTER}{_OTHER}{_DIGIT}\]]|№|0[xX][xX]|{_plain(words.LINK)}|{words.LINK_IN_OTHER_SCRIPTS}"
_LINK = f"(?:{_BETWEEN_WORDS})*"
_PHONE_LATIN = _plain(words.PHONE)
_NUMBER_NAMED = (
    rf"(?:^|[.!?;,，。；\n][{_SPACE}]?|{_plain('my our мой наш mi mein meine unsere mio mon meu benim')}[{_SPACE}]+)"
    rf"{_plain('number номер número numero nummer numéro numara numaram numaramız numer nomor नंबर नम्बर 번호 号码 رقم رقمي 番号')}"
)
PHONE_BEFORE: Final = rf"(?:{_BEFORE_WORD}{_PHONE_LATIN}|{words.PHONE_IN_OTHER_SCRIPTS}|{_NUMBER_NAMED}|(?:^|[^A-Za-zА-яЁё\]\-])[Rr][Ii][Nn][Gg]){_LINK}$"
SIGNS: Final = ":：=#№☎📞📱✆☏📲."
"""What announces a number, right before it."""

BESIDE: Final = " (（[+-–—\t\n"
"""What may stand between a sign and a number."""

ACCOUNT_BEFORE: Final = (
    rf"(?:{_BEFORE_WORD}{_plain(words.ACCOUNT)}|{words.ACCOUNT_IN_OTHER_SCRIPTS})"
    rf"(?:{_plain(words.ACCOUNT_LINK)}|{_BETWEEN_WORDS})*$"
)
SECOND: Final = rf"\[phone\][{_SPACE},，、;；/／|()（）]*(?:(?:{_plain(words.OR)}|[或和])[{_SPACE}]*|[/／|])$"
"""What stands between a telephone number and another one."""
_LABEL_WORD = _words(words.LABEL)
LABEL_BEFORE: Final = (
    rf"(?:{_BEFORE_WORD}{_LABEL_WORD}|订单号|订单|单号|货号|型号|批号|编号|款号|专利号|条码|合同号|型番|品番|注文番号|주문번호|모델|품번|رقم الطلب|رقم القطعة|موديل|मॉडल|[$€£¥₽₹])"
    rf"(?:[^{_LETTER}{_OTHER}{_DIGIT}\]]|№|{_words('no nr num number код code номер is')})*$"
)
UNIT_AFTER: Final = (
    rf"^{_S}(?:(?:{_words(words.UNIT)}(?![A-Za-zА-я0-9])"
    r"|[xX×*][0-9])|[%‰°℃″\"元件个只吨米毫公克套台箱개원個枚本円$€£₽₹])"
)
_INTERNATIONAL = (
    r"^\+ ?(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21|22|23|24|25|26|29|35|37|38|42|50|59|67|68|69|80|85|87|88|96|97|99)"
    r"(?: ?[0-9]){6,13}$"
)
SHAPE: Final = (
    "^(?:(?:00)?86 ?)?(?:1[3-9][0-9]{9}|1[3-9][0-9](?: [0-9]{4} [0-9]{4}| [0-9]{8}| [0-9]{3} [0-9]{5}"
    "|(?: [0-9]{3}){2} [0-9]{2}| [0-9]{2}(?: [0-9]{2}){3})|1[3-9][0-9]{2} (?:[0-9]{3} [0-9]{4}|[0-9]{4} [0-9]{3})"
    "|1[3-9][0-9]{5} [0-9]{4}|1 [3-9](?: [0-9]){9}|1[3-9](?: [0-9]{2}){4} [0-9])$"
    "|^0(?: [0-9]){8,10}$|^0[0-9]{1,4} [0-9]{3,4} [0-9]{3,4}$|^0[1-9] [0-9]{2,3} [0-9]{3,4} [0-9]{3,4}$|^0 [5-9][0-9]{4} [0-9]{5}$|^0 [1-9][0-9] [2-9][0-9]{3,4} ?[0-9]{4}$|^[0-9](?: [0-9]){9,11}$|^0[0-9]{2,3} [0-9]{7,8}$|^0[0-9](?: [0-9]{2}){4}$"
    "|^0[0-9]{3} [0-9]{3}(?: [0-9]{2}){2}$|^0[5-9][0-9]{8,9}$|^01[016789][0-9]{7,8}$|^0[0-9]{2,4} [0-9]{6}$"
    "|^00(?: ?[1-9])(?: ?[0-9]){9,13}$|^(?:1 )?[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}$"
    "|^[78] ?9[0-9]{2} ?[0-9]{3} ?[0-9]{2} ?[0-9]{2}$|^8 [0-9]{3,4} [0-9]{2,3} [0-9]{2} [0-9]{2}$|^9[0-9]{2} [0-9]{3} [0-9]{2} [0-9]{2}$"
    "|^0 [0-9]{3} [0-9]{3} [0-9]{2} [0-9]{2}$|^3[2-9][0-9] [0-9]{3} [0-9]{4}$|^3[2-9][0-9] [0-9]{7}$|^9 [0-9]{4} [0-9]{4}$|^(?:55 )?[1-9][0-9] 9[0-9]{4} [0-9]{4}$|^(?:86|852|886|91|90|971|966|44|49|33|34|39|81|82|84|55|52) [0-9]{2,4} [0-9]{3,4} [0-9]{3,4}$"
    "|^86 [0-9]{2,3} [0-9]{7,8}$|^91 [6-9][0-9]{4} ?[0-9]{5}$|^[6-9][0-9]{4} [0-9]{3}(?:[1-9][0-9]|[0-9][1-9])$"
    f"|{_INTERNATIONAL}"
)
"""The groups of a telephone number, with one space between them."""

LISTED: Final = ",，、/×*;；"
"""What stands between the members of a list or the sides of a thing."""

CARD_BRAND: Final = "^(?:4(?:[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|3[068][0-9]{12}|35[0-9]{14}|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}|62(?:[0-9]{14}|[0-9]{17})|(?:50|5[6-9]|6[0-9])[0-9]{14})$"

# What is replaced at sight.

# Where to look. A word is cheap to look for, a pattern is not.


def _hints(parts: str, spelled: str = "") -> tuple[str, str]:
    """Parts of words, of which a text has one if a pattern is to find anything in it. `~` stands for a space.

    Of the words in full, those that have none of the parts are added. In the text, letters of ASCII are small.
    """
    longest = (max(word.split("~"), key=len) for word in spelled.replace("|", " ").split())
    words = [
        *parts.split(),
        *(
            word
            for word in longest
            if len(word) > word.isascii() * 3 and not any(each in word for each in parts.split())
        ),
    ]
    forms = (form for word in words for form in (word, word.capitalize(), word.upper()))
    both = dict.fromkeys(re.sub("[A-Z]", lambda letter: letter[0].lower(), form) for form in forms)
    hints = [each.replace("~", " ").replace("_", r"\_") for each in both]
    in_ascii, others = ("|".join(f"%{each}%" for each in hints if each.isascii() is plain) for plain in (True, False))
    return in_ascii, others


_CONTACTS = _hints(
    words.PARTS_OF_CONTACTS,
    f"{words.MESSENGERS} {words.MESSENGERS_IN_LATIN} {words.MESSENGERS_IN_OTHER_SCRIPTS}",
)
_AT_HINTS = _hints(
    words.PARTS_OF_AT,
    words.AT,
)
PHONE_HINTS: Final = _hints(
    words.PARTS_OF_PHONE,
    f"{words.PHONE} {words.PHONE_IN_OTHER_SCRIPTS} नंबर नम्बर 번호 号码 رقم 番号".replace("[☎📞📱✆☏📲]", ""),
)
ACCOUNT_HINTS: Final = _hints(
    words.PARTS_OF_ACCOUNT,
    f"{words.ACCOUNT} {words.ACCOUNT_IN_OTHER_SCRIPTS}",
)

LATIN_FROM: Final = (
    "авсеһікмпорԛѕтѵԝхуАВСЕНІКМОРԚЅТѴԜХУαειкηορτυνχγΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"
    + "".join(chr(0xFEE0 + code) for code in range(ord("A"), ord("Z") + 1))
    + "".join(chr(0xFEE0 + code) for code in range(ord("a"), ord("z") + 1))
)
LATIN_TO: Final = "abcehikmnopqstvwxyabcehikmopqstvwxyaeiknoptuvxyabehikmnoptxyz" + 2 * "abcdefghijklmnopqrstuvwxyz"
"""Letters that may stand for Latin ones."""

NUMBER: Final = rf"[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{3}}|[{_DIGIT}{_SOUND}]{{10}}|[1Il][3-9][0-9OoIl]{{3}}|[0-9{_ALIKE}][ .\-][{_ALIKE}][0-9]"
"""What is in every text with a number that is a candidate."""

_NAME_OR_NUMBER = (
    rf"[{_SIGN}][{_SIGN}{_SPACE}]*[~+＋@＠]*[{_LETTER}_＿]|[{_LETTER}_＿]{_JOINT}[{_DIGIT}_＿]|[A-Za-z)\]]/|[{_AT}]"
    rf"|[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{4}}|[a-z][._][a-z]|[vVwWtT][xXgG][ ][a-z]|[信星❤薇威]号?[ ]?[a-z]|[vV]号?[ ][a-z]"
)

_SHORT_NAMED = (
    rf"[{_AT}]|{_WORD_START}(?:{_words('line signal сигнал v~x w~x vk tg')}|{_SHORT_MESSENGER}[{_SPACE}{_SIGN}（(]|{_SHORT_CHINESE}"
    rf"|[qQｑＱ](?:[ ]?[qQｑＱ])?(?:号|[:：]|[ ][1-9]))"
)
"""What is in every text with a messenger whose name is a word of its own, or with a mention."""

_NO_HINTS = ("", "")

REPLACED: Final = (
    (
        *_NO_HINTS,
        f"[0-9A-Za-z]{{26}}|{_plain('swift bic btc usdt wallet')}|[Rr][Cc]20|钱包|錢包",
        r"\1[bank account]",
        f"{_WALLET_IN_PIECES}|{_WALLET}|{_SWIFT}",
    ),
    (
        *_hints("@ at_ at- # (a) gmail hotmail outlook yahoo icloud yandex ＠ ﹫ 邮箱 郵箱 почта"),
        "",
        "[e-mail]",
        f"{_JOINED}|{_HASHED}|{_SPACED}|{_PROVIDER_BEFORE}|{_PROVIDER_BEHIND}",
    ),
    (*_hints("@ ＠ ﹫"), "", "[e-mail]", _EMAIL),
    (*_AT_HINTS, "", "[e-mail]", _EMAIL_SAID),
    (
        *_hints("~at~ ~et~ ~на~ ~эт~ ~@ @~ ~aт~ ~ａｔ~ ＠ ﹫"),
        _SPOKEN_FORM,
        "[e-mail]",
        f"{_START}{_DOTTED_LOCAL}|{_START}{_ROLE_LOCAL}|{_EMAIL_SPOKEN}",
    ),
    (*_NO_HINTS, _SHORT_NAMED, "[handle]", f"{_SHORT_HANDLE}|{_WORD_START}{_MENTION}"),
    (
        *_CONTACTS,
        _NAME_OR_NUMBER,
        "[handle]",
        rf"{_LINKS}[^{_SPACE}{_OTHER}，。、（）()<>\"'\]]+|{_HANDLE_FIRST}|{_HANDLE}",
    ),
    (*_NO_HINTS, rf"[0-9]{_POINT}[0-9]{{1,3}}{_POINT}[0-9]|:{_HEX}{{0,4}}:", "[ip address]", f"{_IPV4}|{_IPV6}"),
)
"""What is replaced in free text, in this order: hints of ASCII and other hints, a pattern, by what, and the pattern.

A hint is for LIKE. Without hints or without a pattern, that is no condition.
"""

SPELLED_HINTS: Final = _hints(words.PARTS_OF_NUMBERS)
