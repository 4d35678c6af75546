"""Words that are added to the code itself, in a copy of it: a category, a kind of identifier, a role and its purpose.

No policy speaks of them yet. So nobody's view has the new fields, nobody else's view changes, and no command ends in a
traceback.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Roles
from schema.policy.policy_file import load_policy
from schema.view import View
from schema.visibility import Visibility

ROOT = Path(__file__).parents[3]
ADDED = {
    "schema/marketplace/words.py": (
        (
            "    CHOICES = ",
            '    COORDINATES = "COORDINATES", "coordinates"\n    CHOICES = ',
        ),
        ("    CLAIMANT = ", '    COURIER = "COURIER", Party.THIRD_PARTY\n    CLAIMANT = '),
        ("    CAMPAIGN = ", '    DELIVERY = "delivery"\n    CAMPAIGN = '),
        (
            "class Categories(",
            (
                "class OwnIdentifiers(Identifier):\n"
                '    VAT_NUMBER = "VAT_NUMBER", Form.ACCOUNT_NUMBER, "VAT numbers"\n\n\nclass Categories('
            ),
        ),
        ("import Category, Nature", "import Category, Form, Identifier, Nature"),
    ),
    "schema/marketplace/marketplace.py": (
        ("    query=Query,", "    identifiers=(*Identifiers, *OwnIdentifiers),\n    query=Query,"),
        ("import Categories, Purposes, Roles", "import Categories, OwnIdentifiers, Purposes, Roles"),
        (
            "from schema.definition import Marketplace, PartyTable",
            "from schema.labels import Identifiers\nfrom schema.definition import Marketplace, PartyTable",
        ),
    ),
    "schema/marketplace/entities/members.py": (
        ("import Categories\n", "import Categories, OwnIdentifiers\n"),
        (
            "    job_title: str",
            (
                "    latitude: str | None = data(Categories.COORDINATES)\n"
                "    vat_number: str | None = data(REGISTRATION, OwnIdentifiers.VAT_NUMBER)\n    job_title: str"
            ),
        ),
    ),
    "schema/marketplace/entities/companies.py": (
        ("import Categories\n", "import Categories, OwnIdentifiers\n"),
        (
            "    website: str",
            "    tax_number: str | None = data(_PUBLISHING, OwnIdentifiers.VAT_NUMBER)\n    website: str",
        ),
    ),
}
VIEWS = """
import json, sys
from pathlib import Path
from gateway import app
from schema.policy.policy_file import load_policy
from schema.view import View
from schema.visibility import Visibility
catalog = app.catalog()
policy = load_policy(Path(sys.argv[1]), catalog)
asking = [Visibility(policy=policy, role=role, purpose=purpose) for role in catalog.marketplace.roles for purpose in policy.purposes_of(role)]
views = {f"{each.role} {each.purpose}": View(catalog, each).as_str() for each in asking}
print(json.dumps({"views": views, "all": View(catalog).as_str()}))
"""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code with the words added."""
    root = tmp_path_factory.mktemp("newer")
    for package in ("gateway", "resolvers", "schema"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__", "graphiql"))
    for name, replaced in ADDED.items():
        text = (root / name).read_text("utf-8")
        for old, new in replaced:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (root / name).write_text(text, "utf-8")
    return root


def ran(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command of the newer code."""
    whole = [sys.executable, *command]
    environment = {"PYTHONPATH": str(root), "COLUMNS": "200"}
    return subprocess.run(whole, cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=False)


def veil(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return ran(root, "-c", "from gateway.cli.main import main; main()", *words)


def types(sdl: str) -> str:
    """An SDL without the words that labels may have, which are about no data."""
    return "\n".join(line for line in sdl.splitlines() if line.strip() not in ("COORDINATES", "VAT_NUMBER"))


def test_new_words_in_the_code_open_nothing_under_the_policy_of_before(newer: Path, catalog: Catalog) -> None:
    """Every view of every role and purpose is to the letter what it was."""
    done = ran(newer, "-c", VIEWS, str(MARKETPLACE.first_policy))
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout)
    assert "latitude" in found["all"]
    assert "vatNumber" in found["all"]
    policy = load_policy(MARKETPLACE.first_policy, catalog)
    asking = [Visibility(policy=policy, role=role, purpose=each) for role in Roles for each in policy.purposes_of(role)]
    assert {who: types(sdl) for who, sdl in found["views"].items()} == {
        f"{each.role} {each.purpose}": types(View(catalog, each).as_str()) for each in asking
    }


def test_what_a_policy_does_not_speak_of_is_named_by_check(newer: Path) -> None:
    done = veil(newer, "policy", "check", str(MARKETPLACE.first_policy))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "category COORDINATES is in no list: hidden for everybody",
        "identifier VAT_NUMBER is in no list: hidden for everybody",
        "role COURIER is not described: it may ask for nothing",
        "purpose delivery is no role's: nobody may ask for it",
    ]


def test_a_category_that_a_new_version_lists_opens_by_its_grants_and_diff_says_so(newer: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    text = MARKETPLACE.first_policy.read_text("utf-8").replace("2012-06-11", "2098-01-01")
    # Nothing says yet how coordinates are destroyed, so that nobody may.
    text = text.replace('may_carry_out = ["COLLECTED"]', 'may_carry_out = ["REGISTRATION"]')
    file.write_text(text.replace('    "PERSONAL",\n]', '    "PERSONAL",\n    "COORDINATES",\n]'))
    done = veil(newer, "policy", "diff", str(MARKETPLACE.first_policy), str(file))
    assert done.returncode == 0, done.stderr
    assert "★ category COORDINATES: listed now; grants may show it" in done.stdout
    assert "★ Member.latitude: now PLAIN when the subject has an account with the requester (G19a)" in done.stdout
    shown = veil(newer, "policy", "show", "--policy", str(file)).stdout
    assert "all nine categories of collected information" in " ".join(shown.split())
