"""Free text with its identifiers replaced by their kind: patterns that Python and PostgreSQL read alike."""

import re
from typing import Final

# Free text. Identifiers are found by patterns that PostgreSQL and Python read alike: every set of characters is written
# out (what `\w` or another case is depends on a locale), nothing is lazy, and where two branches can begin alike, the
# first that fits is the longest. None looks around itself, and none can reach across what another has put in place: so
# what has been redacted stays as it is when redacted again. And where a pattern may have to give up a long run, what
# ends the run ends every other attempt within it: so the time they take grows with the text, not with its square.

_ZEROS = (
    *(0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0),
    *(0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620),
    *(0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10),
)
"""The zero of every script of the Basic Multilingual Plane that counts in tens."""

_ODD_DIGIT = "⁰¹²³⁴-⁹₀-₉①-⑨⓪❶-❾\U0001d7ce-\U0001d7ff"
_DIGIT = (
    f"{''.join(f'{chr(zero)}-{chr(zero + 9)}' for zero in _ZEROS)}{_ODD_DIGIT}"
    "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
)
_CAPITAL = "A-ZＡ-Ｚ"
_LETTER = f"{_CAPITAL}a-zａ-ｚÀ-ÖØ-öø-ʯͰ-ԯᴀ-ᶿḀ-\u1fff℀-⅏Ⓐ-ⓩ\U0001d400-\U0001d7cb"
_OTHER = "\u0530-\u167f\u1681-\u1cff⺀-⿟々-〇ぁ-ヺー-\ud7ff豈-\ufdffﹰ-ﻼｦ-ﾾ\U00010000-\U0001d3ff\U0001d800-\U0003fffd"
"""Letters of scripts that are often written without spaces, and so stand right before or behind an identifier."""

_SPACE = r" \t\n\v\f\r\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MARK = r"\u0300-\u034e\u0350-\u036f\u20d0-\u20ff"
"""What is drawn over the character before it."""

_NARROW = f"{_LETTER}0-9０-９{_ODD_DIGIT}{_MARK}"
"""What a word of the other scripts is made of; nothing in it is in `_OTHER`."""

_DASH = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_DOT = ".．。｡﹒․"
_AT = "@＠﹫"
_SIGN = f":：=＝{_AT}"
"""What announces a name or a number."""

_OPENING, _CLOSING = r"(\[{<（【", r")\]}>）】"
_WITHIN = rf"{_SPACE}{_MARK}{_DASH}{_DOT}·•‧∙⋅・･/\\／()（）\[\]{{}}【】"
"""What may stand between the digits of one number."""

_INVISIBLE = (
    r"[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)

_LOOKALIKES = str.maketrans("abcehikmnopqstvwxyABCEHIKMOPQSTVWXY", "авсеһікмпорԛѕтѵԝхуАВСЕНІКМОРԚЅТѴԜХУ")
"""Latin letters, and Cyrillic ones drawn like them."""

_WIDE = {code: chr(code + 0xFEE0) for code in range(ord("!"), ord("~") + 1)}
"""ASCII characters as wide as a Chinese one."""


def _letter(letter: str) -> str:
    cases = letter.lower() + letter.upper()
    forms = "".join(dict.fromkeys(cases + cases.translate(_WIDE) + cases.translate(_LOOKALIKES)))
    return f"[{forms}]" if letter.isalpha() and len(forms) > 1 else letter


def _words(words: str) -> str:
    """Any of these words, in either case; where a word has `~`, it may be written as two."""
    spelled = ("".join(r"[ ._\-]?" if letter == "~" else _letter(letter) for letter in word) for word in words.split())
    return f"(?:{'|'.join(spelled)})"


_GAP = rf"[{_WITHIN}_＿]*"
_WIDE_GAP = rf"(?:{_GAP}|[,:*~|=])"
"""What may stand between the digits of a number so long that it is hardly a list or a quantity."""


def _number(digits: int, gap: str = _GAP) -> str:
    """At least this many digits with no more than a gap between them."""
    return f"[{_DIGIT}](?:{gap}[{_DIGIT}]){{{digits - 1},}}"


_LATIN_MESSENGER = _words("we~chat weixin whats~app skype telegram viber q~q")
_OTHER_MESSENGER = _words("微~信 薇信 加微 加v 加q 扣扣 ватсап вотсап вацап скайп телеграм вайбер вичат")
_ID = _words("id")
_SHORT_MESSENGER = (
    rf"{_words('line signal tg wx vx wa v信 сигнал')}"
    rf"(?:[{_SPACE}]*(?:{_ID}[{_SPACE}]*)?[{_SIGN}]+[{_SPACE}]*|[{_SPACE}]+{_ID}[{_SPACE}]+)"
)
"""A name that may be a word of its own, or the end of one: it counts where an id is announced behind it."""

_MESSENGER_LINK = rf"{_words('t wa m line signal')}[.．][Mm][Ee]/[~+]?"
_LEADING = (
    rf"(?:[{_SPACE}{_SIGN}{_DASH}#№,，/／|()（）是为号码加我的群账帐户]"
    rf"|{_words('id no number name account us me at on is номер')})*"
)
_NAME_CHARACTER = rf"[{_LETTER}{_DIGIT}_＿]"
_NAME_FURTHER = rf"(?:{_NAME_CHARACTER}|[{_WITHIN}+＋']+[{_DIGIT}]|[.．'+\-－]+[{_LETTER}_＿])"
_NAME = rf"[+＋]?{_NAME_CHARACTER}{_NAME_FURTHER}{{2,}}"
_MORE = rf"(?:[{_SPACE}]*[{_SIGN}]+[{_SPACE}]*[+＋]?{_NAME_CHARACTER}{_NAME_FURTHER}*)*"
"""What is announced behind a name that may itself have been an announcement: `Skype/WeChat: name`."""

_DOT_WORD = _words("dot точка 点")
_DOT_SAID = rf"[{_SPACE}]*(?:[{_OPENING}][{_SPACE}]?(?:{_DOT_WORD}|[.])[{_SPACE}]?[{_CLOSING}]|{_DOT_WORD})[{_SPACE}]*"
_HOST = rf"[{_LETTER}{_DIGIT}{_MARK}{_OTHER}_{_DASH}]+"
_AT_SAID = (
    rf"[{_SPACE}]*(?:[{_OPENING}][{_SPACE}]?(?:{_words('at собака')}|[a{_AT}])[{_SPACE}]?[{_CLOSING}]|собака|艾特)"
    rf"[{_SPACE}]*[{_LETTER}{_DIGIT}{_OTHER}]"
    rf"|[{_SPACE}]+(?:[{_AT}][{_SPACE}]*|[Aa][Tt][{_SPACE}]+){_HOST}"
    rf"(?:(?:[.．]|{_DOT_SAID})[{_LETTER}{_OTHER}]{{2}}|([{_SPACE}]+[{_DOT}][{_SPACE}]*[{_LETTER}{_OTHER}]))"
    rf"|[{_SPACE}]+[{_AT}][{_SPACE}]+{_HOST}([{_DOT}][{_SPACE}]+[{_LETTER}{_OTHER}])"
)
"""What makes an e-mail address of the word before it: `(at) example`, ` @ example . com`, ` at example dot com`.

Behind a dot with spaces another sentence may begin: that much is put back.
"""

_LABEL = f"(?:[{_NARROW}_{_DASH}]+|[{_OTHER}]+)"
_DOMAIN = rf"(?:{_LABEL}(?:[.．｡﹒․]{_LABEL})*)?"
_EMAIL = rf"[{_NARROW}_][{_NARROW}{_DASH}!#$%&'*+^_`{{}}\~.\"．＿＋]*[{_AT}]{_DOMAIN}{_MORE}"
_MENTION = (
    rf"[{_OTHER}]{{1,16}}[{_AT}]{_DOMAIN}"
    rf"|[{_AT}][{_LETTER}_＿](?:{_NAME_CHARACTER}|[.．\-－]{_NAME_CHARACTER}){{2,}}"
)

_HEX = "[0-9A-Fa-f０-９Ａ-Ｆａ-ｆ]"
_IPV6_IN_TEXT = (
    rf"(?:{_HEX}{{1,5}}[:：])+{_HEX}{{1,5}}[:：]{{2}}(?:{_HEX}|[:：.．])*"
    rf"|(?:{_HEX}{{1,5}})?[:：]{{2}}{_HEX}(?:{_HEX}|[:：.．])*"
    rf"|(?:{_HEX}{{1,5}}[:：]){{5,}}(?:{_HEX}|[.．])+"
)
_IPV4_IN_TEXT = (
    rf"(?:[+＋]{_GAP})?(?:[{_DIGIT}]{_GAP})*"
    rf"[{_DIGIT}]{{1,4}}(?:\[?[.．。]\]?[{_DIGIT}]{{1,4}}){{3}}(?:{_GAP}[{_DIGIT}])*"
)
"""With all digits of the number it stands in: a telephone number may begin alike, and nothing of it must be left."""

_ACCOUNT_WORD = _words("account acct a/c konto sort~code 账号 账户 帐号 帐户 賬號 帳號 卡号 卡號 счет счета счёт р/с")
_BANK_ACCOUNT = (
    rf"[{_CAPITAL}]{{2}}[{_DIGIT}]{{2}}(?:[ \-]?[{_CAPITAL}]){{0,5}}(?:[{_SPACE}{_DASH}.]*[{_DIGIT}]){{7,}}"
    rf"(?:[{_SPACE}{_DASH}.]*[{_DIGIT}]|[{_LETTER}]|[ \-][{_CAPITAL}])*"
    rf"|{_ACCOUNT_WORD}(?:[{_SPACE}{_SIGN}{_DASH}#№.．,()（）]|{_words('no number is 是')})*"
    rf"[{_CAPITAL}]*{_number(5)}"
)
_PHONE_WORD = _words(
    "tel telephone phone mobile mob cell fax call hotline 电话 電話 手机 手機 传真 傳真 热线 тел телефон моб факс"
)
_PHONE = (
    rf"[+＋]{_GAP}{_number(7)}"
    rf"|{_PHONE_WORD}(?:[{_SPACE}{_SIGN}{_DASH}#№.．,()（）+＋]|{_words('no number us me at on now is 号 码 是')})+"
    f"{_number(5)}"
)

# Invariant: a session of PostgreSQL keeps 32 patterns ready for use; these and those of IP addresses must be fewer.

REDACTIONS: Final = (
    ("", f"{_INVISIBLE}+"),
    (r"\1@\2\3", f"([{_LETTER}{_DIGIT}{_OTHER}])(?:{_AT_SAID})"),
    ("[e-mail]", _EMAIL),
    (r"\1[handle]", rf"(^|[^A-Za-z\]])(?:{_SHORT_MESSENGER}|{_MESSENGER_LINK}){_NAME}{_MORE}"),
    ("[handle]", f"(?:(?:{_LATIN_MESSENGER}|{_OTHER_MESSENGER}){_LEADING})+{_NAME}{_MORE}"),
    ("[handle]", _MENTION),
    ("[ip address]", _IPV6_IN_TEXT),
    ("[ip address]", _IPV4_IN_TEXT),
    ("[bank account]", _BANK_ACCOUNT),
    ("[phone]", _PHONE),
    ("[card number]", _number(13, _WIDE_GAP)),
    ("[phone]", f"{_number(10, _WIDE_GAP)}|{_number(7)}"),
)
"""What is replaced in free text, in this order: by what, and a pattern."""

SUSPICIONS: Final = (
    (
        rf"{_INVISIBLE}|[{_AT}]|[:：]{{2}}|(?:{_HEX}{{1,5}}[:：]){{5}}|(?:[{_DIGIT}]{{1,4}}\[?[.．。]\]?){{3}}"
        f"|{_number(5)}|{_number(10, _WIDE_GAP)}"
    ),
    f"{_LATIN_MESSENGER}|{_SHORT_MESSENGER}",
    f"{_OTHER_MESSENGER}|[.．][Mm][Ee]/",
    _AT_SAID,
)
"""Patterns one of which is in every text that holds anything to replace: cheaper to look for than all the others."""

_PYTHON_REDACTIONS = tuple((shown, re.compile(pattern)) for shown, pattern in REDACTIONS)
_PYTHON_SUSPICIONS = tuple(map(re.compile, SUSPICIONS))


def redact(text: str) -> str:
    """Free text with every identifier that can be found in it replaced by its kind."""
    if not any(suspicion.search(text) for suspicion in _PYTHON_SUSPICIONS):
        return text
    for shown, pattern in _PYTHON_REDACTIONS:
        text = pattern.sub(shown, text)
    return text
