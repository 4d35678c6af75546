with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"members":' || r2.json || '}' as json,
        r2.subjects as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x67e356917ace5b26d54d4a33d41e263d', json_build_array(m1.registered_at::text, encode(m1.tag, 'hex'))::text) || '"' || ',"node":' || '{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"registeredAt":' || coalesce(to_json(case when m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00' then m1.registered_at::timestamptz end)::text, 'null') || '}' || '}', ',' order by m1.registered_at, m1.tag) filter (where m1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a1)::text || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x67e356917ace5b26d54d4a33d41e263d', (array_agg(json_build_array(m1.registered_at::text, encode(m1.tag, 'hex'))::text order by m1.registered_at desc, m1.tag desc) filter (where m1.position <= call.a1))[1]) || '"', 'null') || '}' || '}' as json, string_agg(case when m1.position <= call.a1 then m1.id::bigint || ':.0.1' else m1.id::bigint::text end, ',') as subjects, sum(1) filter (where m1.position <= call.a1)::bigint as rows
        from (
        select m1.id, row_number() over (order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)) as position, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where m1.destroyed_at is null
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1 + 1
        ) m1
    ) r2 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
