"""What each treatment makes of a value, by example. That PostgreSQL does the same is a law (`tests/laws`)."""

import re
from pathlib import Path

import pytest

from schema import free_text, masks
from schema.free_text import redact
from schema.labels import Identifier
from schema.masks import partial_form
from schema.tokens import id_of_token, pseudonym, token_of_id
from schema.treatments import WITHOUT_PARTIAL, Treatment

LIMITATIONS = Path(__file__).parents[2] / "docs" / "limitations.md"
KEY, OTHER_KEY = bytes(32), bytes([1]) * 32


def rows_told(columns: int) -> list[tuple[str, ...]]:
    """The rows of the tables of the limitations that have this many columns of code."""
    lines = [re.findall("`([^`]*)` *[|]", line) for line in LIMITATIONS.read_text("utf-8").splitlines()]
    return [tuple(cells) for cells in lines if len(cells) == columns]


def test_treatments_go_from_the_least_revealing_to_the_most() -> None:
    ordered = [Treatment.HIDDEN, Treatment.TOKEN, Treatment.PARTIAL, Treatment.PLAIN]
    assert sorted(Treatment, key=lambda treatment: treatment.openness) == ordered


@pytest.mark.parametrize(("written", "shown"), rows_told(2))
def test_free_text_is_redacted_as_the_limitations_tell(written: str, shown: str) -> None:
    assert redact(written) == shown


@pytest.mark.parametrize(("kind", "value", "shown"), rows_told(3))
def test_a_partial_form_is_what_the_limitations_tell(kind: str, value: str, shown: str) -> None:
    assert partial_form(Identifier(kind), value) == shown


def test_the_limitations_tell_of_every_kind_that_has_a_form() -> None:
    told = {kind for kind, _, _ in rows_told(3)} | {Identifier.FREE_TEXT, Identifier.POSTAL_ADDRESS}
    assert told == set(Identifier) - WITHOUT_PARTIAL
    assert len(rows_told(2)) > 50


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("j@e.com", "j***@e***.com"),
        ("J.D@sub.example.org", "J***@s***.org"),
        ("7even@163.net", "7***@1***.net"),
        ("john@example.museum", "j***@e***.***"),
        ("john@example.COM", "j***@e***.***"),
        ("john@com", "j***@c***.com"),
        ("john@例子.com", "j***@****.com"),
        ("'; drop@x.y", "****@x***.***"),
        ("john", "j***@****.***"),
        ("john@", "j***@****.***"),
        ("@example.com", "****@e***.com"),
        ("a@b@c.com", "a***@b***.***"),
        (" john@example.com", "****@e***.com"),
        ("😀@example.com", "****@e***.com"),
        ("", "****@****.***"),
    ],
)
def test_an_email_address_shows_two_first_characters_and_a_common_ending(value: str, shown: str) -> None:
    assert partial_form(Identifier.EMAIL, value) == shown
    assert len(shown) == 13


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("J", "J. ***"),
        ("john", "j. ***"),
        ("   John", "*. ***"),
        ("Юлия", "Ю. ***"),
        ("Ł", "*. ***"),
        ("欧阳锋", "*. ***"),
        ("👩‍👩‍👧", "*. ***"),
        ("́", "*. ***"),
        ("1st", "*. ***"),
        ("", "*. ***"),
        ("  ", "*. ***"),
    ],
)
def test_a_name_shows_a_first_letter_that_many_share(value: str, shown: str) -> None:
    assert partial_form(Identifier.NAME, value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+1 (202) 555-0143", "+1 *** 43"),
        ("+7 912 345 67 89", "+7 *** 89"),
        ("+44 20 7946 0958", "+44 *** 58"),
        ("+852 2345 6789", "+852 *** 89"),
        ("(+86)57487654321", "+86 *** 21"),
        ("+890 12345678", "*** 78"),
        ("+0 12345678", "*** 78"),
        ("0086 574 8765 4321", "*** 21"),
        ("12345678", "*** 78"),
        ("1234567", "*** **"),
        ("+", "*** **"),
        ("john@example.com", "*** **"),
        ("０５７４８７６５４３２１", "*** **"),
        ("", "*** **"),
    ],
)
def test_a_phone_number_shows_a_country_code_there_is_and_two_digits(value: str, shown: str) -> None:
    assert partial_form(Identifier.PHONE, value) == shown


@pytest.mark.parametrize(("city", "shown"), [("Ningbo", "Ningbo"), ("", "***"), (None, "***")])
def test_an_address_shows_its_city_and_never_itself(city: str | None, shown: str) -> None:
    assert partial_form(Identifier.POSTAL_ADDRESS, "12 Main Street", coarse=city) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("255.255.255.255", "255.255.255.0/24"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("::1", "::/48"),
        ("2001:DB8::", "2001:db8::/48"),
        ("2001:0:0:1:2:3:4:5", "2001::/48"),
        ("1:2:3:4:5:6:7::", "***"),
        ("1:2:3:4:5:6:7:8:9", "***"),
        ("1::2::3", "***"),
        ("fe80::1%eth0", "***"),
        ("10.1.2.3/8", "***"),
        ("10.1.2", "***"),
        ("10.1.2.256", "***"),
        ("010.1.2.3", "***"),
        ("10.1.2.3\n", "***"),
        ("localhost", "***"),
        ("", "***"),
    ],
)
def test_an_ip_address_shows_its_network_and_anything_else_nothing(value: str, shown: str) -> None:
    assert partial_form(Identifier.IP_ADDRESS, value) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Identifier.CARD_NUMBER, "4111111111111111", "**** 1111"),
        (Identifier.CARD_NUMBER, "41111111111", "**** ****"),
        (Identifier.CARD_NUMBER, "4111111111111 11", "**** ****"),
        (Identifier.CARD_NUMBER, "John Smith, Visa", "**** ****"),
        (Identifier.CARD_NUMBER, "", "**** ****"),
        (Identifier.BANK_ACCOUNT, "FR1420041010050500013M02606", "**** 2606"),
        (Identifier.BANK_ACCOUNT, "MT84MALT011000012345MTLCAST001S", "**** 001S"),
        (Identifier.BANK_ACCOUNT, "ask John Smith", "**** ****"),
        (Identifier.TRACKING_NUMBER, "1Z999AA10123456784", "*** 84"),
        (Identifier.TRACKING_NUMBER, "1234567", "*** **"),
        (Identifier.TRACKING_NUMBER, "none yet", "*** **"),
    ],
)
def test_a_number_shows_its_end_if_it_is_one_and_long_enough(kind: Identifier, value: str, shown: str) -> None:
    assert partial_form(kind, value) == shown


@pytest.mark.parametrize("kind", sorted(WITHOUT_PARTIAL))
def test_an_id_has_no_partial_form(kind: Identifier) -> None:
    with pytest.raises(ValueError, match="has no partial form"):
        partial_form(kind, "1")


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
    assert redact(written).replace("example.com", "").strip() == "[e-mail]"


@pytest.mark.parametrize(
    "written",
    [
        "1\u200b3\u200b8\u200b0\u200b0\u200b1\u200b3\u200b8",
        "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e30\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e33",
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
    patterns = (*free_text.REDACTIONS, *free_text.SUSPICIONS, masks.IPV4, masks.IPV6)
    assert len(patterns) < 32


def test_a_token_opens_with_its_key_and_kind_alone() -> None:
    token = token_of_id(KEY, "Member", 7)
    assert re.fullmatch("Member:~[0-9a-f]{32}", token)
    assert id_of_token(KEY, "Member", token) == 7
    assert id_of_token(OTHER_KEY, "Member", token) is None
    assert id_of_token(KEY, "Order", token) is None
    assert id_of_token(KEY, "Order", token.replace("Member", "Order")) is None


def test_a_token_has_one_spelling() -> None:
    """Two spellings of one token would be two names of one row, and `bytes.fromhex` reads capitals and spaces."""
    token = token_of_id(KEY, "Member", 7)
    digits = token.removeprefix("Member:~")
    for spelled in (
        digits,
        token.upper(),
        f"Member:~{digits.upper()}",
        f"Member:~{digits[:16]} {digits[16:]}",
        f"{token}\n",
    ):
        assert id_of_token(KEY, "Member", spelled) is None


def test_a_pseudonym_differs_by_key_and_by_kind() -> None:
    told = {
        pseudonym(key, kind, "john@example.com")
        for key in (KEY, OTHER_KEY)
        for kind in (Identifier.EMAIL, Identifier.NAME)
    }
    assert len(told) == 4
    assert all(re.fullmatch("[A-Za-z0-9+/]{20}", each) for each in told)
