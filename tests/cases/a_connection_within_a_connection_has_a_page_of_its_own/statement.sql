with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::numeric[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"companies":' || r9.json || '}' as json,
        r9.subjects as subjects,
        coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(c1.name) || ',"cheapest":' || r3.json || ',"dearest":' || r5.json || ',"few":' || r8.json || '}', ',' order by c1.name desc, c1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', c1.owner_id::bigint || ':.0', r3.subjects, r5.subjects, nullif(s7.subjects, ''), r8.subjects), ''), ',') as subjects, sum(1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r8.rows, 0))::bigint as rows
        from (
        select c1.id, c1.name, c1.owner_id
            from company c1
            where c1.withdrawn_at is null
            order by c1.name desc, c1.id
            limit call.a1
        ) c1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"price":' || coalesce('"' || case when p2.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p2.price::numeric end || '"', 'null') || '}', ',' order by p2.price, p2.id) filter (where p2.position <= call.a2), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a2)::text || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x4640004fb95c59f3ccc7744fa9750052', (array_agg(json_build_array(p2.price::text, p2.id::text)::text order by p2.price desc, p2.id desc) filter (where p2.position <= call.a2))[1]) || '"', 'null') || '}' || '}' as json, string_agg(case when p2.position <= call.a2 then p2.owner_id::bigint || ':.1' else nullif(p2.owner_id::bigint, c1.owner_id::bigint)::text end, ',') as subjects, sum(1) filter (where p2.position <= call.a2)::bigint as rows
            from (
            select p2.id, p2.owner_id, row_number() over (order by p2.price, p2.id) as position, p2.price
                from product p2
                where p2.company_id = c1.id and p2.withdrawn_at is null
                order by p2.price, p2.id
                limit call.a2 + 1
            ) p2
        ) r3 on true
        left join lateral (
            select '{"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x4640004fb95c59f3ccc7744fa9750052', json_build_array(p4.price::text, p4.id::text)::text) || '"' || ',"node":' || '{"price":' || coalesce('"' || case when p4.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p4.price::numeric end || '"', 'null') || '}' || '}', ',' order by p4.price, p4.id), '') || ']' || '}' as json, string_agg(p4.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
            from (
            select p4.id, p4.owner_id, p4.price
                from product p4
                where p4.company_id = c1.id and p4.withdrawn_at is null
                order by p4.price desc, p4.id desc
                limit call.a3
            ) p4
        ) r5 on true
        left join lateral (
            select (select count(*) from product p6_all where p6_all.company_id = c1.id and p6_all.withdrawn_at is null and p6_all.price < call.a5) as rows,
                (
                    select coalesce(string_agg(subject::text, ','), '') from (
                        select distinct nullif(p6_all.owner_id::bigint, c1.owner_id::bigint) as subject from product p6_all where p6_all.company_id = c1.id and p6_all.withdrawn_at is null and p6_all.price < call.a5 limit 1002
                    ) member having count(subject) <= 1000
                ) as subjects
            offset 0
        ) s7 on true
        left join lateral (
            select '{"totalCount":' || case when s7.subjects is null then round(s7.rows, 3 - length(s7.rows::text)) else s7.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"price":' || coalesce('"' || case when p6.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p6.price::numeric end || '"', 'null') || '}', ',' order by p6.id), '') || ']' || '}' as json, string_agg(p6.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
            from (
            select p6.id, p6.owner_id, p6.price
                from product p6
                where p6.company_id = c1.id and p6.withdrawn_at is null and p6.price < call.a5
                order by p6.id
                limit call.a4
            ) p6
        ) r8 on true
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
