with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"companies":' || r3.json || ',"products":' || r6.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) as rows
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
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Company:' || c1.id::bigint || '"', 'null') || '}', ',' order by c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', json_build_array(c1.id::text)::text) || '"' || '}', ',' order by c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a1)::text || ',"hasPreviousPage":false,"startCursor":' || coalesce('"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', (array_agg(json_build_array(c1.id::text)::text order by c1.id) filter (where c1.position <= call.a1))[1]) || '"', 'null') || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', (array_agg(json_build_array(c1.id::text)::text order by c1.id desc) filter (where c1.position <= call.a1))[1]) || '"', 'null') || '}' || '}' as json, string_agg(c1.owner_id::bigint::text, ',') as subjects, sum(1) filter (where c1.position <= call.a1)::bigint as rows
        from (
        select c1.id, c1.owner_id, row_number() over (order by c1.id) as position
            from company c1
            where c1.withdrawn_at is null
            order by c1.id
            limit call.a1 + 1
        ) c1
    ) r3 on true
    left join lateral (
        select (select count(*) from product p4_all where p4_all.withdrawn_at is null and p4_all.title = call.a3) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p4_all.owner_id::bigint as subject from product p4_all where p4_all.withdrawn_at is null and p4_all.title = call.a3 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a2)::text || '}' || '}' as json, string_agg(p4.owner_id::bigint::text, ',') as subjects, sum(1) filter (where p4.position <= call.a2)::bigint as rows
        from (
        select p4.id, p4.owner_id, row_number() over (order by p4.id) as position
            from product p4
            where p4.withdrawn_at is null and p4.title = call.a3
            order by p4.id
            limit call.a2 + 1
        ) p4
    ) r6 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
