with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[], $10::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"me":' || coalesce(r4.json, 'null') || ',"accessRecords":' || r6.json || '}' as json,
        nullif(concat_ws(',', r4.subjects, r6.subjects), '') as subjects,
        coalesce(r4.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"accesses":' || r3.json || '}' as json, nullif(concat_ws(',', m1.id::text, r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"totalCount":' || (select count(*) from access_record a2_all where a2_all.subjects @> array[m1.id] and a2_all.subjects @> array[call.member] and a2_all.purpose = call.a2)::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a2.role) || '}', ',' order by a2.at, a2.id), '') || ']' || '}' as json, nullif(concat_ws(',', string_agg(nullif(array_to_string(a2.subjects, ','), ''), ','), (
                    select string_agg(subject, ',') from (
                        select nullif(array_to_string(a2_all.subjects, ','), '') as subject from access_record a2_all
                        where a2_all.subjects @> array[m1.id] and a2_all.subjects @> array[call.member] and a2_all.purpose = call.a2
                        limit 10
                    ) few having count(*) < 10
                )), '') as subjects, sum(1)::bigint as rows
            from (
            select a2.at, a2.id, a2.role, a2.subjects
                from access_record a2
                where a2.subjects @> array[m1.id] and a2.subjects @> array[call.member] and a2.purpose = call.a2
                order by a2.at, a2.id
                limit call.a1
            ) a2
        ) r3 on true
        where m1.id = call.member and m1.id = call.member
        limit 1
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from access_record a5_all where a5_all.subjects @> array[call.member] and a5_all.purpose = call.a3)::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a5.role) || '}', ',' order by a5.at, a5.id), '') || ']' || '}' as json, nullif(concat_ws(',', string_agg(nullif(array_to_string(a5.subjects, ','), ''), ','), (
                select string_agg(subject, ',') from (
                    select nullif(array_to_string(a5_all.subjects, ','), '') as subject from access_record a5_all
                    where a5_all.subjects @> array[call.member] and a5_all.purpose = call.a3
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select a5.at, a5.id, a5.role, a5.subjects
            from access_record a5
            where a5.subjects @> array[call.member] and a5.purpose = call.a3
            order by a5.at, a5.id
            limit call.a1
        ) a5
    ) r6 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'self_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'c1ab39dc-f800-bf18-20dc-e1417ec18e5d'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
