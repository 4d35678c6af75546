"""Whether a member may be told of an access by now: what the marketplace's tables say of the instruments it was under."""

from typing import Any

from gateway.log.organisations import is_readable
from resolvers.planning.plan import SubjectCondition
from resolvers.sql.conditions import condition_sql, filled_name, filled_sql
from resolvers.sql.pieces import TRUE, Sql, all_of, any_of, join, name, sql
from schema.access_record import RECORD_TABLE
from schema.catalog import Catalog, Entity
from schema.conditions import Condition


async def withholds_instruments(connection: Any, catalog: Catalog) -> bool:
    """Whether it cannot be read here until when members must not be told of instruments. Then they are told of none."""
    for _, condition in _conditions(catalog):
        for table, columns in condition.reads.items():
            if not await is_readable(connection, catalog, table, catalog.stored_columns(table, columns)):
                return True
    return False


async def may_be_told_sql(connection: Any, catalog: Catalog, alias: str) -> tuple[Sql, Sql]:
    """What `call` must select, and that the subjects of the record that `alias` stands for may be told of it."""
    is_free = sql("{} is null", name(alias, "reference"))
    if await withholds_instruments(connection, catalog):
        return TRUE, is_free
    found = _conditions(catalog)
    tables = sorted({condition.must_be_filled for _, condition in found if condition.must_be_filled})
    filled = [sql("{} as {}", filled_sql(table), filled_name(table)) for table in tables]
    told = [condition_sql(SubjectCondition(condition), records, alias) for records, condition in found]
    return join(", ", filled) if filled else TRUE, any_of([is_free, all_of(told)])


def _conditions(catalog: Catalog) -> list[tuple[Entity, Condition]]:
    """The conditions under which the records of the log, which are an entity too, may be told of."""
    declared = {each.name: each for each in catalog.marketplace.conditions}
    return [
        (entity, declared[each])
        for entity in catalog.entities.values()
        if entity.storage.table == RECORD_TABLE
        for each in entity.storage.condition_columns
    ]
