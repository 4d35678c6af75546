"""The personas of a demo: one for every role, each with what its role needs and queries of its purposes."""

import json
import time
from base64 import urlsafe_b64decode

from gateway.demo.development import DevelopmentKey
from gateway.demo.personas import SHORT_LIFETIME, personas, short_lived
from gateway.http.console import Persona
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.policy.grants import Policy


def policy_of(catalog: Catalog) -> Policy:
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)


def test_every_role_has_a_persona_and_only_the_public_has_no_token(key: DevelopmentKey, catalog: Catalog) -> None:
    cast = personas(key, policy_of(catalog))
    assert {persona.role for persona in cast} == {role.value for role in Roles}
    assert {persona.role for persona in cast if persona.token is None} == {Roles.PUBLIC.value}
    assert len({persona.name for persona in cast}) == len(cast)


def test_a_persona_has_the_purposes_of_its_role_and_queries_for_some_of_them(
    key: DevelopmentKey, catalog: Catalog
) -> None:
    policy = policy_of(catalog)
    for persona in personas(key, policy):
        assert set(persona.purposes) == {purpose.value for purpose in policy.roles[Roles(persona.role)]}
        assert persona.queries
        assert {query.purpose for query in persona.queries} <= set(persona.purposes)


def test_the_first_one_shows_a_masked_row_beside_a_whole_one(key: DevelopmentKey, catalog: Catalog) -> None:
    """So a demo opens on customer care; the token that it prints unasked holds no longer than it takes to try it."""
    first, short = personas(key, policy_of(catalog))[0], short_lived(key, policy_of(catalog))
    assert first.name == short.name == "Customer care"
    assert expiry(short) - time.time() <= SHORT_LIFETIME < expiry(first) - time.time()


def expiry(persona: Persona) -> float:
    claims = str(persona.token).split(".")[1]
    return json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]


def test_a_persona_whose_query_needs_an_instrument_has_one(key: DevelopmentKey, catalog: Catalog) -> None:
    for persona in personas(key, policy_of(catalog)):
        if any(Purposes(query.purpose).requires_instrument for query in persona.queries):
            assert persona.reference


def test_the_queries_of_a_persona_have_names_of_their_own(key: DevelopmentKey, catalog: Catalog) -> None:
    """The name is the query's tab in the console and its operation in the log."""
    for persona in personas(key, policy_of(catalog)):
        names = [query.query.split()[1] for query in persona.queries]
        assert len(set(names)) == len(names)
        assert all(name.isidentifier() for name in names)
