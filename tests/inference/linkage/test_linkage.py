"""At 1,000 members, as `make linkage` measures them: what leads from pseudonyms to people does not come back."""

import asyncio
from collections.abc import Generator, Mapping

import pytest

from gateway.demo.sample import marketplace as sample
from schema.marketplace.words import Purposes, Roles
from tests.conftest import Databases, run, silent
from tests.inference.linkage import attacks
from tests.inference.linkage.__main__ import SEED
from tests.inference.linkage.measuring import (
    COMPANY_OF_MEMBER,
    PUBLIC,
    SELLER_OF_ORDER,
    Measure,
    measured,
)
from tests.inference.linkage.seeing import Marketplace, marketplace
from tests.opinion.asking import Asking

MEMBERS = 1_000

AT_MOST: Mapping[str, int] = {
    "orders of a partner": 0,
    "orders of a provider": 0,
    # A provider needs the city, and some cities have one company.
    "members of a provider": 43,
    "buyers of a seller": 12,
    "visits shared": 0,
    "visits tracked": 0,
    # A partner needs what orders are worth, and when they were placed, by month.
    "payments of a partner": 8,
}
"""Pseudonyms that an attack may resolve."""

STAFF = Asking(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE, organisation=1)


@pytest.fixture(scope="module")
def url(databases: Databases) -> Generator[str]:
    url = databases.make("empty_market")
    run(url, lambda connection: sample.seed(connection, members=MEMBERS, seed=SEED, progress=silent))
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def found(url: str) -> Mapping[str, Measure]:
    async def measure() -> Mapping[str, Measure]:
        async with marketplace(url) as market:
            return await measured(market)

    return asyncio.run(measure())


@pytest.mark.parametrize("attack", AT_MOST)
def test_few_pseudonyms_lead_to_anybody(found: Mapping[str, Measure], attack: str) -> None:
    assert found[attack].found.tried > 100
    assert found[attack].found.right <= AT_MOST[attack]


def test_the_attacks_would_find_nearly_everybody(url: str) -> None:
    """Of staff, who are shown exact times, totals and what was bought: so it is not the attacks that fail."""

    async def attacked(market: Marketplace) -> tuple[attacks.Resolved, attacks.Resolved]:
        public = attacks.shops(await market.shown(PUBLIC, "companies"), await market.shown(PUBLIC, "products"))
        orders, members = await market.shown(STAFF, "orders"), await market.shown(STAFF, "members")
        sold = attacks.sellers_of_orders(orders, public, await market.truth(SELLER_OF_ORDER))
        return sold, attacks.sellers_of_members(members, public, await market.truth(COMPANY_OF_MEMBER))

    async def opened() -> tuple[attacks.Resolved, attacks.Resolved]:
        async with marketplace(url) as market:
            return await attacked(market)

    sold, registered = asyncio.run(opened())
    assert sold.share > 0.9
    assert registered.share > 0.9
