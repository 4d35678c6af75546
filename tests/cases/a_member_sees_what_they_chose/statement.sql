with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"me":' || coalesce(r7.json, 'null') || '}' as json,
        r7.subjects as subjects,
        coalesce(r7.rows, 0) as rows
    from call
    left join lateral (
        select '{"consents":' || r6.json || '}' as json, nullif(concat_ws(',', m1.id::bigint::text, r6.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r6.rows, 0) as rows
        from member m1
        left join lateral (
            select (select count(*) from consent c2_all where c2_all.member_id = m1.id and c2_all.member_id = call.member) as rows
            offset 0
        ) s3 on true
        left join lateral (
            select '{"totalCount":' || s3.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Consent:' || c2.id::bigint || '"', 'null') || ',"kind":' || veil.json_text(case when c2.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES') then c2.kind end) || ',"given":' || coalesce((c2.given::boolean)::text, 'null') || ',"organisation":' || coalesce(r5.json, 'null') || ',"startsAt":' || coalesce(to_json(case when c2.starts_at >= '0001-01-01 00:00:00+00' and c2.starts_at < '10000-01-01 00:00:00+00' then c2.starts_at::timestamptz end)::text, 'null') || ',"endsAt":' || coalesce(to_json(case when c2.ends_at >= '0001-01-01 00:00:00+00' and c2.ends_at < '10000-01-01 00:00:00+00' then c2.ends_at::timestamptz end)::text, 'null') || '}', ',' order by c2.id), '') || ']' || '}' as json, string_agg(c2.member_id::bigint || ':.0', ',') as subjects, sum(1 + coalesce(r5.rows, 0))::bigint as rows
            from (
            select c2.ends_at, c2.given, c2.id, c2.kind, c2.member_id, c2.organisation_id, c2.starts_at
                from consent c2
                where c2.member_id = m1.id and c2.member_id = call.member
                order by c2.id
                limit call.a1
            ) c2
            left join lateral (
                select '{"name":' || veil.json_text(o4.name) || '}' as json, null::text as subjects, 1 as rows
                from organisation o4
                where o4.id = c2.organisation_id
                limit 1
            ) r5 on true
        ) r6 on true
        where m1.id = call.member and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r7 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
