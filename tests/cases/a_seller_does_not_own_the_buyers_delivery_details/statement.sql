with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r8.json, 'null') || '}' as json,
        r8.subjects as subjects,
        coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id::bigint || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"deliveryName":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_name end) || ',"deliveryAddress":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_address end) || ',"deliveryPhone":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_phone end) || ',"deliveryCity":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o1.buyer_id = call.member then o1.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o1.buyer_id = call.member then null else '"deliveryName"' end, case when o1.buyer_id = call.member then null else '"deliveryAddress"' end, case when o1.buyer_id = call.member then null else '"deliveryPhone"' end, case when o1.buyer_id = call.member then null else '"deliveryCity"' end, case when o1.buyer_id = call.member then null else '"deliveryCountry"' end, case when o1.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || ',"buyer":' || coalesce(r3.json, 'null') || ',"seller":' || coalesce(r5.json, 'null') || ',"payment":' || coalesce(r7.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint || ':.0' || coalesce(case when o1.buyer_id = call.member then '.1' end, ''), o1.seller_id::bigint || ':.0', r3.subjects, r5.subjects, r7.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m2.id::bigint || '"', 'null') || '}' as json, m2.id::bigint || ':.2' as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id and o1.buyer_id = call.member and m2.id = call.member and m2.destroyed_at is null
            limit 1
        ) r3 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m4.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m4.name) || '}' as json, m4.id::bigint || ':.3' as subjects, 1 as rows
            from member m4
            where m4.id = o1.seller_id and o1.seller_id = call.member and m4.id = call.member and m4.destroyed_at is null
            limit 1
        ) r5 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Payment:' || p6.id::bigint || '"', 'null') || '}' as json, p6.buyer_id::bigint || ':.4' as subjects, 1 as rows
            from payment p6
            where p6.order_id = o1.id and p6.buyer_id = call.member
            limit 1
        ) r7 on true
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r8 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
