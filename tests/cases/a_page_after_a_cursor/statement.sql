with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"companies":' || r2.json || '}' as json,
        r2.subjects as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c1_all where true)::text || ',"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || translate(encode(convert_to(json_build_array(c1.employees::text, c1.id::text)::text, 'UTF8'), 'base64'), e'\n', '') || '"' || ',"node":' || '{"id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || ',"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees end)::text, 'null') || '}' || '}', ',' order by c1.employees, c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a1)::text || ',"hasPreviousPage":' || (exists (select from company c1_all where true and ((c1_all.employees < call.a2 or (c1_all.employees is not null and call.a2 is null)) or (c1_all.employees is not distinct from call.a2 and (c1_all.id < call.a3 or (c1_all.id is not distinct from call.a3 and true))))))::text || ',"startCursor":' || coalesce((array_agg('"' || translate(encode(convert_to(json_build_array(c1.employees::text, c1.id::text)::text, 'UTF8'), 'base64'), e'\n', '') || '"' order by c1.employees, c1.id) filter (where c1.position <= call.a1))[1], 'null') || ',"endCursor":' || coalesce((array_agg('"' || translate(encode(convert_to(json_build_array(c1.employees::text, c1.id::text)::text, 'UTF8'), 'base64'), e'\n', '') || '"' order by c1.employees desc, c1.id desc) filter (where c1.position <= call.a1))[1], 'null') || '}' || '}' as json, string_agg(c1.owner_id::text, ',') filter (where c1.position <= call.a1) as subjects, sum(1) filter (where c1.position <= call.a1)::bigint as rows
        from (
        select c1.employees, c1.id, c1.owner_id, row_number() over (order by c1.employees, c1.id) as position
            from company c1
            where true and ((c1.employees > call.a2 or (call.a2 is not null and c1.employees is null)) or (c1.employees is not distinct from call.a2 and (c1.id > call.a3 or (c1.id is not distinct from call.a3 and false))))
            order by c1.employees, c1.id
            limit call.a1 + 1
        ) c1
    ) r2 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'bfb80762-6468-0351-a234-35346031429e'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
