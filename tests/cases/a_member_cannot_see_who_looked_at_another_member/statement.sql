with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[], $10::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"me":' || coalesce(r5.json, 'null') || ',"accessRecords":' || r8.json || '}' as json,
        nullif(concat_ws(',', r5.subjects, nullif(s7.subjects, ''), r8.subjects), '') as subjects,
        coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"accesses":' || r4.json || '}' as json, nullif(concat_ws(',', m1.id::text, nullif(s3.subjects, ''), r4.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r4.rows, 0) as rows
        from member m1
        left join lateral (
            select (select count(*) from access_record a2_all where a2_all.subjects @> array[m1.id] and a2_all.subjects @> array[call.member] and a2_all.purpose = call.a2) as rows,
                (
                    select coalesce(string_agg(subject::text, ','), '') from (
                        select distinct unnest(a2_all.subjects) as subject from access_record a2_all where a2_all.subjects @> array[m1.id] and a2_all.subjects @> array[call.member] and a2_all.purpose = call.a2 limit 1002
                    ) member having count(subject) <= 1000
                ) as subjects
            offset 0
        ) s3 on true
        left join lateral (
            select '{"totalCount":' || case when s3.subjects is null then round(s3.rows, 3 - length(s3.rows::text)) else s3.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a2.role) || '}', ',' order by a2.at, a2.id), '') || ']' || '}' as json, string_agg(nullif(array_to_string(a2.subjects, ','), ''), ',') as subjects, sum(1)::bigint as rows
            from (
            select a2.at, a2.id, a2.role, a2.subjects
                from access_record a2
                where a2.subjects @> array[m1.id] and a2.subjects @> array[call.member] and a2.purpose = call.a2
                order by a2.at, a2.id
                limit call.a1
            ) a2
        ) r4 on true
        where m1.id = call.member and m1.id = call.member
        limit 1
    ) r5 on true
    left join lateral (
        select (select count(*) from access_record a6_all where a6_all.subjects @> array[call.member] and a6_all.purpose = call.a3) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct unnest(a6_all.subjects) as subject from access_record a6_all where a6_all.subjects @> array[call.member] and a6_all.purpose = call.a3 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s7 on true
    left join lateral (
        select '{"totalCount":' || case when s7.subjects is null then round(s7.rows, 3 - length(s7.rows::text)) else s7.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a6.role) || '}', ',' order by a6.at, a6.id), '') || ']' || '}' as json, string_agg(nullif(array_to_string(a6.subjects, ','), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select a6.at, a6.id, a6.role, a6.subjects
            from access_record a6
            where a6.subjects @> array[call.member] and a6.purpose = call.a3
            order by a6.at, a6.id
            limit call.a1
        ) a6
    ) r8 on true
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
