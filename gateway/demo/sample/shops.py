"""Companies and what they offer: one company for each member who sells, with a few products or many.

About one in ten descriptions has a way to reach the company left in its text, as corporate users do let slip.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.draws import Draws, moment, money
from gateway.demo.sample.people import MemberRow, phone
from gateway.demo.sample.words import Country, ProductCategory
from gateway.demo.sample.writing import Reach, slip

LISTED_WITHIN = 90 * 24 * 60 * 60
"""A supplier's products are listed within so many seconds of registering."""

_COUNTRIES = {country.code: country for country in words.COUNTRIES}


class CompanyRow(NamedTuple):
    """A row of `company`."""

    id: int
    owner_id: int
    name: str
    website: str | None
    country: str
    city: str
    year_established: int | None
    employees: int | None
    main_products: list[str]
    verified: bool
    description: str
    contact_name: str
    contact_email: str
    contact_phone: str


class ProductRow(NamedTuple):
    """A row of `product`."""

    id: int
    company_id: int
    owner_id: int
    title: str
    category: str
    price: Decimal
    currency: str
    minimum_order: int | None
    listed_at: datetime
    description: str


class Shop(NamedTuple):
    """A company with what it sells. Its products are numbered from `first_product` on; `prices` has one for each."""

    company: CompanyRow
    opened: int
    category: ProductCategory
    currency: str
    first_product: int
    prices: tuple[int, ...]


def shops(people: Iterable[MemberRow], seed: int) -> list[Shop]:
    draws = Draws(seed, "company")
    opened: list[Shop] = []
    first_product = 1
    for owner in people:
        if owner.sells:
            shop = _shop(draws, len(opened) + 1, owner, first_product)
            first_product += len(shop.prices)
            opened.append(shop)
    return opened


def _shop(draws: Draws, number: int, owner: MemberRow, first_product: int) -> Shop:
    category = draws.pick(words.CATEGORIES)
    country = _COUNTRIES[owner.country]
    return Shop(
        company=_company(draws, number, owner, category, country),
        opened=int(owner.registered_at.timestamp()),
        category=category,
        currency=country.currency,
        first_product=first_product,
        prices=tuple(_price(draws, category, country) for _ in range(_product_count(draws))),
    )


def _product_count(draws: Draws) -> int:
    """Ten on average; most have fewer, some have dozens."""
    chance = draws.chance()
    return 2 + int(34 * chance * chance * chance)


def _price(draws: Draws, category: ProductCategory, country: Country) -> int:
    """In cents; cheap goods are commoner than dear ones."""
    chance = draws.chance()
    dollars = category.cheapest + chance * chance * (category.dearest - category.cheapest)
    return int(dollars * country.per_dollar * 100)


def _company(draws: Draws, number: int, owner: MemberRow, category: ProductCategory, country: Country) -> CompanyRow:
    brand = draws.pick(words.BRANDS)
    site = f"{brand.lower().replace(' ', '-')}-{number}.example.com"
    company = CompanyRow(
        id=number,
        owner_id=owner.id,
        name=country.company.format(city=owner.city, brand=brand, trade=category.trade),
        website=f"https://www.{site}" if draws.happens(80) else None,
        country=owner.country,
        city=owner.city,
        year_established=draws.between(1952, owner.registered_at.year) if draws.happens(90) else None,
        employees=draws.between(2, 60) * draws.pick((1, 1, 1, 5, 20)) if draws.happens(90) else None,
        main_products=sorted({draws.pick(category.goods) for _ in range(3)}),
        verified=draws.happens(40),
        description="",
        contact_name=owner.name,
        contact_email=owner.email if draws.happens(30) else f"sales@{site}",
        contact_phone=owner.phone or phone(draws, country),
    )
    return company._replace(description=_text(draws, words.COMPANY_SENTENCES, company, category.trade.lower()))


def products(opened: Iterable[Shop], seed: int) -> Iterator[ProductRow]:
    draws = Draws(seed, "product")
    for shop in opened:
        for number, price in enumerate(shop.prices, shop.first_product):
            yield _product(draws, number, shop, price)


def _product(draws: Draws, number: int, shop: Shop, price: int) -> ProductRow:
    good = draws.pick(shop.category.goods)
    quality = draws.pick(shop.category.qualities)
    return ProductRow(
        id=number,
        company_id=shop.company.id,
        owner_id=shop.company.owner_id,
        title=f"{quality[0].upper()}{quality[1:]} {good}",
        category=shop.category.name,
        price=money(price),
        currency=shop.currency,
        minimum_order=shop.category.minimum if draws.happens(90) else None,
        listed_at=moment(shop.opened + draws.below(LISTED_WITHIN)),
        description=_text(draws, words.PRODUCT_SENTENCES, shop.company, good),
    )


def _text(draws: Draws, sentences: Sequence[str], company: CompanyRow, goods: str) -> str:
    """Two or three different sentences in a row, and at times a slip."""
    start, count = draws.below(len(sentences)), draws.between(2, 3)
    said = [sentences[(start + step) % len(sentences)] for step in range(count)]
    text = " ".join(said).format(
        name=company.name,
        city=company.city,
        goods=goods,
        few=draws.between(4, 40),
        many=draws.between(8, 90) * 100,
    )
    if draws.happens(10):
        return f"{text} {slip(draws, words.SLIPS, Reach(company.contact_email, company.contact_phone))}"
    return text
