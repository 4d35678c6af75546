with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"up":' || r2.json || ',"down":' || r4.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees end)::text, 'null') || ',"name":' || veil.json_text(c1.name) || '}', ',' order by c1.employees, c1.name desc, c1.id), '') || ']' || '}' as json, string_agg(c1.owner_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c1.employees, c1.id, c1.name, c1.owner_id
            from company c1
            where true
            order by c1.employees desc, c1.name, c1.id desc
            limit call.a1
        ) c1
    ) r2 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"employees":' || coalesce((case when c3.employees between -2147483648 and 2147483647 then c3.employees end)::text, 'null') || ',"yearEstablished":' || coalesce((case when c3.year_established between -2147483648 and 2147483647 then c3.year_established end)::text, 'null') || '}', ',' order by c3.employees desc, c3.year_established, c3.id), '') || ']' || '}' as json, string_agg(c3.owner_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c3.employees, c3.id, c3.owner_id, c3.year_established
            from company c3
            where true
            order by c3.employees desc, c3.year_established, c3.id
            limit call.a2
        ) c3
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '345c5ea4-8d8b-3e8a-9566-b598d9a27260'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
