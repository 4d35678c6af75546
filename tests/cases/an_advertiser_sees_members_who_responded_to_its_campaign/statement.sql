with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"members":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from campaign_response state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m1_found on true
    left join lateral (
        select (select count(*) from member m1_all where m1_all.id = any (m1_found.found1) and m1_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.id::bigint as subject from member m1_all where m1_all.id = any (m1_found.found1) and m1_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"country":' || veil.json_text(m1.country) || ',"hiddenFields":[]}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.country, m1.email, m1.id, m1.name, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
