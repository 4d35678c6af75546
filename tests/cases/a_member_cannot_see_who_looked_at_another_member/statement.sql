with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"me":' || coalesce(r5.json, 'null') || ',"accessRecords":' || r8.json || '}' as json,
        nullif(concat_ws(',', r5.subjects, nullif(s7.subjects, ''), r8.subjects), '') as subjects,
        coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"accesses":' || r4.json || '}' as json, nullif(concat_ws(',', m1.id::bigint::text, nullif(s3.subjects, ''), r4.subjects), '') as subjects, 1 + coalesce(s3.rows, 0) + coalesce(r4.rows, 0) as rows
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
            select '{"totalCount":' || case when s3.subjects is null then round(s3.rows, 3 - length(s3.rows::text)) else s3.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a2.role) || '}', ',' order by a2.at desc, a2.id desc), '') || ']' || '}' as json, string_agg(case when a2.id is not null then call.member end || ':.0', ',') as subjects, sum(1)::bigint as rows
            from (
            select a2.at, a2.id, a2.role
                from veil.access_record a2
                where a2.subjects @> array[m1.id] and (select true from legal_instrument state where a2.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2.subjects @> array[call.member] and a2.outcome is distinct from 'DESCRIBED' and a2.purpose = call.a2
                order by a2.at desc, a2.id desc
                limit call.a1
            ) a2
        ) r4 on true
        where m1.id = call.member and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r5 on true
    left join lateral (
        select (select count(*) from veil.access_record a6_all where (select true from legal_instrument state where a6_all.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a6_all.subjects @> array[call.member] and a6_all.outcome is distinct from 'DESCRIBED' and a6_all.purpose = call.a3) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct case when a6_all.id is not null then call.member end as subject from veil.access_record a6_all where (select true from legal_instrument state where a6_all.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a6_all.subjects @> array[call.member] and a6_all.outcome is distinct from 'DESCRIBED' and a6_all.purpose = call.a3 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s7 on true
    left join lateral (
        select '{"totalCount":' || case when s7.subjects is null then round(s7.rows, 3 - length(s7.rows::text)) else s7.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a6.role) || '}', ',' order by a6.at desc, a6.id desc), '') || ']' || '}' as json, string_agg(case when a6.id is not null then call.member end || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select a6.at, a6.id, a6.role
            from veil.access_record a6
            where (select true from legal_instrument state where a6.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a6.subjects @> array[call.member] and a6.outcome is distinct from 'DESCRIBED' and a6.purpose = call.a3
            order by a6.at desc, a6.id desc
            limit call.a1
        ) a6
    ) r8 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
