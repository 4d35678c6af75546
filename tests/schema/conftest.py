"""The first policy, as a value."""

import pytest

from schema.catalog import Catalog
from schema.policy import policy_file
from schema.policy.grants import Policy


@pytest.fixture(scope="session")
def policy(catalog: Catalog) -> Policy:
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)
