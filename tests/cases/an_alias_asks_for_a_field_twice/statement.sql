with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::integer[], $11::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"first":' || coalesce(r3.json, 'null') || ',"second":' || coalesce(r8.json, 'null') || ',"none":' || coalesce(r10.json, 'null') || '}' as json,
        nullif(concat_ws(',', r3.subjects, r8.subjects, r10.subjects), '') as subjects,
        coalesce(r3.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"called":' || s2.v1 || ',"also":' || s2.v1 || ',"id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || '}' as json, c1.owner_id::text as subjects, 1 as rows
        from company c1
        left join lateral (
            select veil.json_text(c1.name) as v1
            offset 0
        ) s2 on true
        where c1.id = call.a1
        limit 1
    ) r3 on true
    left join lateral (
        select '{"called":' || veil.json_text(c4.name) || ',"products":' || r7.json || '}' as json, nullif(concat_ws(',', c4.owner_id::text, r7.subjects), '') as subjects, 1 + coalesce(r7.rows, 0) as rows
        from company c4
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"a":' || s6.v1 || ',"b":' || s6.v1 || '}', ',' order by p5.id), '') || ']' || '}' as json, string_agg(nullif(p5.owner_id, c4.owner_id)::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select p5.id, p5.owner_id, p5.price
                from product p5
                where p5.company_id = c4.id
                order by p5.id
                limit call.a3
            ) p5
            left join lateral (
                select coalesce('"' || case when p5.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p5.price end || '"', 'null') as v1
                offset 0
            ) s6 on true
        ) r7 on true
        where c4.id = call.a2
        limit 1
    ) r8 on true
    left join lateral (
        select '{"name":' || veil.json_text(c9.name) || '}' as json, c9.owner_id::text as subjects, 1 as rows
        from company c9
        where c9.id = call.a4
        limit 1
    ) r10 on true
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
