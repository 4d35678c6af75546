with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"up":' || r2.json || ',"down":' || r4.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees::integer end)::text, 'null') || ',"name":' || veil.json_text(c1.name) || '}', ',' order by c1.employees, c1.name desc, c1.id), '') || ']' || '}' as json, string_agg(c1.owner_id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select c1.employees, c1.id, c1.name, c1.owner_id
            from company c1
            where c1.withdrawn_at is null
            order by c1.employees desc, c1.name, c1.id desc
            limit call.a1
        ) c1
    ) r2 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"employees":' || coalesce((case when c3.employees between -2147483648 and 2147483647 then c3.employees::integer end)::text, 'null') || ',"yearEstablished":' || coalesce((case when c3.year_established between -2147483648 and 2147483647 then c3.year_established::integer end)::text, 'null') || '}', ',' order by c3.employees desc, c3.year_established, c3.id), '') || ']' || '}' as json, string_agg(c3.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select c3.employees, c3.id, c3.owner_id, c3.year_established
            from company c3
            where c3.withdrawn_at is null
            order by c3.employees desc, c3.year_established, c3.id
            limit call.a2
        ) c3
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
