"""Which views cannot be read because their owners may not read what is behind them.

A view reads by the privileges of its owner. The database is asked what each owner may, so that nothing fails at the
first request.
"""

import json
from collections.abc import Iterable
from typing import Final

from resolvers.sql.pieces import Sql, constant, sql


def unreadable_views_sql(relations: Iterable[str]) -> Sql:
    """A query with a sentence for each table or view that the owner of a view may not read: of these relations, and behind.

    A view with `security_invoker` reads by the privileges of whoever asks, and is left out.
    """
    return sql(_UNREADABLE, constant(json.dumps(sorted({*relations}))))


_UNREADABLE: Final = """\
    with recursive views as (
        select pg_class.oid, relowner, reloptions from json_array_elements_text({}::json) relation
        join pg_class on pg_class.oid = to_regclass(relation) where relkind = 'v'
        union
        select read.oid, read.relowner, read.reloptions
        from views join pg_rewrite on ev_class = views.oid
        join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid and refclassid = 'pg_class'::regclass
        join pg_class read on read.oid = refobjid where read.relkind = 'v'
    )
    select 'the view ' || views.oid::regclass || ' cannot be read: grant select on '
        || format('%I.%I', (select nspname from pg_namespace where pg_namespace.oid = read.relnamespace), read.relname) || ' to '
        || quote_ident(pg_get_userbyid(views.relowner)) || ', who owns the view' as notice
    from views join pg_rewrite on ev_class = views.oid
    join pg_depend on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid and refclassid = 'pg_class'::regclass
        and refobjid <> views.oid
    join pg_class read on read.oid = refobjid
    where not coalesce(views.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
        and case when refobjsubid = 0 then has_any_column_privilege(views.relowner, refobjid, 'select')
            else has_column_privilege(views.relowner, refobjid, refobjsubid::smallint, 'select') end is false
    group by views.oid, read.oid, read.relnamespace, read.relname, views.relowner"""
