"""What could change the log's tables or hide rows of them: triggers, rules, row security, changed views and grants."""

from collections.abc import Sequence
from typing import Any, Final

from gateway.database import migration

TABLES: Final = (
    *("access_record", "access_plan", "policy_activation", "retirement"),
    *("proof_leaf", "proof_tile", "checkpoint"),
)
"""The tables that `veil log verify` reads."""

_TRIGGERS: Final = (("policy_activation", "same_policy"),)
"""The triggers that Veil itself has made on them."""

_VIEW: Final = "create view veil.access_field"

_TEMPORARY: Final = "create temporary view expected_access_field"

_FOUND: Final = """\
with log as (
    select pg_class.oid, relname, relkind, relowner, relacl, relrowsecurity from pg_class
    where relnamespace = 'veil'::regnamespace and relname = any($1::text[])
       or pg_class.oid in (select relid from pg_partition_tree('veil.access_record') where level > 0)
),
granted as (
    select relname, grantee, privilege_type from log cross join aclexplode(relacl) where grantee <> relowner
    union
    select relname, grantee, privilege_type
    from log join pg_attribute on attrelid = log.oid cross join aclexplode(attacl) where grantee <> relowner
)
select 'veil.' || relname || ' is no table' as fault from log where relkind not in ('r', 'p')
union all
select 'the trigger ' || tgname || ' is on veil.' || relname from log join pg_trigger on tgrelid = log.oid
where not tgisinternal and tgparentid = 0 -- a partition has the triggers of its table
  and not exists (select from unnest($2::text[], $3::text[]) known (on_table, trigger)
    where on_table = relname and trigger = tgname)
union all
select 'the rule ' || rulename || ' is on veil.' || relname from log join pg_rewrite on ev_class = log.oid
union all
select 'row security is on for veil.' || relname from log where relrowsecurity
union all
select 'the policy ' || polname || ' is on veil.' || relname from log join pg_policy on polrelid = log.oid
union all
select 'the view veil.access_field was changed'
where pg_get_viewdef('veil.access_field'::regclass) <> $4
union all
select case when grantee = 0 then 'everybody' else pg_get_userbyid(grantee) end || ' may ' || privilege_type
    || ' on veil.' || relname
from granted
where pg_get_userbyid(grantee) <> all ($5::text[])
   or privilege_type not in ('SELECT', 'INSERT')
   or privilege_type = 'INSERT' and (pg_get_userbyid(grantee) <> all ($6::text[])
      or relname not in ('access_record', 'access_plan'))
order by 1"""


async def expected_view(connection: Any) -> str:
    """What PostgreSQL says of the view `veil.access_field` when it is as Veil makes it. Nothing stays of it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("set local search_path = pg_catalog")
        await connection.execute(migration.table_file("008_access_field").replace(_VIEW, _TEMPORARY))
        return await connection.fetchval("select pg_get_viewdef('pg_temp.expected_access_field'::regclass)")
    finally:
        await transaction.rollback()


async def found(connection: Any, view: str) -> Sequence[str]:
    """What stands on the log's tables that Veil did not put there, one sentence each.

    `view` is the expected view of the fields shown.
    """
    tables, triggers = zip(*_TRIGGERS, strict=True)
    rows = await connection.fetch(
        _FOUND, TABLES, tables, triggers, view, migration.VEIL_ROLES, migration.RECORDING_ROLES
    )
    return [row[0] for row in rows]
