"""`veil policy` and `veil schema`: what a policy says is checked, read, compared, explained and put in force."""

import io
import json
import re
from pathlib import Path

import pytest

from tests.conftest import CARE, PUBLIC, Asking, Serving, run, settings_for
from tests.gateway.cli.conftest import SECOND, Ended, Veil, in_one_line


def test_a_missing_or_wrong_policy_is_refused_with_its_place(veil: Veil, tmp_path: Path) -> None:
    """By every command that reads one; what looks like the terminal's markup is printed as it is."""
    wrong = tmp_path / "wrong.toml"
    text = Path(SECOND).read_text("utf-8")
    lost = text.index("[role.CLAIMANT]"), text.index("[role.ACQUIRER]")
    wrong.write_text(text[: lost[0]] + text[lost[1] :])
    line = wrong.read_text("utf-8").split('who = ["AUTHORITY", "CLAIMANT"]')[0].count("\n") + 1
    message = f"veil: wrong.toml:{line}: grant G30 · who: `CLAIMANT` is not described; add `[role.CLAIMANT]`\n"
    reading = (
        ("policy", "check"),
        ("policy", "show", "--policy"),
        ("policy", "matrix", "--policy"),
        ("policy", "diff", "2012-06-11"),
        ("policy", "explain", "public", "public_browsing", "{ companies { totalCount } }", "--policy"),
        ("schema", "public", "public_browsing", "--policy"),
    )
    for words in reading:
        assert veil(*words, str(wrong)) == Ended(1, "", message)
        ended = veil(*words, "2011-01-01")
        assert ended.code == 1
        assert "there is no policy `2011-01-01`; give the path of a .toml file or one of `2012-06-11`" in ended.err


def test_a_login_that_may_not_change_the_policy_is_refused(veil: Veil, market_url: str, key_file: Path) -> None:
    gateway = settings_for(market_url, key_file).database.get_secret_value()
    ended = veil("policy", "activate", SECOND, "--database", gateway, "--yes")
    assert (ended.code, ended.err) == (1, "veil: this login may not do that; give the URL of the tables' owner\n")


def test_a_query_that_cannot_be_answered_is_not_explained(veil: Veil) -> None:
    ended = veil("policy", "explain", "public", "public_browsing", "{ members { totalCount } }")
    assert ended == Ended(
        1,
        "",
        "veil: INVALID: this field is not in your schema for this purpose; see the Docs panel\n"
        "Cannot query field 'members' on type 'Query'.\n"
        "    1 | { members { totalCount } }\n"
        "      |   ^\n",
    )
    ended = veil("policy", "explain", "bank", "campaign", "{ members { totalCount } }")
    assert ended == Ended(1, "", "veil: BANK may ask for credit_assessment, transaction_completion, not campaign\n")


# Done.


def test_a_correct_policy_is_reported_as_such(veil: Veil) -> None:
    assert veil("policy", "check") == Ended(0, "2012-06-11: 51 clauses, 75 grants, no mistake found\n", "")
    assert veil("policy", "check", SECOND).out.startswith("2013-01-01: 51 clauses")


def test_what_veil_knows_and_a_policy_does_not_speak_of_is_named(veil: Veil, tmp_path: Path) -> None:
    """By `check`, by `matrix` and, as a difference, by `diff`; it is no mistake, and hidden."""
    older = tmp_path / "older.toml"
    text = (
        Path(SECOND).read_text("utf-8").replace('    "COOKIE",\n', "").replace(', "CHOICES", "PAPERS"]', ', "PAPERS"]')
    )
    text = text.replace(', "privacy_administration"]', "]")
    kept, _, choices = text.partition("# A member sees what they have agreed to and refused.")
    assert choices
    older.write_text(kept.replace("2013-01-01", "2012-12-31"))
    hidden = [
        "category CHOICES is in no list: hidden for everybody",
        "identifier COOKIE is in no list: hidden for everybody",
        "purpose privacy_administration is no role's: nobody may ask for it",
    ]
    assert veil("policy", "check", str(older)).out.splitlines()[1:] == hidden
    assert veil("policy", "matrix", "--policy", str(older)).out.splitlines()[-3:] == hidden
    shown = in_one_line(veil("policy", "show", "--policy", str(older)).out)
    assert (
        "Other categories: complaints, the access log and the marketplace's own papers. Identifiers: members'" in shown
    )
    assert "cookies" not in shown.partition("Identifiers: ")[2].partition(".")[0]
    back = veil("policy", "diff", str(older), SECOND).out.splitlines()
    assert "★ category CHOICES: listed now; grants may show it" in back
    assert "  ★ BrowsingEvent.cookie: now TOKEN (G14a)" in back
    there = veil("policy", "diff", SECOND, str(older)).out.splitlines()
    assert "  identifier COOKIE: listed no longer; hidden for everybody" in there


def test_the_policy_is_read_aloud(veil: Veil) -> None:
    """Whole: each clause, role and grant, in sentences that no line cuts off."""
    ended = veil("policy", "show")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[0].startswith("The privacy policy of version 2012-06-11, in effect from 11 June 2012. Questions go to")
    text = in_one_line(ended.out)
    for sentence in ALOUD.splitlines():
        assert sentence in text


ALOUD = """\
U8 How We May Use › General: campaigns for third parties: nothing to them unless the member responds.
BANK is a bank. It may ask for credit assessment and transaction completion. Its token names an organisation of the kind BANK.
MEMBER sees all eight categories of collected information, for self service.
G6 When the requester is party to the order, MEMBER sees payment information, for member trading. Identifiers are hidden.
ADVERTISER sees Member.country, Member.email and Member.name, for campaign. Identifiers are shown as they are. (U8)
G27 ADVERTISER, MEMBER, PARTNER and PUBLIC see figures about many members, from buyer information, account activities and
"""


def test_a_difference_is_printed_and_so_is_none(veil: Veil) -> None:
    assert veil("policy", "diff", "2012-06-11", "2012-06-11") == Ended(0, "nothing changes for anybody\n", "")
    ended = veil("policy", "diff", "2012-06-11", SECOND)
    assert (ended.code, ended.err) == (0, "")
    assert "★ Member.phone: now PLAIN" in ended.out


def test_a_query_is_explained_field_by_field_with_its_statement(veil: Veil) -> None:
    query = "{ orders { nodes { total deliveryName } } }"
    ended = veil("policy", "explain", "service_provider", "account_service", query)
    assert (ended.code, ended.err) == (0, "")
    explanation, clauses, statement = ended.out.split("\n\n", 2)
    assert explanation.splitlines() == [
        "Order: rows are shown when a contract with the requester is in force and names the purpose",
        "Order.deliveryName (U5 U2)",
        "  PLAIN    when a case of the buyer is open with the requester",
        "  PARTIAL  otherwise",
        "Order.total (U5 U2)",
        "  PLAIN    when a case of the buyer is open with the requester, or when a case of the seller is open with the",
        "           requester",
        "  PARTIAL  by its first two digits, otherwise",
    ]
    assert [line[:5].rstrip() for line in clauses.splitlines() if line[0] != " "] == ["U5", "U2"]
    assert statement.startswith("with in_force as materialized (")


def test_a_policy_is_activated_once_and_with_the_activators_name(veil: Veil, database_url: str) -> None:
    at = ("--database", database_url)
    ended = veil("policy", "activate", SECOND, *at, "--by", "A. Officer", "--yes")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("policy 2012-06-11 is in force; 2013-01-01 changes:\n\nevery token changes:")
    assert ended.out.endswith("\npolicy 2013-01-01 is in force\n")
    ended = veil("policy", "activate", SECOND, *at)
    assert (ended.code, in_one_line(ended.out)) == (0, "policy 2013-01-01 was in force already")
    assert veil("policy", "activate", "2012-06-11", *at, "--yes", LOGNAME="b.officer").code == 0
    query = "select version, activated_by from veil.policy_activation order by id"
    kept = [tuple(row) for row in run(database_url, lambda connection: connection.fetch(query))]
    assert kept == [("2012-06-11", "veil migrate"), ("2013-01-01", "A. Officer"), ("2012-06-11", "b.officer")]


def test_a_policy_is_kept_for_officers_to_propose(veil: Veil, database_url: str) -> None:
    """It is not in force by that."""
    at = ("--database", database_url)
    assert veil("policy", "keep", SECOND, *at).out == "policy 2013-01-01 is kept: an officer can propose it\n"
    query = "select version from veil.policy_version order by version"
    kept = [version for (version,) in run(database_url, lambda connection: connection.fetch(query))]
    assert kept == ["2012-06-11", "2013-01-01"]
    assert "2013-01-01" not in veil("policy", "history", *at).out
    assert veil("policy", "keep", "nowhere.toml", *at).code == 1


def test_an_activation_asks_first(veil: Veil, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not agree changes nothing."""
    at = ("--database", database_url)
    count = "select count(*) from veil.policy_activation"
    for answer, activated in (("n\n", 1), ("", 1), ("y\n", 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        ended = veil("policy", "activate", SECOND, *at)
        assert "Put policy 2013-01-01 in force for every gateway? [y/N]:" in ended.err
        assert ended.code == (0 if activated == 2 else 1)
        assert run(database_url, lambda connection: connection.fetchval(count)) == activated


def test_the_history_is_listed_the_newest_first(veil: Veil, database_url: str) -> None:
    assert veil("policy", "activate", SECOND, "--database", database_url, "--by", "A. Officer", "--yes").code == 0
    lines = veil("policy", "history", "--database", database_url).out.splitlines()
    assert re.fullmatch(r"2013-01-01  in force since [-0-9]+ [:0-9]+ UTC, by A\. Officer", lines[0])
    assert re.fullmatch(r"  sha256:[0-9a-f]{64}", lines[1])
    assert re.fullmatch(r"2012-06-11  activated [-0-9]+ [:0-9]+ UTC, by veil migrate", lines[2])
    listed = json.loads(veil("policy", "history", "--json", "--database", database_url).out)
    assert [(each["version"], each["activated_by"]) for each in listed] == [
        ("2013-01-01", "A. Officer"),
        ("2012-06-11", "veil migrate"),
    ]
    assert set(listed[0]) == {"version", "digest", "activated_by", "activated_at"}


def test_commands_speak_of_the_policy_in_force(veil: Veil, database_url: str) -> None:
    """And say so first."""
    assert veil("policy", "activate", SECOND, "--database", database_url, "--by", "A. Officer", "--yes").code == 0
    query = "{ members { nodes { email } } }"
    for words in (
        *(("policy", "check"), ("policy", "show"), ("policy", "matrix"), ("policy", "who", "EMAIL")),
        *(("policy", "explain", "platform", "account_service", query), ("schema", "platform", "account_service")),
    ):
        first, second, *_ = veil(*words, VEIL_DATABASE=database_url).out.splitlines()
        assert first.startswith("# policy 2013-01-01, in force since 20")
        assert second.startswith("# sha256:")
    compared = veil("policy", "diff", "2012-06-11", "2013-01-01", "--database", database_url).out.splitlines()
    assert compared[0].startswith("# from policy 2012-06-11, no longer in force, put in force last 20")
    assert compared[1].startswith("# to policy 2013-01-01, in force since 20")


def test_who_may_see_a_field_is_listed(veil: Veil) -> None:
    """Of all, or of third parties alone; by a field or a kind of identifiers; and for programs."""
    lines = veil("policy", "who", "Member.email").out.splitlines()
    assert "PLATFORM · account_service" in lines
    assert "  Member.email: Shown as stored. Every row. (U2 U16)" in lines
    others = veil("policy", "who", "EMAIL", "--third-parties").out
    assert "PLATFORM" not in others
    assert "ADVERTISER · campaign\n  Member.email: Shown as stored. Of rows when the subject responded to" in others
    listed = json.loads(veil("policy", "who", "Member.email", "--third-parties", "--json").out)
    assert {each["role"] for each in listed} >= {"ADVERTISER", "AUTHORITY"}
    assert veil("policy", "who", "CARD", "--json").code == 2
    assert "give a field like `Member.email`, or one of MEMBER_ID," in in_one_line(veil("policy", "who", "CARD").err)


def test_a_query_is_explained_from_a_file_and_from_standard_input(
    veil: Veil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ members { nodes { email } } }"
    file = tmp_path / "members.graphql"
    file.write_text(query)
    monkeypatch.setattr("sys.stdin", io.StringIO(query))
    asked = ("policy", "explain", "service_provider", "account_service")
    given, of_file, of_input = (veil(*asked, each, "--no-sql") for each in (query, str(file), "-"))
    assert given == of_file == of_input
    assert given.code == 0
    assert "select" not in given.out
    assert (
        veil(*asked, str(tmp_path / "missing.graphql")).err
        == f"veil: {tmp_path}/missing.graphql: No such file or directory\n"
    )


def test_the_matrix_is_written_as_a_document(veil: Veil, tmp_path: Path) -> None:
    html = veil("policy", "matrix", "--format", "html").out
    assert html.startswith("<!doctype html>")
    assert veil("policy", "matrix", "--format", "md", "--output", str(tmp_path / "matrix.md")).code == 0
    assert (tmp_path / "matrix.md").read_text().startswith("# Who may see what, for what and when: privacy policy")
    assert veil("policy", "matrix", "--format", "csv").out.startswith("PUBLIC: nobody known\npurpose,what,")


def test_a_simulation_lists_the_recorded_operations_that_would_change(
    veil: Veil, own_market_url: str, gateway: Asking, key_file: Path
) -> None:
    nothing = veil("policy", "simulate", SECOND, "--database", own_market_url)
    epoch = "every token changes: the epoch was 1 and becomes 2\n"
    assert nothing.out.startswith("# from policy 2012-06-11, in force since 20")
    assert nothing.out.endswith(f"\n\n{epoch}none of 0 recorded operations would change\n")
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, gateway.key, own_market_url)
        asking.data(CARE, "query Care { members(first: 1) { nodes { email } } }")
        asking.data(PUBLIC, "query Names { companies(first: 1) { nodes { name } } }")
        asking.client.close()
    ended = veil("policy", "simulate", SECOND, "--database", own_market_url)
    assert (ended.code, ended.err) == (0, "")
    name = run(
        own_market_url, lambda connection: connection.fetchval("select name from marketplace.organisation where id = 4")
    )
    assert re.search(
        rf"\n{epoch}\nCare, as SERVICE_PROVIDER · account_service\n"
        rf"  answered once, last on [-0-9]+ [:0-9]+ UTC, asked by {re.escape(name)}\n    Member\.email: no longer PARTIAL when",
        ended.out,
    )
    assert "Names" not in ended.out
    (listed,) = json.loads(veil("policy", "simulate", SECOND, "--database", own_market_url, "--json").out)
    assert (listed["operation"], listed["answers"], listed["field"]) == ("Care", 1, "Member.email")
    assert listed["organisations"] == [{"id": "4", "name": name}]
    assert listed["closes"][0].startswith("PARTIAL when ")
    same = veil("policy", "simulate", "2012-06-11", "--database", own_market_url)
    assert same.out.splitlines(keepends=True)[-1] == "none of 2 recorded operations would change\n"


def test_a_simulation_activates_no_policy(veil: Veil, database_url: str) -> None:
    run(database_url, lambda connection: connection.execute("truncate veil.policy_activation"))
    ended = veil("policy", "simulate", SECOND, "--database", database_url)
    assert ended == Ended(1, "", "veil: no policy is in force yet; `veil migrate` puts the first one in force\n")
    assert run(database_url, lambda connection: connection.fetchval("select count(*) from veil.policy_activation")) == 0


def test_the_schema_is_printed_whole_or_for_one_requester(veil: Veil) -> None:
    whole = veil("schema")
    assert whole.code == 0
    assert 'email: String @data(category: "REGISTRATION", identifier: "EMAIL")' in whole.out
    assert "The e-mail address they registered. Registration information: e-mail addresses.\n" in whole.out
    view = veil("schema", "advertiser", "campaign")
    assert view.code == 0
    assert "type Member implements Node" in view.out
    assert "phone" not in view.out
    assert "e-mail addresses. Shown as stored.\n" in view.out
    assert veil("schema", "public", "public_browsing").out.count("type Member ") == 0
