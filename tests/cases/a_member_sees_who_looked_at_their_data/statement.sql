with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"me":' || coalesce(r9.json, 'null') || '}' as json,
        r9.subjects as subjects,
        coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select '{"accesses":' || r8.json || '}' as json, nullif(concat_ws(',', m1.id::bigint::text, nullif(s3.subjects, ''), r8.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r8.rows, 0) as rows
        from member m1
        left join lateral (
            select (select count(*) from veil.access_record a2_all where a2_all.subjects @> array[m1.id] and (select true from legal_instrument state where a2_all.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2_all.subjects @> array[call.member] and a2_all.outcome is distinct from 'DESCRIBED' and a2_all.purpose = call.a2) as rows,
                (
                    select coalesce(string_agg(subject::text, ','), '') from (
                        select distinct nullif(case when a2_all.id is not null then call.member end, m1.id::bigint) as subject from veil.access_record a2_all where a2_all.subjects @> array[m1.id] and (select true from legal_instrument state where a2_all.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2_all.subjects @> array[call.member] and a2_all.outcome is distinct from 'DESCRIBED' and a2_all.purpose = call.a2 limit 1002
                    ) member having count(subject) <= 1000
                ) as subjects
            offset 0
        ) s3 on true
        left join lateral (
            select '{"totalCount":' || case when s3.subjects is null then round(s3.rows, 3 - length(s3.rows::text)) else s3.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a2.role) || ',"purpose":' || veil.json_text(a2.purpose) || ',"organisation":' || coalesce(r5.json, 'null') || ',"reference":' || veil.json_text(a2.reference) || ',"policy":' || veil.json_text(a2.policy) || ',"fields":' || r7.json || ',"subjectCount":' || coalesce((case when a2.subject_count between -2147483648 and 2147483647 then a2.subject_count::integer end)::text, 'null') || ',"outcome":' || veil.json_text(a2.outcome) || ',"crossBorder":' || coalesce((a2.cross_border::boolean)::text, 'null') || '}', ',' order by a2.at desc, a2.id desc), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', case when a2.id is not null then call.member end || ':.0', r7.subjects), ''), ',') as subjects, sum(1 + coalesce(r5.rows, 0) + coalesce(r7.rows, 0))::bigint as rows
            from (
            select a2.at, a2.cross_border, a2.id, a2.organisation_id, a2.outcome, a2.policy, a2.purpose, a2.reference, a2.role, a2.subject_count, a2.subjects
                from veil.access_record a2
                where a2.subjects @> array[m1.id] and (select true from legal_instrument state where a2.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2.subjects @> array[call.member] and a2.outcome is distinct from 'DESCRIBED' and a2.purpose = call.a2
                order by a2.at desc, a2.id desc
                limit call.a1
            ) a2
            left join lateral (
                select '{"name":' || veil.json_text(o4.name) || '}' as json, null::text as subjects, 1 as rows
                from organisation o4
                where o4.id = a2.organisation_id
                limit 1
            ) r5 on true
            left join lateral (
                select '[' || coalesce(string_agg('{"field":' || veil.json_text(f6.field) || ',"treatment":' || veil.json_text(f6.treatment) || '}', ',' order by f6.line), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', case when a2.id is not null then call.member end || ':.1') end, string_agg(null::text, ',')), '') as subjects, sum(1)::bigint as rows
                from veil.access_field f6
                where f6.record = a2.id and f6.subject is not distinct from call.member and (select true from legal_instrument state where a2.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2.subjects @> array[call.member]
            ) r7 on true
        ) r8 on true
        where m1.id = call.member and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
