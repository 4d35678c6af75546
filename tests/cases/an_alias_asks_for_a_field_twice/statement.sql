with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::integer[], $8::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"first":' || coalesce(r3.json, 'null') || ',"second":' || coalesce(r8.json, 'null') || ',"none":' || coalesce(r10.json, 'null') || '}' as json,
        nullif(concat_ws(',', r3.subjects, r8.subjects, r10.subjects), '') as subjects,
        coalesce(r3.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"called":' || s2.v1 || ',"also":' || s2.v1 || ',"id":' || coalesce('"' || 'Company:' || c1.id::bigint || '"', 'null') || '}' as json, c1.owner_id::bigint || ':.0' as subjects, 1 as rows
        from company c1
        left join lateral (
            select veil.json_text(c1.name) as v1
            offset 0
        ) s2 on true
        where c1.id = call.a1 and c1.withdrawn_at is null
        limit 1
    ) r3 on true
    left join lateral (
        select '{"called":' || veil.json_text(c4.name) || ',"products":' || r7.json || '}' as json, nullif(concat_ws(',', c4.owner_id::bigint || ':.0', r7.subjects), '') as subjects, 1 + coalesce(r7.rows, 0) as rows
        from company c4
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"a":' || s6.v1 || ',"b":' || s6.v1 || '}', ',' order by p5.id), '') || ']' || '}' as json, string_agg(p5.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
            from (
            select p5.id, p5.owner_id, p5.price
                from product p5
                where p5.company_id = c4.id and p5.withdrawn_at is null
                order by p5.id
                limit call.a3
            ) p5
            left join lateral (
                select coalesce('"' || case when p5.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p5.price::numeric end || '"', 'null') as v1
                offset 0
            ) s6 on true
        ) r7 on true
        where c4.id = call.a2 and c4.withdrawn_at is null
        limit 1
    ) r8 on true
    left join lateral (
        select '{"name":' || veil.json_text(c9.name) || '}' as json, c9.owner_id::bigint || ':.0' as subjects, 1 as rows
        from company c9
        where c9.id = call.a4 and c9.withdrawn_at is null
        limit 1
    ) r10 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
