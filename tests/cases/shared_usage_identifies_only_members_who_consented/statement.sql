with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"visits":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from visit v1_all where true) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v1_all.member_id as subject from visit v1_all where true limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then 'Visit:' || v1.id else 'Visit:~' || encode(v1.tag || int8send(v1.id # ('x' || encode(substr(sha256(call.key || v1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') end || '"', 'null') || ',"ipAddress":' || veil.json_text(case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then v1.ip_address end) || ',"hiddenFields":' || '[' || concat_ws(',', case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then case when not (v1.at >= '0001-01-01 00:00:00+00' and v1.at < '10000-01-01 00:00:00+00') then '"at"' end else '"at"' end, case when not (v1.pages_viewed between -2147483648 and 2147483647) then '"pagesViewed"' end, case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then null else '"ipAddress"' end) || ']' || '}', ',' order by v1.tag), '') || ']' || '}' as json, string_agg(v1.member_id || ':' || case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then '.0' else '.1' end || coalesce(case when (select true from consent state where v1.member_id = state.member_id and state.kind = 'STATISTICAL_SHARING' and state.given and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'STATISTICAL_SHARING' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) and coalesce(refusal.organisation_id, call.organisation) = call.organisation limit 1) is null limit 1) then '.2' end, ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select v1.at, v1.id, v1.ip_address, v1.member_id, v1.pages_viewed, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v1.id)), 1, 8) as tag
            from visit v1
            where true
            order by substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v1.id)), 1, 8)
            limit call.a1
        ) v1
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select country from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where member.country <> (select country from organisation where id = answer.organisation)) end as cross_border
from answer
