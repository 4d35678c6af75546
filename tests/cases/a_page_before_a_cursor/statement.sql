with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[]::bigint[], $7::text[]::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"companies":' || r4.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), nullif(s3.subjects, ''), r4.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from company c1_all where c1_all.withdrawn_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c1_all.owner_id::bigint as subject from company c1_all where c1_all.withdrawn_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select true as found, c1_all.owner_id::bigint::text as subjects
        from ((
        select c1_all.employees, c1_all.id, c1_all.owner_id
            from company c1_all
            where c1_all.withdrawn_at is null and (c1_all.employees, c1_all.id) >= (call.a2, call.a3)
            order by c1_all.employees, c1_all.id
            limit 1
        ) union all (
        select c1_all.employees, c1_all.id, c1_all.owner_id
            from company c1_all
            where c1_all.withdrawn_at is null and c1_all.employees is null and (call.a2 is not null or c1_all.id >= call.a3)
            order by c1_all.employees, c1_all.id
            limit 1
        )) c1_all
        order by c1_all.employees, c1_all.id
        limit 1
    ) s3 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x5876f0bfb514aa847b825df59284249e', json_build_array(c1.employees::text, c1.id::text)::text) || '"' || ',"node":' || '{"id":' || coalesce('"' || 'Company:' || c1.id::bigint || '"', 'null') || ',"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees::integer end)::text, 'null') || '}' || '}', ',' order by c1.employees, c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (s3.found is not null)::text || ',"hasPreviousPage":' || (count(*) > call.a1)::text || ',"startCursor":' || coalesce('"' || veil.cursor(call.key, '\x5876f0bfb514aa847b825df59284249e', (array_agg(json_build_array(c1.employees::text, c1.id::text)::text order by c1.employees, c1.id) filter (where c1.position <= call.a1))[1]) || '"', 'null') || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x5876f0bfb514aa847b825df59284249e', (array_agg(json_build_array(c1.employees::text, c1.id::text)::text order by c1.employees desc, c1.id desc) filter (where c1.position <= call.a1))[1]) || '"', 'null') || '}' || '}' as json, string_agg(case when c1.position <= call.a1 then c1.owner_id::bigint || ':.0' else c1.owner_id::bigint::text end, ',') as subjects, sum(1) filter (where c1.position <= call.a1)::bigint as rows
        from (
        select c1.employees, c1.id, c1.owner_id, row_number() over (order by c1.employees desc, c1.id desc) as position
            from ((
            select c1.employees, c1.id, c1.owner_id
                from company c1
                where c1.withdrawn_at is null and (c1.employees, c1.id) < (call.a2, call.a3)
                order by c1.employees desc, c1.id desc
                limit call.a1 + 1
            ) union all (
            select c1.employees, c1.id, c1.owner_id
                from company c1
                where c1.withdrawn_at is null and call.a2 is null and (c1.employees is not null or c1.id < call.a3)
                order by c1.employees desc, c1.id desc
                limit call.a1 + 1
            )) c1
            order by c1.employees desc, c1.id desc
            limit call.a1 + 1
        ) c1
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
