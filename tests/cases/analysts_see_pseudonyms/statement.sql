with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"orders":' || r10.json || ',"members":' || r12.json || '}' as json,
        nullif(concat_ws(',', r10.subjects, r12.subjects), '') as subjects,
        coalesce(r10.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o1.tag || int8send(o1.id # ('x' || encode(substr(sha256(call.key || o1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"total":' || coalesce('"' || case when o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o1.total::numeric end || '"', 'null') || ',"deliveryName":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', o1.buyer_id) || ':' || o1.delivery_name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"deliveryAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\xf027c431c0946b60'::bytea || sha256(convert_to(concat_ws(',', o1.buyer_id) || ':' || o1.delivery_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"deliveryPhone":' || coalesce('"' || encode(substr(sha256(call.key || '\x2446153cca41c2f3'::bytea || sha256(convert_to(concat_ws(',', o1.buyer_id) || ':' || o1.delivery_phone, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"deliveryCity":' || veil.json_text(o1.delivery_city) || ',"trackingNumber":' || coalesce('"' || encode(substr(sha256(call.key || '\x13ea89a43961e8e8'::bytea || sha256(convert_to(concat_ws(',', o1.buyer_id) || ':' || o1.tracking_number, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"buyer":' || coalesce(r3.json, 'null') || ',"seller":' || coalesce(r7.json, 'null') || ',"payment":' || coalesce(r9.json, 'null') || '}', ',' order by o1.placed_at, o1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::bigint || ':.0.1.2.3', o1.seller_id::bigint || ':.0.1', r3.subjects, r7.subjects, r9.subjects), ''), ',') as subjects, sum(1 + coalesce(r3.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o1.buyer_id, o1.delivery_address, o1.delivery_city, o1.delivery_name, o1.delivery_phone, o1.id, o1.placed_at, o1.seller_id, o1.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8) as tag, o1.total, o1.tracking_number
            from trade_order o1
            where true
            order by o1.placed_at, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8)
            limit call.a1
        ) o1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m2.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m2.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m2.id) || ':' || m2.name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"email":' || coalesce('"' || encode(substr(sha256(call.key || '\x72d90af393d61072'::bytea || sha256(convert_to(concat_ws(',', m2.id) || ':' || m2.email, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"phone":' || coalesce('"' || encode(substr(sha256(call.key || '\x2446153cca41c2f3'::bytea || sha256(convert_to(concat_ws(',', m2.id) || ':' || m2.phone, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"address":' || coalesce('"' || encode(substr(sha256(call.key || '\xf027c431c0946b60'::bytea || sha256(convert_to(concat_ws(',', m2.id) || ':' || m2.address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"country":' || veil.json_text(m2.country) || '}' as json, m2.id::bigint || ':.4.5' as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id and m2.destroyed_at is null
            limit 1
        ) r3 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m4.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m4.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"company":' || coalesce(r6.json, 'null') || '}' as json, nullif(concat_ws(',', m4.id::bigint || ':.6', r6.subjects), '') as subjects, 1 + coalesce(r6.rows, 0) as rows
            from member m4
            left join lateral (
                select '{"id":' || coalesce('"' || 'Company:' || c5.id::bigint || '"', 'null') || ',"name":' || veil.json_text(c5.name) || ',"contactName":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', c5.owner_id) || ':' || c5.contact_name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || '}' as json, c5.owner_id::bigint || ':.7.8' as subjects, 1 as rows
                from company c5
                where c5.owner_id = m4.id and c5.withdrawn_at is null
                limit 1
            ) r6 on true
            where m4.id = o1.seller_id and m4.destroyed_at is null
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p8.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p8.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"cardNumber":' || coalesce('"' || encode(substr(sha256(call.key || '\xc783ee57e0fb77b5'::bytea || sha256(convert_to(concat_ws(',', p8.buyer_id) || ':' || p8.card_number, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"bankAccount":' || coalesce('"' || encode(substr(sha256(call.key || '\x7f39f000fca6cb72'::bytea || sha256(convert_to(concat_ws(',', p8.buyer_id) || ':' || p8.bank_account, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"billingName":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', p8.buyer_id) || ':' || p8.billing_name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"billingAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\xf027c431c0946b60'::bytea || sha256(convert_to(concat_ws(',', p8.buyer_id) || ':' || p8.billing_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"amount":' || coalesce('"' || case when p8.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p8.amount::numeric end || '"', 'null') || '}' as json, p8.buyer_id::bigint || ':.9.10' as subjects, 1 as rows
            from payment p8
            where p8.order_id = o1.id
            limit 1
        ) r9 on true
    ) r10 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m11.tag || int8send(m11.id # ('x' || encode(substr(sha256(call.key || m11.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m11.id) || ':' || m11.name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"email":' || coalesce('"' || encode(substr(sha256(call.key || '\x72d90af393d61072'::bytea || sha256(convert_to(concat_ws(',', m11.id) || ':' || m11.email, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"phone":' || coalesce('"' || encode(substr(sha256(call.key || '\x2446153cca41c2f3'::bytea || sha256(convert_to(concat_ws(',', m11.id) || ':' || m11.phone, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"address":' || coalesce('"' || encode(substr(sha256(call.key || '\xf027c431c0946b60'::bytea || sha256(convert_to(concat_ws(',', m11.id) || ':' || m11.address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || '}', ',' order by m11.registered_at, m11.tag), '') || ']' || '}' as json, string_agg(m11.id::bigint || ':.4', ',') as subjects, sum(1)::bigint as rows
        from (
        select m11.address, m11.email, m11.id, m11.name, m11.phone, m11.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m11.id)), 1, 8) as tag
            from member m11
            where m11.destroyed_at is null
            order by m11.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m11.id)), 1, 8)
            limit call.a2
        ) m11
    ) r12 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
