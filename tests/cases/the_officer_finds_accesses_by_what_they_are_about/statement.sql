with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::bigint[], $13::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"accessRecords":' || r2.json || ',"ofNobody":' || r4.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a1.role) || ',"subjectCount":' || coalesce((case when a1.subject_count between -2147483648 and 2147483647 then a1.subject_count::integer end)::text, 'null') || '}', ',' order by a1.at desc, a1.id desc), '') || ']' || '}' as json, string_agg(case when a1.id is not null then call.member end || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select a1.at, a1.id, a1.role, a1.subject_count
            from veil.access_record a1
            where a1.outcome is distinct from 'DESCRIBED' and a1.organisation_id = call.a2 and a1.requester = call.a3 and a1.plan in (select shared.id from veil.access_plan shared where shared.fields @> jsonb_build_array(jsonb_build_object('field', call.a4, 'treatment', call.a5))) and a1.operation = call.a6 and (a1.trace is null) = call.a7
            order by a1.at desc, a1.id desc
            limit call.a1
        ) a1
    ) r2 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"role":' || veil.json_text(a3.role) || '}', ',' order by a3.at desc, a3.id desc), '') || ']' || '}' as json, string_agg(case when a3.id is not null then call.member end || ':.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select a3.at, a3.id, a3.role
            from veil.access_record a3
            where a3.outcome is distinct from 'DESCRIBED' and a3.id = any (array(select held.id from veil.access_record held where held.subjects @> array[call.a8])) and a3.role = call.a9
            order by a3.at desc, a3.id desc
            limit call.a1
        ) a3
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
