with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::integer[], $7::bigint[], $8::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r2.json, 'null') || ',"members":' || r5.json || ',"order":' || coalesce(r11.json, 'null') || ',"paymentProfile":' || coalesce(r13.json, 'null') || ',"paymentProfiles":' || r16.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, nullif(s4.subjects, ''), r5.subjects, r11.subjects, r13.subjects, nullif(s15.subjects, ''), r16.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(s4.rows, 0) + coalesce(r5.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(s15.rows, 0) + coalesce(r16.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || '}' as json, m1.id::bigint || ':.0' as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r2 on true
    left join lateral (
        select (select count(*) from member m3_all where m3_all.id = call.member and m3_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m3_all.id::bigint as subject from member m3_all where m3_all.id = call.member and m3_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s4 on true
    left join lateral (
        select '{"totalCount":' || case when s4.subjects is null then round(s4.rows, 3 - length(s4.rows::text)) else s4.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m3.id::bigint || '"', 'null') || '}', ',' order by m3.registered_at, m3.id), '') || ']' || '}' as json, string_agg(m3.id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select m3.id, m3.registered_at
            from member m3
            where m3.id = call.member and m3.destroyed_at is null
            order by m3.registered_at, m3.id
            limit call.a2
        ) m3
    ) r5 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o6.id::bigint || '"', 'null') || ',"buyer":' || coalesce(r8.json, 'null') || ',"seller":' || coalesce(r10.json, 'null') || '}' as json, nullif(concat_ws(',', o6.buyer_id::bigint || ':.2', o6.seller_id::bigint || ':.2', r8.subjects, r10.subjects), '') as subjects, 1 + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
        from trade_order o6
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m7.id::bigint || '"', 'null') || '}' as json, m7.id::bigint || ':.1' as subjects, 1 as rows
            from member m7
            where m7.id = o6.buyer_id and o6.buyer_id = call.member and m7.id = call.member and m7.destroyed_at is null
            limit 1
        ) r8 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m9.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m9.name) || '}' as json, m9.id::bigint || ':.0' as subjects, 1 as rows
            from member m9
            where m9.id = o6.seller_id and o6.seller_id = call.member and m9.id = call.member and m9.destroyed_at is null
            limit 1
        ) r10 on true
        where o6.id = call.a3 and (o6.buyer_id = call.member or o6.seller_id = call.member)
        limit 1
    ) r11 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'PaymentProfile:' || p12.id::bigint || '"', 'null') || '}' as json, p12.member_id::bigint || ':.3' as subjects, 1 as rows
        from payment_profile p12
        where p12.id = call.a4 and p12.member_id = call.member
        limit 1
    ) r13 on true
    left join lateral (
        select (select count(*) from payment_profile p14_all where p14_all.member_id = call.member) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p14_all.member_id::bigint as subject from payment_profile p14_all where p14_all.member_id = call.member limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s15 on true
    left join lateral (
        select '{"totalCount":' || case when s15.subjects is null then round(s15.rows, 3 - length(s15.rows::text)) else s15.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:' || p14.id::bigint || '"', 'null') || '}', ',' order by p14.id), '') || ']' || '}' as json, string_agg(p14.member_id::bigint || ':.3', ',') as subjects, sum(1)::bigint as rows
        from (
        select p14.id, p14.member_id
            from payment_profile p14
            where p14.member_id = call.member
            order by p14.id
            limit call.a2
        ) p14
    ) r16 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
