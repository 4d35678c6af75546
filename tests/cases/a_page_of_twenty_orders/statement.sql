with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"orders":' || r8.json || '}' as json,
        r8.subjects as subjects,
        coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o1.tag || int8send(o1.id # ('x' || encode(substr(sha256(call.key || o1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"total":' || coalesce('"' || case when o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o1.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o1.currency) || ',"placedAt":' || coalesce(to_json(case when o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00' then o1.placed_at::timestamptz end)::text, 'null') || ',"buyer":' || coalesce(r3.json, 'null') || ',"items":' || r7.json || '}', ',' order by o1.placed_at, o1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::bigint || ':.0.1', o1.seller_id::bigint || ':.0.1', r3.subjects, r7.subjects), ''), ',') as subjects, sum(1 + coalesce(r3.rows, 0) + coalesce(r7.rows, 0))::bigint as rows
        from (
        select o1.buyer_id, o1.currency, o1.id, o1.placed_at, o1.seller_id, o1.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8) as tag, o1.total
            from trade_order o1
            where true
            order by o1.placed_at, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8)
            limit call.a1
        ) o1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m2.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m2.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || coalesce('"' || case when m2.name is not null then case when (ascii(m2.name) between 65 and 90 or ascii(m2.name) between 97 and 122 or ascii(m2.name) between 1040 and 1103) then left(m2.name, 1) else '*' end || '. ***' end || '"', 'null') || ',"email":' || coalesce('"' || case when m2.email is not null then case when (ascii(m2.email) between 97 and 122 or ascii(m2.email) between 48 and 57 or ascii(m2.email) between 65 and 90) then left(m2.email, 1) else '*' end || '***@' || case when (ascii(split_part(m2.email, '@', 2)) between 97 and 122 or ascii(split_part(m2.email, '@', 2)) between 48 and 57 or ascii(split_part(m2.email, '@', 2)) between 65 and 90) then left(split_part(m2.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m2.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || '}' as json, m2.id::bigint || ':.2.3' as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id and m2.destroyed_at is null
            limit 1
        ) r3 on true
        left join lateral (
            select '[' || coalesce(string_agg('{"quantity":' || coalesce((case when o4.quantity between -2147483648 and 2147483647 then o4.quantity::integer end)::text, 'null') || ',"unitPrice":' || coalesce('"' || case when o4.unit_price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o4.unit_price::numeric end || '"', 'null') || ',"product":' || coalesce(r6.json, 'null') || '}', ',' order by o4.line), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', o1.buyer_id::bigint || ':.5', o1.seller_id::bigint || ':.5') end, string_agg(r6.subjects, ',')), '') as subjects, sum(1 + coalesce(r6.rows, 0))::bigint as rows
            from order_item o4
            left join lateral (
                select '{"title":' || veil.json_text(p5.title) || '}' as json, p5.owner_id::bigint || ':.4' as subjects, 1 as rows
                from product p5
                where p5.id = o4.product_id and p5.withdrawn_at is null
                limit 1
            ) r6 on true
            where o4.order_id = o1.id
        ) r7 on true
    ) r8 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
