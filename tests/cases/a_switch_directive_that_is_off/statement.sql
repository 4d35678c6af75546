with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::boolean[], $10::boolean[], $11::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"company":' || coalesce(r4.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{' || concat_ws(',', '"name":' || veil.json_text(c1.name), case when call.a2 then '"city":' || veil.json_text(c1.city) end, case when not call.a2 then '"country":' || veil.json_text(c1.country) end, case when not call.a3 then '"website":' || veil.json_text(c1.website) end, case when call.a2 then '"products":' || r3.json end, case when call.a3 then '"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees end)::text, 'null') end, '"verified":' || coalesce((c1.verified)::text, 'null')) || '}' as json, nullif(concat_ws(',', c1.owner_id::text, r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from company c1
        left join lateral (
            select '{' || concat_ws(',', case when call.a2 then '"nodes":' || '[' || coalesce(string_agg('{' || concat_ws(',', case when call.a2 then '"id":' || coalesce('"' || 'Product:' || p2.id || '"', 'null') end, case when call.a2 and not call.a3 then '"title":' || veil.json_text(p2.title) end) || '}', ',' order by p2.id), '') || ']' end) || '}' as json, string_agg(nullif(p2.owner_id, c1.owner_id)::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select p2.id, p2.owner_id, p2.title
                from product p2
                where p2.company_id = c1.id
                order by p2.id
                limit call.a4
            ) p2
        ) r3 on call.a2
        where c1.id = call.a1
        limit 1
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'dff8d36b-a772-9581-3f0a-1d6a5dcc43c1'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
