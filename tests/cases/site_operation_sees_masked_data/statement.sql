with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"members":' || r2.json || ',"orders":' || r10.json || ',"companies":' || r12.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r10.subjects, r12.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || case when m1.name is not null then case when (ascii(m1.name) between 65 and 90 or ascii(m1.name) between 97 and 122 or ascii(m1.name) between 1040 and 1103) then left(m1.name, 1) else '*' end || '. ***' end || '"', 'null') || ',"email":' || coalesce('"' || case when m1.email is not null then case when (ascii(m1.email) between 97 and 122 or ascii(m1.email) between 48 and 57 or ascii(m1.email) between 65 and 90) then left(m1.email, 1) else '*' end || '***@' || case when (ascii(split_part(m1.email, '@', 2)) between 97 and 122 or ascii(split_part(m1.email, '@', 2)) between 48 and 57 or ascii(split_part(m1.email, '@', 2)) between 65 and 90) then left(split_part(m1.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m1.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || ',"phone":' || coalesce('"' || case when m1.phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.phone, 40), translate(left(m1.phone, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || ',"fax":' || coalesce('"' || case when m1.fax is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.fax, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.fax, 40), translate(left(m1.fax, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || ',"address":' || veil.json_text(case when m1.address is not null then coalesce(nullif(m1.city, ''), '***') end) || ',"city":' || veil.json_text(m1.city) || ',"country":' || veil.json_text(m1.country) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || '}', ',' order by m1.registered_at, m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.city, m1.country, m1.email, m1.fax, m1.id, m1.kind, m1.name, m1.phone, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where m1.destroyed_at is null
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r2 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o3.tag || int8send(o3.id # ('x' || encode(substr(sha256(call.key || o3.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"deliveryName":' || coalesce('"' || case when o3.delivery_name is not null then case when (ascii(o3.delivery_name) between 65 and 90 or ascii(o3.delivery_name) between 97 and 122 or ascii(o3.delivery_name) between 1040 and 1103) then left(o3.delivery_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"deliveryAddress":' || veil.json_text(case when o3.delivery_address is not null then coalesce(nullif(o3.delivery_city, ''), '***') end) || ',"deliveryPhone":' || coalesce('"' || case when o3.delivery_phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(o3.delivery_phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(o3.delivery_phone, 40), translate(left(o3.delivery_phone, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || ',"trackingNumber":' || coalesce('"' || case when o3.tracking_number is not null then case when length(o3.tracking_number) >= 8 and translate(right(o3.tracking_number, 2), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '*** ' || right(o3.tracking_number, 2) else '*** **' end end || '"', 'null') || ',"buyer":' || coalesce(r5.json, 'null') || ',"items":' || r9.json || '}', ',' order by o3.placed_at, o3.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o3.buyer_id::bigint || ':.3.4', o3.seller_id::bigint || ':.3', r5.subjects, r9.subjects), ''), ',') as subjects, sum(1 + coalesce(r5.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o3.buyer_id, o3.delivery_address, o3.delivery_city, o3.delivery_name, o3.delivery_phone, o3.id, o3.placed_at, o3.seller_id, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o3.id)), 1, 8) as tag, o3.tracking_number
            from trade_order o3
            where true
            order by o3.placed_at, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o3.id)), 1, 8)
            limit call.a2
        ) o3
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m4.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m4.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m4.id::bigint || ':.0' as subjects, 1 as rows
            from member m4
            where m4.id = o3.buyer_id and m4.destroyed_at is null
            limit 1
        ) r5 on true
        left join lateral (
            select '[' || coalesce(string_agg('{"quantity":' || coalesce((case when o6.quantity between -2147483648 and 2147483647 then o6.quantity::integer end)::text, 'null') || ',"product":' || coalesce(r8.json, 'null') || '}', ',' order by o6.line), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', o3.buyer_id::bigint || ':.6', o3.seller_id::bigint || ':.6') end, string_agg(r8.subjects, ',')), '') as subjects, sum(1 + coalesce(r8.rows, 0))::bigint as rows
            from order_item o6
            left join lateral (
                select '{"title":' || veil.json_text(p7.title) || '}' as json, p7.owner_id::bigint || ':.5' as subjects, 1 as rows
                from product p7
                where p7.id = o6.product_id and p7.withdrawn_at is null
                limit 1
            ) r8 on true
            where o6.order_id = o3.id
        ) r9 on true
    ) r10 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Company:' || c11.id::bigint || '"', 'null') || ',"name":' || veil.json_text(c11.name) || ',"description":' || veil.json_text(veil.redact(c11.description)) || ',"contactName":' || coalesce('"' || case when c11.contact_name is not null then case when (ascii(c11.contact_name) between 65 and 90 or ascii(c11.contact_name) between 97 and 122 or ascii(c11.contact_name) between 1040 and 1103) then left(c11.contact_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"contactEmail":' || coalesce('"' || case when c11.contact_email is not null then case when (ascii(c11.contact_email) between 97 and 122 or ascii(c11.contact_email) between 48 and 57 or ascii(c11.contact_email) between 65 and 90) then left(c11.contact_email, 1) else '*' end || '***@' || case when (ascii(split_part(c11.contact_email, '@', 2)) between 97 and 122 or ascii(split_part(c11.contact_email, '@', 2)) between 48 and 57 or ascii(split_part(c11.contact_email, '@', 2)) between 65 and 90) then left(split_part(c11.contact_email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(c11.contact_email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || ',"contactPhone":' || coalesce('"' || case when c11.contact_phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(c11.contact_phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(c11.contact_phone, 40), translate(left(c11.contact_phone, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || '}', ',' order by c11.id), '') || ']' || '}' as json, string_agg(c11.owner_id::bigint || ':.7.8', ',') as subjects, sum(1)::bigint as rows
        from (
        select c11.contact_email, c11.contact_name, c11.contact_phone, c11.description, c11.id, c11.name, c11.owner_id
            from company c11
            where c11.withdrawn_at is null
            order by c11.id
            limit call.a3
        ) c11
    ) r12 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
