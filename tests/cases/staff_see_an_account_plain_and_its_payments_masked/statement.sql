with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::integer[], $7::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r12.json, 'null') || '}' as json,
        r12.subjects as subjects,
        coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"address":' || veil.json_text(m1.address) || ',"city":' || veil.json_text(m1.city) || ',"paymentProfiles":' || r3.json || ',"purchases":' || r11.json || '}' as json, nullif(concat_ws(',', m1.id::bigint || ':.0', r3.subjects, r11.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r11.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:~' || encode(p2.tag || int8send(p2.id # ('x' || encode(substr(sha256(call.key || p2.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"cardNumber":' || coalesce('"' || case when p2.card_number is not null then case when length(p2.card_number) >= 12 and translate(right(p2.card_number, 4), '0123456789', '') = '' then '**** ' || right(p2.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || coalesce('"' || case when p2.bank_account is not null then case when length(p2.bank_account) >= 12 and translate(right(p2.bank_account, 4), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '**** ' || right(p2.bank_account, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || coalesce('"' || case when p2.billing_name is not null then case when (ascii(p2.billing_name) between 65 and 90 or ascii(p2.billing_name) between 97 and 122 or ascii(p2.billing_name) between 1040 and 1103) then left(p2.billing_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"billingAddress":' || veil.json_text(case when p2.billing_address is not null then coalesce(nullif(p2.billing_city, ''), '***') end) || ',"creditLimit":' || coalesce('"' || case when p2.credit_limit not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p2.credit_limit::numeric end || '"', 'null') || '}', ',' order by p2.tag), '') || ']' || '}' as json, string_agg(p2.member_id::bigint || ':.1.2.3', ',') as subjects, sum(1)::bigint as rows
            from (
            select p2.bank_account, p2.billing_address, p2.billing_city, p2.billing_name, p2.card_number, p2.credit_limit, p2.id, p2.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p2.id)), 1, 8) as tag
                from payment_profile p2
                where p2.member_id = m1.id
                order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p2.id)), 1, 8)
                limit call.a2
            ) p2
        ) r3 on true
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o4.id::bigint || '"', 'null') || ',"deliveryName":' || veil.json_text(o4.delivery_name) || ',"deliveryAddress":' || veil.json_text(o4.delivery_address) || ',"deliveryPhone":' || veil.json_text(o4.delivery_phone) || ',"trackingNumber":' || veil.json_text(o4.tracking_number) || ',"seller":' || coalesce(r8.json, 'null') || ',"payment":' || coalesce(r10.json, 'null') || '}', ',' order by o4.placed_at, o4.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint || ':.4.5', o4.seller_id::bigint || ':.4', r8.subjects, r10.subjects), ''), ',') as subjects, sum(1 + coalesce(r8.rows, 0) + coalesce(r10.rows, 0))::bigint as rows
            from (
            select o4.buyer_id, o4.delivery_address, o4.delivery_name, o4.delivery_phone, o4.id, o4.placed_at, o4.seller_id, o4.tracking_number
                from trade_order o4
                where o4.buyer_id = m1.id
                order by o4.placed_at, o4.id
                limit call.a3
            ) o4
            left join lateral (
                select '{"name":' || veil.json_text(m5.name) || ',"company":' || coalesce(r7.json, 'null') || '}' as json, nullif(concat_ws(',', m5.id::bigint || ':.6', r7.subjects), '') as subjects, 1 + coalesce(r7.rows, 0) as rows
                from member m5
                left join lateral (
                    select '{"name":' || veil.json_text(c6.name) || ',"contactName":' || veil.json_text(c6.contact_name) || ',"contactEmail":' || veil.json_text(c6.contact_email) || ',"description":' || veil.json_text(c6.description) || '}' as json, c6.owner_id::bigint || ':.7' as subjects, 1 as rows
                    from company c6
                    where c6.owner_id = m5.id
                    limit 1
                ) r7 on true
                where m5.id = o4.seller_id and m5.destroyed_at is null
                limit 1
            ) r8 on true
            left join lateral (
                select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p9.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p9.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"method":' || veil.json_text(case when p9.method in ('CARD', 'BANK_TRANSFER', 'CHEQUE') then p9.method end) || ',"cardNumber":' || coalesce('"' || case when p9.card_number is not null then case when length(p9.card_number) >= 12 and translate(right(p9.card_number, 4), '0123456789', '') = '' then '**** ' || right(p9.card_number, 4) else '**** ****' end end || '"', 'null') || ',"cardExpiry":' || veil.json_text(p9.card_expiry) || ',"bankAccount":' || coalesce('"' || case when p9.bank_account is not null then case when length(p9.bank_account) >= 12 and translate(right(p9.bank_account, 4), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '**** ' || right(p9.bank_account, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || coalesce('"' || case when p9.billing_name is not null then case when (ascii(p9.billing_name) between 65 and 90 or ascii(p9.billing_name) between 97 and 122 or ascii(p9.billing_name) between 1040 and 1103) then left(p9.billing_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"billingAddress":' || veil.json_text(case when p9.billing_address is not null then coalesce(nullif(p9.billing_city, ''), '***') end) || ',"chequeTracking":' || coalesce('"' || case when p9.cheque_tracking is not null then case when length(p9.cheque_tracking) >= 8 and translate(right(p9.cheque_tracking, 2), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '*** ' || right(p9.cheque_tracking, 2) else '*** **' end end || '"', 'null') || '}' as json, p9.buyer_id::bigint || ':.8.9.10' as subjects, 1 as rows
                from payment p9
                where p9.order_id = o4.id
                limit 1
            ) r10 on true
        ) r11 on true
        where m1.id = call.a1 and m1.destroyed_at is null
        limit 1
    ) r12 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
