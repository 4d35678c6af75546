with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r5.json, 'null') || '}' as json,
        r5.subjects as subjects,
        coalesce(r5.rows, 0) as rows
    from call
    left join lateral (
        select '{"consents":' || r4.json || '}' as json, nullif(concat_ws(',', m1.id::bigint::text, r4.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r4.rows, 0) as rows
        from member m1
        left join lateral (
            select (select count(*) from consent c2_all where c2_all.member_id = m1.id) as rows
            offset 0
        ) s3 on true
        left join lateral (
            select '{"totalCount":' || s3.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Consent:' || c2.id::bigint || '"', 'null') || ',"kind":' || veil.json_text(case when c2.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES') then c2.kind end) || ',"given":' || coalesce((c2.given::boolean)::text, 'null') || '}', ',' order by c2.id), '') || ']' || '}' as json, string_agg(c2.member_id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
            from (
            select c2.given, c2.id, c2.kind, c2.member_id
                from consent c2
                where c2.member_id = m1.id
                order by c2.id
                limit call.a2
            ) c2
        ) r4 on true
        where m1.id = call.a1 and m1.destroyed_at is null
        limit 1
    ) r5 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
