with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"me":' || coalesce(r9.json, 'null') || '}' as json,
        r9.subjects as subjects,
        coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select '{"accesses":' || r8.json || '}' as json, nullif(concat_ws(',', m1.id::text, nullif(s3.subjects, ''), r8.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r8.rows, 0) as rows
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
            select '{"totalCount":' || case when s3.subjects is null then round(s3.rows, 3 - length(s3.rows::text)) else s3.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"requester":' || coalesce('"' || encode(substr(sha256(call.key || '\x281814ab35056da7'::bytea || sha256(convert_to(':' || a2.requester, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"role":' || veil.json_text(a2.role) || ',"purpose":' || veil.json_text(a2.purpose) || ',"organisation":' || coalesce(r5.json, 'null') || ',"reference":' || veil.json_text(a2.reference) || ',"policy":' || veil.json_text(a2.policy) || ',"fields":' || r7.json || ',"subjectCount":' || coalesce((case when a2.subject_count between -2147483648 and 2147483647 then a2.subject_count end)::text, 'null') || ',"outcome":' || veil.json_text(a2.outcome) || ',"crossBorder":' || coalesce((a2.cross_border)::text, 'null') || '}', ',' order by a2.at, a2.id), '') || ']' || '}' as json, string_agg(nullif(array_to_string(a2.subjects, ','), ''), ',') as subjects, sum(1 + coalesce(r5.rows, 0) + coalesce(r7.rows, 0))::bigint as rows
            from (
            select a2.at, a2.cross_border, a2.id, a2.organisation_id, a2.outcome, a2.plan, a2.policy, a2.purpose, a2.reference, a2.requester, a2.role, a2.subject_count, a2.subjects
                from access_record a2
                where a2.subjects @> array[m1.id] and a2.subjects @> array[call.member] and a2.purpose = call.a2
                order by a2.at, a2.id
                limit call.a1
            ) a2
            left join lateral (
                select '{"name":' || veil.json_text(o4.name) || '}' as json, null::text as subjects, 1 as rows
                from organisation o4
                where o4.id = a2.organisation_id
                limit 1
            ) r5 on true
            left join lateral (
                select '[' || coalesce(string_agg('{"field":' || veil.json_text(f6.field) || ',"treatment":' || veil.json_text(f6.treatment) || '}', ',' order by f6.line), '') || ']' as json, string_agg(null::text, ',') as subjects, sum(1)::bigint as rows
                from access_field f6
                where f6.plan = a2.plan and a2.subjects @> array[call.member]
            ) r7 on true
        ) r8 on true
        where m1.id = call.member and m1.id = call.member
        limit 1
    ) r9 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'self_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'c0114bc2-878c-c27a-ce89-b2e7f6d6864b'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
