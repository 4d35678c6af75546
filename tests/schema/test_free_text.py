"""What redaction finds in free text, by example. That PostgreSQL does the same is a law (`tests/laws`)."""

import pytest

from schema import free_text_patterns as patterns
from schema import masks
from schema.free_text import redact
from tests.schema.test_masks import documented_rows


@pytest.mark.parametrize(("written", "shown"), documented_rows(2))
def test_free_text_is_redacted_as_the_limitations_say(written: str, shown: str) -> None:
    assert redact(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "john\u200b.doe@exam\u00adple.com",
        "john.doe\u2060@\ufeffexample.com",
        "john.doe﹫example.com",
        "john.doe@\nexample.com",
        "ｊｏｈｎ．ｄｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "jоhn.dое@ехаmрlе.соm",
        "𝐣𝐨𝐡𝐧.𝐝𝐨𝐞@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦",
    ],
)
def test_an_email_address_in_disguise_is_found(written: str) -> None:
    assert redact(written) == "[e-mail]"


@pytest.mark.parametrize(
    "written",
    [
        "1\u200b3\u200b8\u200b0\u200b0\u200b1\u200b3\u200b8\u200b0\u200b0\u200b0",
        "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e30",
        "138.0013.8000",
        "138·0013·8000",
        "138,0013,8000",
        "138:0013:8000",
        "138\n0013\n8000",
        "1̶3̶8̶0̶0̶1̶3̶8̶0̶0̶0",
        "１３８－００１３－８０００",
        "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
        "①③⑧⓪⓪①③⑧⓪⓪⓪",
        "१३८००१३८०००",
        "壹叁捌零零壹叁捌零零零",
    ],
)
def test_a_phone_number_in_disguise_is_found(written: str) -> None:
    assert redact(written) == "[phone]"


@pytest.mark.parametrize(
    "written",
    [
        "WеCһаt: acme99",
        "Ｗｅｃｈａｔ：ａｃｍｅ９９",
        "wx: acme99",
        "加V：acme99",
        "Q Q 12345",
        "微\u200b信 acme99",
        "What\u00adsApp acme99",
    ],
)
def test_a_handle_in_disguise_is_found(written: str) -> None:
    assert redact(written) == "[handle]"


def test_one_replacement_never_leaves_a_part_of_another_identifier() -> None:
    """WeChat named beside Skype was once taken for the handle of Skype, and the handle itself was left."""
    assert redact("Skype/WeChat acme99") == "[handle]"
    assert redact("john@example.com.QQ:12345") == "[e-mail]"
    assert redact("acme_wechat99@example.com") == "[e-mail]"


def test_postgresql_keeps_every_pattern_ready() -> None:
    """A session keeps 32 compiled patterns; one more, and each of them is compiled anew for every text."""
    forms = {form for _, _, form, _, _ in patterns.REPLACED if form}
    judged = [
        *(patterns.CARD_BRAND, patterns.ACCOUNT_BEFORE, patterns.PHONE_BEFORE),
        *(patterns.UNIT_AFTER, patterns.SHAPE, patterns.LABEL_BEFORE, patterns.SECOND, "[^0-9+]+"),
    ]
    every = [
        *(patterns.INVISIBLE, patterns.ESCAPE, patterns.NUMBER, *forms, *judged),
        *(*patterns.REPLACED, *patterns.CANDIDATES, masks.IPV4, masks.IPV6),
    ]
    assert len(every) < 32
