with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"members":' || r2.json || '}' as json,
        r2.subjects as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x67e356917ace5b26d54d4a33d41e263d', json_build_array(m1.registered_at::text, encode(m1.tag, 'hex'))::text) || '"' || ',"node":' || '{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"registeredAt":' || coalesce(to_json(case when m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00' then m1.registered_at end)::text, 'null') || '}' || '}', ',' order by m1.registered_at, m1.tag) filter (where m1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a1)::text || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x67e356917ace5b26d54d4a33d41e263d', (array_agg(json_build_array(m1.registered_at::text, encode(m1.tag, 'hex'))::text order by m1.registered_at desc, m1.tag desc) filter (where m1.position <= call.a1))[1]) || '"', 'null') || '}' || '}' as json, string_agg(m1.id::text, ',') as subjects, sum(1) filter (where m1.position <= call.a1)::bigint as rows
        from (
        select m1.id, row_number() over (order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)) as position, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where true
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1 + 1
        ) m1
    ) r2 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'site_operation', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '12062237-3687-c683-c9d4-5901ce57ad30'::uuid, 'Masked', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> 'HK'), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
