with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"phone":' || coalesce(r2.json, 'null') || ',"mail":' || coalesce(r4.json, 'null') || ',"fullWidth":' || coalesce(r6.json, 'null') || ',"afterAColon":' || coalesce(r8.json, 'null') || ',"messenger":' || coalesce(r10.json, 'null') || ',"local":' || coalesce(r12.json, 'null') || ',"nothing":' || coalesce(r14.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) as rows
    from call
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p1.description)) || '}' as json, p1.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p1
        where p1.id = call.a1 and p1.withdrawn_at is null
        limit 1
    ) r2 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p3.description)) || '}' as json, p3.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p3
        where p3.id = call.a2 and p3.withdrawn_at is null
        limit 1
    ) r4 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p5.description)) || '}' as json, p5.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p5
        where p5.id = call.a3 and p5.withdrawn_at is null
        limit 1
    ) r6 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p7.description)) || '}' as json, p7.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p7
        where p7.id = call.a4 and p7.withdrawn_at is null
        limit 1
    ) r8 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p9.description)) || '}' as json, p9.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p9
        where p9.id = call.a5 and p9.withdrawn_at is null
        limit 1
    ) r10 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(c11.description)) || '}' as json, c11.owner_id::bigint || ':.1' as subjects, 1 as rows
        from company c11
        where c11.id = call.a6 and c11.withdrawn_at is null
        limit 1
    ) r12 on true
    left join lateral (
        select '{"description":' || veil.json_text(veil.redact(p13.description)) || '}' as json, p13.owner_id::bigint || ':.0' as subjects, 1 as rows
        from product p13
        where p13.id = call.a7 and p13.withdrawn_at is null
        limit 1
    ) r14 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
