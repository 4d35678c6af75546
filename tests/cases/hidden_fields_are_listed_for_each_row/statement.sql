with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"me":' || coalesce(r6.json, 'null') || '}' as json,
        r6.subjects as subjects,
        coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"purchases":' || r3.json || ',"sales":' || r5.json || '}' as json, nullif(concat_ws(',', m1.id::bigint::text, r3.subjects, r5.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"status":' || veil.json_text(case when o2.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o2.status end) || ',"deliveryCity":' || veil.json_text(case when o2.buyer_id = call.member then o2.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o2.buyer_id = call.member then o2.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o2.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o2.placed_at >= '0001-01-01 00:00:00+00' and o2.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o2.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o2.buyer_id = call.member then null else '"deliveryName"' end, case when o2.buyer_id = call.member then null else '"deliveryAddress"' end, case when o2.buyer_id = call.member then null else '"deliveryPhone"' end, case when o2.buyer_id = call.member then null else '"deliveryCity"' end, case when o2.buyer_id = call.member then null else '"deliveryCountry"' end, case when o2.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || '}', ',' order by o2.placed_at, o2.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o2.buyer_id::bigint || ':.0' || coalesce(case when o2.buyer_id = call.member then '.1' end, ''), o2.seller_id::bigint || ':.0'), ''), ',') as subjects, sum(1)::bigint as rows
            from (
            select o2.buyer_id, o2.delivery_city, o2.id, o2.placed_at, o2.seller_id, o2.status, o2.total, o2.tracking_number
                from trade_order o2
                where o2.buyer_id = m1.id and o2.buyer_id = call.member
                order by o2.placed_at, o2.id
                limit call.a1
            ) o2
        ) r3 on true
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"status":' || veil.json_text(case when o4.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o4.status end) || ',"deliveryCity":' || veil.json_text(case when o4.buyer_id = call.member then o4.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o4.buyer_id = call.member then o4.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o4.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o4.placed_at >= '0001-01-01 00:00:00+00' and o4.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o4.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o4.buyer_id = call.member then null else '"deliveryName"' end, case when o4.buyer_id = call.member then null else '"deliveryAddress"' end, case when o4.buyer_id = call.member then null else '"deliveryPhone"' end, case when o4.buyer_id = call.member then null else '"deliveryCity"' end, case when o4.buyer_id = call.member then null else '"deliveryCountry"' end, case when o4.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || '}', ',' order by o4.placed_at, o4.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint || ':.0' || coalesce(case when o4.buyer_id = call.member then '.1' end, ''), o4.seller_id::bigint || ':.0'), ''), ',') as subjects, sum(1)::bigint as rows
            from (
            select o4.buyer_id, o4.delivery_city, o4.id, o4.placed_at, o4.seller_id, o4.status, o4.total, o4.tracking_number
                from trade_order o4
                where o4.seller_id = m1.id and o4.seller_id = call.member
                order by o4.placed_at, o4.id
                limit call.a2
            ) o4
        ) r5 on true
        where m1.id = call.member and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r6 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
