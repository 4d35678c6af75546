with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"complaints":' || r5.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r5.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r5.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from complaint c1_all where c1_all.published_at <= now()) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c1_all.against_id::bigint as subject from complaint c1_all where c1_all.published_at <= now() limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Complaint:~' || encode(c1.tag || int8send(c1.id # ('x' || encode(substr(sha256(call.key || c1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"summary":' || veil.json_text(veil.redact(c1.summary)) || ',"penalty":' || veil.json_text(c1.penalty) || ',"status":' || veil.json_text(case when c1.status in ('OPEN', 'UPHELD', 'DISMISSED') then c1.status end) || ',"publishedAt":' || coalesce(to_json(case when c1.published_at >= '0001-01-01 00:00:00+00' and c1.published_at < '10000-01-01 00:00:00+00' then c1.published_at::timestamptz end)::text, 'null') || ',"againstName":' || coalesce('"' || case when c1.against_name is not null then case when (ascii(c1.against_name) between 65 and 90 or ascii(c1.against_name) between 97 and 122 or ascii(c1.against_name) between 1040 and 1103) then left(c1.against_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"company":' || coalesce(r4.json, 'null') || ',"hiddenFields":' || '[' || concat_ws(',', case when not (c1.status in ('OPEN', 'UPHELD', 'DISMISSED')) then '"status"' end, case when not (c1.published_at >= '0001-01-01 00:00:00+00' and c1.published_at < '10000-01-01 00:00:00+00') then '"publishedAt"' end) || ']' || '}', ',' order by c1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', c1.against_id::bigint || ':.0.1.2', r4.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0))::bigint as rows
        from (
        select c1.against_id, c1.against_name, c1.company_id, c1.id, c1.penalty, c1.published_at, c1.status, c1.summary, substr(sha256(call.key || '\xf5a84a3c39e9d9a0'::bytea || int8send(c1.id)), 1, 8) as tag
            from complaint c1
            where c1.published_at <= now()
            order by substr(sha256(call.key || '\xf5a84a3c39e9d9a0'::bytea || int8send(c1.id)), 1, 8)
            limit call.a1
        ) c1
        left join lateral (
            select '{"name":' || veil.json_text(c3.name) || '}' as json, c3.owner_id::bigint || ':.3' as subjects, 1 as rows
            from company c3
            where c3.id = c1.company_id and c3.withdrawn_at is null
            limit 1
        ) r4 on true
    ) r5 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
