with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::integer[], $8::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"companies":' || r3.json || ',"longestStanding":' || r5.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, r5.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from company c1_all where c1_all.withdrawn_at is null and c1_all.country in (select each::text from json_array_elements_text(call.a2::json) each) and c1_all.employees >= call.a3) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c1_all.owner_id::bigint as subject from company c1_all where c1_all.withdrawn_at is null and c1_all.country in (select each::text from json_array_elements_text(call.a2::json) each) and c1_all.employees >= call.a3 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(c1.name) || ',"country":' || veil.json_text(c1.country) || ',"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees::integer end)::text, 'null') || '}', ',' order by c1.country desc, c1.employees, c1.id), '') || ']' || '}' as json, string_agg(c1.owner_id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select c1.country, c1.employees, c1.id, c1.name, c1.owner_id
            from company c1
            where c1.withdrawn_at is null and c1.country in (select each::text from json_array_elements_text(call.a2::json) each) and c1.employees >= call.a3
            order by c1.country desc, c1.employees, c1.id
            limit call.a1
        ) c1
    ) r3 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"yearEstablished":' || coalesce((case when c4.year_established between -2147483648 and 2147483647 then c4.year_established::integer end)::text, 'null') || '}', ',' order by c4.year_established, c4.id), '') || ']' || '}' as json, string_agg(c4.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select c4.id, c4.owner_id, c4.year_established
            from company c4
            where c4.withdrawn_at is null
            order by c4.year_established, c4.id
            limit call.a4
        ) c4
    ) r5 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
