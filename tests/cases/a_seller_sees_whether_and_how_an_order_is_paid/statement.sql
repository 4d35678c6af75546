with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r6.json, 'null') || ',"unpaid":' || coalesce(r10.json, 'null') || '}' as json,
        nullif(concat_ws(',', r6.subjects, r10.subjects), '') as subjects,
        coalesce(r6.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"payment":' || coalesce(r5.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint::text, o1.seller_id::bigint::text, r5.subjects), '') as subjects, 1 + coalesce(r5.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p2.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p2.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"method":' || veil.json_text(case when p2.method in ('CARD', 'BANK_TRANSFER', 'CHEQUE') then p2.method end) || ',"amount":' || coalesce('"' || case when p2.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p2.amount::numeric end || '"', 'null') || ',"currency":' || veil.json_text(p2.currency) || ',"status":' || veil.json_text(case when p2.status in ('PENDING', 'AUTHORISED', 'SETTLED', 'REFUNDED', 'FAILED') then p2.status end) || ',"paidAt":' || coalesce(to_json(case when p2.paid_at >= '0001-01-01 00:00:00+00' and p2.paid_at < '10000-01-01 00:00:00+00' then p2.paid_at::timestamptz end)::text, 'null') || ',"cardExpiry":' || veil.json_text(p2.card_expiry) || ',"organisation":' || coalesce(r4.json, 'null') || ',"hiddenFields":' || '[' || concat_ws(',', case when not (p2.method in ('CARD', 'BANK_TRANSFER', 'CHEQUE')) then '"method"' end, case when not (p2.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"amount"' end, case when not (p2.status in ('PENDING', 'AUTHORISED', 'SETTLED', 'REFUNDED', 'FAILED')) then '"status"' end, case when not (p2.paid_at >= '0001-01-01 00:00:00+00' and p2.paid_at < '10000-01-01 00:00:00+00') then '"paidAt"' end) || ']' || '}' as json, p2.buyer_id::bigint || ':.0.1' as subjects, 1 + coalesce(r4.rows, 0) as rows
            from payment p2
            left join lateral (
                select '{"name":' || veil.json_text(o3.name) || ',"kind":' || veil.json_text(case when o3.kind in ('MARKETPLACE', 'AFFILIATE', 'SERVICE_PROVIDER', 'PARTNER', 'ADVERTISER', 'BANK', 'PAYMENT_VENDOR', 'CREDIT_AGENCY', 'AUTHORITY', 'CLAIMANT', 'ACQUIRER') then o3.kind end) || '}' as json, null::text as subjects, 1 as rows
                from organisation o3
                where o3.id = p2.organisation_id
                limit 1
            ) r4 on true
            where p2.order_id = o1.id and (p2.buyer_id = call.member or p2.seller_id = call.member)
            limit 1
        ) r5 on true
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o7.id::bigint || '"', 'null') || ',"payment":' || coalesce(r9.json, 'null') || '}' as json, nullif(concat_ws(',', o7.buyer_id::bigint || ':.2', o7.seller_id::bigint || ':.2', r9.subjects), '') as subjects, 1 + coalesce(r9.rows, 0) as rows
        from trade_order o7
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p8.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p8.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p8.buyer_id::bigint || ':.0' as subjects, 1 as rows
            from payment p8
            where p8.order_id = o7.id and (p8.buyer_id = call.member or p8.seller_id = call.member)
            limit 1
        ) r9 on true
        where o7.id = call.a2 and (o7.buyer_id = call.member or o7.seller_id = call.member)
        limit 1
    ) r10 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
