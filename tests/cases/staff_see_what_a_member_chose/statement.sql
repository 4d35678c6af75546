with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r5.json, 'null') || '}' as json,
        r5.subjects as subjects,
        coalesce(r5.rows, 0) as rows
    from call
    left join lateral (
        select '{"consents":' || r4.json || '}' as json, m1.id::text as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r4.rows, 0) as rows
        from member m1
        left join lateral (
            select (select count(*) from consent c2_all where c2_all.member_id = m1.id) as rows
            offset 0
        ) s3 on true
        left join lateral (
            select '{"totalCount":' || s3.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Consent:' || c2.id || '"', 'null') || ',"kind":' || veil.json_text(case when c2.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES') then c2.kind end) || ',"given":' || coalesce((c2.given)::text, 'null') || '}', ',' order by c2.id), '') || ']' || '}' as json, string_agg(null::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select c2.given, c2.id, c2.kind
                from consent c2
                where c2.member_id = m1.id
                order by c2.id
                limit call.a2
            ) c2
        ) r4 on true
        where m1.id = call.a1
        limit 1
    ) r5 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '72f8acdd-c23b-af77-511c-9d10771c03a1'::uuid, 'Choices', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> 'HK'), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
