with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"complaints":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from complaint c1_all where true) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c1_all.against_id::bigint as subject from complaint c1_all where true limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Complaint:' || c1.id::bigint || '"', 'null') || ',"status":' || veil.json_text(case when c1.status in ('OPEN', 'UPHELD', 'DISMISSED') then c1.status end) || ',"publishedAt":' || coalesce(to_json(case when c1.published_at >= '0001-01-01 00:00:00+00' and c1.published_at < '10000-01-01 00:00:00+00' then c1.published_at::timestamptz end)::text, 'null') || ',"summary":' || veil.json_text(c1.summary) || ',"penalty":' || veil.json_text(c1.penalty) || ',"againstName":' || veil.json_text(c1.against_name) || '}', ',' order by c1.id), '') || ']' || '}' as json, string_agg(c1.against_id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select c1.against_id, c1.against_name, c1.id, c1.penalty, c1.published_at, c1.status, c1.summary
            from complaint c1
            where true
            order by c1.id
            limit call.a1
        ) c1
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
