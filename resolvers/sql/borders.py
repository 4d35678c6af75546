"""Whether data crossed a border: the countries of the members in an answer beside that of the requester, as SQL."""

from resolvers.sql.pieces import NULL, Sql, constant, name, sql
from resolvers.sql.sources import source_sql
from schema.catalog import Catalog
from schema.definition import PartyTable
from schema.requester import Role


def cross_border_sql(role: Role, catalog: Catalog, own_country: str) -> Sql:
    """Whether data of a member went to another country than theirs; null where one of the two is not known.

    Small letters make no other country. What is no code of a country differs from every other: in doubt it is recorded.
    """
    members, organisations = catalog.marketplace.members, catalog.marketplace.organisations
    if role.is_own:
        return _lives_abroad(catalog, constant(own_country))
    if role.is_third_party:
        country = _country(catalog, organisations, sql("answer.organisation"))
    elif role.is_member:
        country = _country(catalog, members, sql("answer.member"))
    else:
        country = NULL
    if country is NULL:
        return sql("null::boolean")
    return sql("case when {} is not null then {} end", country, _lives_abroad(catalog, country))


def _country(catalog: Catalog, parties: PartyTable | None, identity: Sql) -> Sql:
    if parties is None or parties.country is None:
        return NULL
    source = source_sql(parties.table, catalog.mapped_columns(parties.table), parties.columns, parties.table)
    return sql("(select upper({}) from {} where {} = {})", name(parties.country), source, name(parties.key), identity)


def _lives_abroad(catalog: Catalog, country: Sql) -> Sql:
    members = catalog.marketplace.members
    if members is None or members.country is None:
        return sql("null::boolean")
    return sql(
        "exists (select from unnest(string_to_array(answer.subjects, ',')) entry"
        " join {} on {} = split_part(entry, ':', 1)::bigint where upper({}) <> {})",
        source_sql(members.table, catalog.mapped_columns(members.table), members.columns, "member"),
        name("member", members.key),
        name("member", members.country),
        country,
    )
