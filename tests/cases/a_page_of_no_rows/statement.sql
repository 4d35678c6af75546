with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"companies":' || r2.json || ',"products":' || r4.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c1_all where true)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || '}', ',' order by c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"edges":' || '[' || coalesce(string_agg('{"cursor":' || '"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', json_build_array(c1.id::text)::text) || '"' || '}', ',' order by c1.id) filter (where c1.position <= call.a1), '') || ']' || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a1)::text || ',"hasPreviousPage":false,"startCursor":' || coalesce('"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', (array_agg(json_build_array(c1.id::text)::text order by c1.id) filter (where c1.position <= call.a1))[1]) || '"', 'null') || ',"endCursor":' || coalesce('"' || veil.cursor(call.key, '\x9e07a2554024c812cc4a34ead0edf877', (array_agg(json_build_array(c1.id::text)::text order by c1.id desc) filter (where c1.position <= call.a1))[1]) || '"', 'null') || '}' || '}' as json, string_agg(c1.owner_id::text, ',') filter (where c1.position <= call.a1) as subjects, sum(1) filter (where c1.position <= call.a1)::bigint as rows
        from (
        select c1.id, c1.owner_id, row_number() over (order by c1.id) as position
            from company c1
            where true
            order by c1.id
            limit call.a1 + 1
        ) c1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p3_all where p3_all.title = call.a3)::text || ',"pageInfo":' || '{"hasNextPage":' || (count(*) > call.a2)::text || '}' || '}' as json, nullif(concat_ws(',', string_agg(p3.owner_id::text, ',') filter (where p3.position <= call.a2), (
                select string_agg(subject, ',') from (
                    select p3_all.owner_id::text as subject from product p3_all
                    where p3_all.title = call.a3
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1) filter (where p3.position <= call.a2)::bigint as rows
        from (
        select p3.id, p3.owner_id, row_number() over (order by p3.id) as position
            from product p3
            where p3.title = call.a3
            order by p3.id
            limit call.a2 + 1
        ) p3
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'dde0804f-fcf5-669b-159b-50f0b8eb8c2e'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
