with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::integer[], $11::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"first":' || coalesce(r2.json, 'null') || ',"second":' || coalesce(r6.json, 'null') || ',"none":' || coalesce(r8.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r6.subjects, r8.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"called":' || veil.json_text(c1.name) || ',"also":' || veil.json_text(c1.name) || ',"id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || '}' as json, c1.owner_id::text as subjects, 1 as rows
        from company c1
        where c1.id = call.a1
        limit 1
    ) r2 on true
    left join lateral (
        select '{"called":' || veil.json_text(c3.name) || ',"products":' || r5.json || '}' as json, nullif(concat_ws(',', c3.owner_id::text, r5.subjects), '') as subjects, 1 + coalesce(r5.rows, 0) as rows
        from company c3
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"a":' || coalesce('"' || p4.price || '"', 'null') || ',"b":' || coalesce('"' || p4.price || '"', 'null') || '}', ',' order by p4.id), '') || ']' || '}' as json, string_agg(nullif(p4.owner_id, c3.owner_id)::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select p4.id, p4.owner_id, p4.price
                from product p4
                where p4.company_id = c3.id
                order by p4.id
                limit call.a3
            ) p4
        ) r5 on true
        where c3.id = call.a2
        limit 1
    ) r6 on true
    left join lateral (
        select '{"name":' || veil.json_text(c7.name) || '}' as json, c7.owner_id::text as subjects, 1 as rows
        from company c7
        where c7.id = call.a4
        limit 1
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '33bf5571-7024-1d87-588e-cd4cbb2a74d3'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
