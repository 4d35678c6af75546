with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[]::timestamptz[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"accessSummaries":' || r4.json || '}' as json,
        null::text as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"day":' || coalesce(to_json(case when a1.day >= '0001-01-01 00:00:00+00' and a1.day < '10000-01-01 00:00:00+00' then a1.day end)::text, 'null') || ',"role":' || veil.json_text(a1.role) || ',"purpose":' || veil.json_text(a1.purpose) || ',"organisation":' || coalesce(r3.json, 'null') || ',"records":' || coalesce((case when a1.records between -2147483648 and 2147483647 then a1.records end)::text, 'null') || ',"persons":' || coalesce((case when a1.persons between -2147483648 and 2147483647 then a1.persons end)::text, 'null') || ',"crossBorder":' || coalesce((case when a1.cross_border between -2147483648 and 2147483647 then a1.cross_border end)::text, 'null') || '}', ',' order by a1.records desc, a1.id), '') || ']' || '}' as json, string_agg(null::text, ',') as subjects, sum(1 + coalesce(r3.rows, 0))::bigint as rows
        from (
        select a1.cross_border, a1.day, a1.id, a1.organisation_id, a1.persons, a1.purpose, a1.records, a1.role
            from access_summary a1
            where a1.day >= call.a2 and a1.outcome = call.a3
            order by a1.records desc, a1.id
            limit call.a1
        ) a1
        left join lateral (
            select '{"name":' || veil.json_text(o2.name) || '}' as json, null::text as subjects, 1 as rows
            from organisation o2
            where o2.id = a1.organisation_id
            limit 1
        ) r3 on true
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where member.country <> 'HK') as cross_border
from answer
