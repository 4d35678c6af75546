with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r4.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id::bigint || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"placedAt":' || coalesce(to_json(case when o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00' then o1.placed_at::timestamptz end)::text, 'null') || ',"total":' || coalesce('"' || case when o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o1.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o1.currency) || ',"deliveryName":' || veil.json_text(o1.delivery_name) || ',"deliveryAddress":' || veil.json_text(o1.delivery_address) || ',"deliveryPhone":' || veil.json_text(o1.delivery_phone) || ',"deliveryCity":' || veil.json_text(o1.delivery_city) || ',"deliveryCountry":' || veil.json_text(o1.delivery_country) || ',"trackingNumber":' || veil.json_text(o1.tracking_number) || ',"items":' || r3.json || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end) || ']' || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint || ':.0.1', o1.seller_id::bigint || ':.0', r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '[' || coalesce(string_agg('{"quantity":' || coalesce((case when o2.quantity between -2147483648 and 2147483647 then o2.quantity::integer end)::text, 'null') || ',"unitPrice":' || coalesce('"' || case when o2.unit_price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o2.unit_price::numeric end || '"', 'null') || ',"specification":' || veil.json_text(o2.specification) || '}', ',' order by o2.line), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', o1.buyer_id::bigint || ':.2', o1.seller_id::bigint || ':.2') end, string_agg(null::text, ',')), '') as subjects, sum(1)::bigint as rows
            from order_item o2
            where o2.order_id = o1.id and (o1.buyer_id = call.member or o1.seller_id = call.member)
        ) r3 on true
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
