with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"me":' || coalesce(r11.json, 'null') || '}' as json,
        r11.subjects as subjects,
        coalesce(r11.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"fax":' || veil.json_text(m1.fax) || ',"address":' || veil.json_text(m1.address) || ',"city":' || veil.json_text(m1.city) || ',"country":' || veil.json_text(m1.country) || ',"jobTitle":' || veil.json_text(m1.job_title) || ',"kind":' || veil.json_text(case when m1.kind in ('BUYER', 'SUPPLIER', 'BOTH') then m1.kind end) || ',"registeredAt":' || coalesce(to_json(case when m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00' then m1.registered_at::timestamptz end)::text, 'null') || ',"company":' || coalesce(r3.json, 'null') || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || ',"paymentProfiles":' || r5.json || ',"purchases":' || r10.json || '}' as json, nullif(concat_ws(',', m1.id::bigint || ':.0', r3.subjects, r5.subjects, nullif(s7.subjects, ''), r10.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r10.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"name":' || veil.json_text(c2.name) || '}' as json, c2.owner_id::bigint || ':.1' as subjects, 1 as rows
            from company c2
            where c2.owner_id = m1.id and c2.owner_id = call.member
            limit 1
        ) r3 on true
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:' || p4.id::bigint || '"', 'null') || ',"cardNumber":' || coalesce('"' || case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end || '"', 'null') || ',"cardExpiry":' || veil.json_text(p4.card_expiry) || ',"bankAccount":' || veil.json_text(p4.bank_account) || ',"billingName":' || veil.json_text(p4.billing_name) || ',"billingAddress":' || veil.json_text(p4.billing_address) || ',"creditLimit":' || coalesce('"' || case when p4.credit_limit not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p4.credit_limit::numeric end || '"', 'null') || '}', ',' order by p4.id), '') || ']' || '}' as json, string_agg(p4.member_id::bigint || ':.2.3', ',') as subjects, sum(1)::bigint as rows
            from (
            select p4.bank_account, p4.billing_address, p4.billing_name, p4.card_expiry, p4.card_number, p4.credit_limit, p4.id, p4.member_id
                from payment_profile p4
                where p4.member_id = m1.id and p4.member_id = call.member
                order by p4.id
                limit call.a1
            ) p4
        ) r5 on true
        left join lateral (
            select (select count(*) from trade_order o6_all where o6_all.buyer_id = m1.id and o6_all.buyer_id = call.member) as rows,
                (
                    select coalesce(string_agg(subject::text, ','), '') from (
                        select distinct nullif(o6_all.seller_id::bigint, m1.id::bigint) as subject from trade_order o6_all where o6_all.buyer_id = m1.id and o6_all.buyer_id = call.member limit 1002
                    ) member having count(subject) <= 1000
                ) as subjects
            offset 0
        ) s7 on true
        left join lateral (
            select '{"totalCount":' || case when s7.subjects is null then round(s7.rows, 3 - length(s7.rows::text)) else s7.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o6.id::bigint || '"', 'null') || ',"status":' || veil.json_text(case when o6.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o6.status end) || ',"total":' || coalesce('"' || case when o6.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o6.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o6.currency) || ',"deliveryName":' || veil.json_text(case when o6.buyer_id = call.member then o6.delivery_name end) || ',"deliveryAddress":' || veil.json_text(case when o6.buyer_id = call.member then o6.delivery_address end) || ',"deliveryPhone":' || veil.json_text(case when o6.buyer_id = call.member then o6.delivery_phone end) || ',"trackingNumber":' || veil.json_text(case when o6.buyer_id = call.member then o6.tracking_number end) || ',"payment":' || coalesce(r9.json, 'null') || '}', ',' order by o6.placed_at, o6.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o6.buyer_id::bigint || ':.4' || coalesce(case when o6.buyer_id = call.member then '.5' end, ''), o6.seller_id::bigint || ':.4', r9.subjects), ''), ',') as subjects, sum(1 + coalesce(r9.rows, 0))::bigint as rows
            from (
            select o6.buyer_id, o6.currency, o6.delivery_address, o6.delivery_name, o6.delivery_phone, o6.id, o6.placed_at, o6.seller_id, o6.status, o6.total, o6.tracking_number
                from trade_order o6
                where o6.buyer_id = m1.id and o6.buyer_id = call.member
                order by o6.placed_at, o6.id
                limit call.a2
            ) o6
            left join lateral (
                select '{"id":' || coalesce('"' || 'Payment:' || p8.id::bigint || '"', 'null') || ',"method":' || veil.json_text(case when p8.method in ('CARD', 'BANK_TRANSFER', 'CHEQUE') then p8.method end) || ',"amount":' || coalesce('"' || case when p8.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p8.amount::numeric end || '"', 'null') || ',"status":' || veil.json_text(case when p8.status in ('PENDING', 'AUTHORISED', 'SETTLED', 'REFUNDED', 'FAILED') then p8.status end) || ',"cardNumber":' || coalesce('"' || case when p8.card_number is not null then case when length(p8.card_number) >= 12 and translate(right(p8.card_number, 4), '0123456789', '') = '' then '**** ' || right(p8.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || veil.json_text(p8.bank_account) || ',"billingAddress":' || veil.json_text(p8.billing_address) || '}' as json, p8.buyer_id::bigint || ':.6.7' as subjects, 1 as rows
                from payment p8
                where p8.order_id = o6.id and p8.buyer_id = call.member
                limit 1
            ) r9 on true
        ) r10 on true
        where m1.id = call.member and m1.id = call.member and m1.destroyed_at is null
        limit 1
    ) r11 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
