"""`veil trust`: documents are added from a file, listed and removed, and what does not fit is refused whole."""

import json
from pathlib import Path

import pytest

from resolvers.front.document import document_digest
from tests.conftest import run, settings_for
from tests.gateway.cli.conftest import SECOND, Ended, Veil, in_one_line

MEMBERS = "query Members {\n  members(first: 3) { nodes { name } }\n}\n"
OTHER = "{ __typename }"
STAFF = ("--role", "platform", "--purpose", "account_service")


def document_id(text: str) -> str:
    return f"sha256:{document_digest(text)}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "members.graphql"
    written.write_text(MEMBERS)
    return written


def manifest(directory: Path, *texts: str) -> str:
    written = directory / "manifest.json"
    written.write_text(json.dumps({document_digest(text): text for text in texts}))
    return str(written)


def test_documents_are_added_listed_and_removed(veil: Veil, database_url: str, file: Path, tmp_path: Path) -> None:
    where = ("--database", database_url)
    assert veil("trust", "add", str(file), *STAFF, *where, "--by", "A. Owner") == Ended(
        0, f"{document_id(MEMBERS)}  Members\n", "trusted for PLATFORM · account_service: 1, of which new: 1\n"
    )
    again = veil("trust", "add", manifest(tmp_path, MEMBERS, OTHER), *STAFF, *where, "--by", "B. Owner")
    assert again == Ended(
        0,
        f"{document_id(MEMBERS)}  Members  (trusted already)\n{document_id(OTHER)}  –\n",
        "trusted for PLATFORM · account_service: 2, of which new: 1\n",
    )
    ended = veil("trust", "list", *where)
    rows = [line.split() for line in ended.out.splitlines()]
    assert [row[0] for row in rows] == ["document", document_id(MEMBERS), document_id(OTHER)]
    assert rows[1][1:6] == ["PLATFORM", "account_service", "Members", "A.", "Owner"]
    assert ended.err == "documents: 2\n"
    as_json = json.loads(veil("trust", "list", "--json", "--role", "platform", *where).out)
    assert [(each["documentId"], each["operations"], each["addedBy"]) for each in as_json] == [
        (document_id(MEMBERS), ["Members"], "A. Owner"),
        (document_id(OTHER), [None], "B. Owner"),
    ]
    assert veil("trust", "list", "--json", "--purpose", "campaign", *where).out == "[]\n"
    assert veil("trust", "remove", document_id(MEMBERS), document_digest(OTHER), *where) == Ended(
        0,
        "".join(
            f"{document_id(text)}  no longer trusted for PLATFORM · account_service\n" for text in (MEMBERS, OTHER)
        ),
        "",
    )
    assert veil("trust", "list", *where).err == "documents: 0\n"


def test_a_document_that_does_not_fit_is_refused_and_nothing_is_registered(
    veil: Veil, database_url: str, tmp_path: Path
) -> None:
    """Against the policy in force, for this role and purpose."""
    public = ("--role", "public", "--purpose", "public_browsing", "--database", database_url)
    ended = veil("trust", "add", manifest(tmp_path, OTHER, MEMBERS), *public)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"veil: {document_id(MEMBERS)}: INVALID: 2:3 Cannot query field 'members'")
    assert ended.err.endswith("nothing was registered\n")
    described = manifest(tmp_path, "{ companies(first: 3) { nodes { description } } }")
    assert veil("trust", "add", described, *public).code == 0
    assert veil("policy", "activate", SECOND, "--yes", "--database", database_url).code == 0
    run(database_url, lambda connection: connection.execute("truncate veil.trusted_document"))
    assert "Cannot query field 'description'" in veil("trust", "add", described, *public).err
    assert veil("trust", "list", "--database", database_url).err == "documents: 0\n"


def test_the_limits_are_those_of_the_settings(veil: Veil, database_url: str, file: Path) -> None:
    words = ("trust", "add", str(file), *STAFF, "--database", database_url)
    assert "LIMIT: " in veil(*words, VEIL_TOKENS="5").err
    assert veil(*words, VEIL_TOKENS="nonsense").err.startswith("veil: VEIL_TOKENS: ")
    assert veil(*words, VEIL_TOKENS="50").code == 0


def test_what_cannot_be_done_is_refused_by_name(
    veil: Veil, market_url: str, database_url: str, key_file: Path, file: Path
) -> None:
    where = ("--database", database_url)
    ended = veil("trust", "add", str(file), "--role", "bank", "--purpose", "campaign", *where)
    assert ended == Ended(1, "", "veil: BANK may ask for credit_assessment, transaction_completion, not campaign\n")
    assert veil("trust", "add", str(file.parent / "none"), *STAFF, *where).err.endswith("No such file or directory\n")
    ended = veil("trust", "remove", document_id(MEMBERS), *where)
    assert ended == Ended(1, "", f"veil: `{document_id(MEMBERS)}` is not trusted there; nothing was removed\n")
    ended = veil("trust", "remove", "Members", *where)
    assert (ended.code, "64 hexadecimal digits" in in_one_line(ended.err)) == (2, True)
    gateway = settings_for(market_url, key_file).database.get_secret_value()
    ended = veil("trust", "add", str(file), *STAFF, "--database", gateway)
    assert (ended.code, ended.err) == (1, "veil: this login may not do that; give the URL of the tables' owner\n")
    run(database_url, lambda connection: connection.execute("truncate veil.policy_activation"))
    assert "no policy is in force yet" in veil("trust", "add", str(file), *STAFF, *where).err
