with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::integer[], $9::text[], $10::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"settled":' || coalesce(r2.json, 'null') || ',"failed":' || coalesce(r4.json, 'null') || ',"another":' || coalesce(r6.json, 'null') || ',"authorised":' || r9.json || ',"others":' || r12.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p1.id::bigint || '"', 'null') || '}' as json, p1.buyer_id::bigint || ':.0' as subjects, 1 as rows
        from payment p1
        where p1.id = call.a1 and (select true from payment state where p1.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p3.id::bigint || '"', 'null') || '}' as json, p3.buyer_id::bigint || ':.0' as subjects, 1 as rows
        from payment p3
        where p3.id = call.a2 and (select true from payment state where p3.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p5.id::bigint || '"', 'null') || '}' as json, p5.buyer_id::bigint || ':.0' as subjects, 1 as rows
        from payment p5
        where p5.id = call.a3 and (select true from payment state where p5.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r6 on true
    left join lateral (
        select array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')) as found1
        offset 0
    ) p7_found on true
    left join lateral (
        select (select count(*) from payment p7_all where p7_all.id = any (p7_found.found1) and p7_all.status = call.a5) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p7_all.buyer_id::bigint as subject from payment p7_all where p7_all.id = any (p7_found.found1) and p7_all.status = call.a5 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || '}' as json, string_agg(p7.buyer_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p7.buyer_id, p7.id, p7.paid_at
            from payment p7
            where p7.id = any (p7_found.found1) and p7.status = call.a5
            order by p7.paid_at, p7.id
            limit call.a4
        ) p7
    ) r9 on true
    left join lateral (
        select array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')) as found1
        offset 0
    ) p10_found on true
    left join lateral (
        select (select count(*) from payment p10_all where p10_all.id = any (p10_found.found1) and p10_all.status in (select each::text from json_array_elements_text(call.a6::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p10_all.buyer_id::bigint as subject from payment p10_all where p10_all.id = any (p10_found.found1) and p10_all.status in (select each::text from json_array_elements_text(call.a6::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || case when s11.subjects is null then round(s11.rows, 3 - length(s11.rows::text)) else s11.rows end::text || '}' as json, string_agg(p10.buyer_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p10.buyer_id, p10.id, p10.paid_at
            from payment p10
            where p10.id = any (p10_found.found1) and p10.status in (select each::text from json_array_elements_text(call.a6::json) each)
            order by p10.paid_at, p10.id
            limit call.a4
        ) p10
    ) r12 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
