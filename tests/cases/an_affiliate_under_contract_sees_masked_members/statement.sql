with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'site_operation' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"members":' || r3.json || ',"orders":' || r7.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, r7.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(r7.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from member m1_all where call.contract_stands and m1_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.id::bigint as subject from member m1_all where call.contract_stands and m1_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || case when m1.name is not null then case when (ascii(m1.name) between 65 and 90 or ascii(m1.name) between 97 and 122 or ascii(m1.name) between 1040 and 1103) then left(m1.name, 1) else '*' end || '. ***' end || '"', 'null') || ',"email":' || coalesce('"' || case when m1.email is not null then case when (ascii(m1.email) between 97 and 122 or ascii(m1.email) between 48 and 57 or ascii(m1.email) between 65 and 90) then left(m1.email, 1) else '*' end || '***@' || case when (ascii(split_part(m1.email, '@', 2)) between 97 and 122 or ascii(split_part(m1.email, '@', 2)) between 48 and 57 or ascii(split_part(m1.email, '@', 2)) between 65 and 90) then left(split_part(m1.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m1.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || ',"phone":' || coalesce('"' || case when m1.phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.phone, 40), translate(left(m1.phone, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || ',"address":' || veil.json_text(case when m1.address is not null then coalesce(nullif(m1.city, ''), '***') end) || ',"city":' || veil.json_text(m1.city) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end) || ']' || '}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.city, m1.email, m1.id, m1.kind, m1.name, m1.phone, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where call.contract_stands and m1.destroyed_at is null
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o4.tag || int8send(o4.id # ('x' || encode(substr(sha256(call.key || o4.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || veil.json_text(case when o4.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o4.status end) || ',"deliveryName":' || coalesce('"' || case when o4.delivery_name is not null then case when (ascii(o4.delivery_name) between 65 and 90 or ascii(o4.delivery_name) between 97 and 122 or ascii(o4.delivery_name) between 1040 and 1103) then left(o4.delivery_name, 1) else '*' end || '. ***' end || '"', 'null') || ',"deliveryAddress":' || veil.json_text(case when o4.delivery_address is not null then coalesce(nullif(o4.delivery_city, ''), '***') end) || ',"trackingNumber":' || coalesce('"' || case when o4.tracking_number is not null then case when length(o4.tracking_number) >= 8 and translate(right(o4.tracking_number, 2), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '*** ' || right(o4.tracking_number, 2) else '*** **' end end || '"', 'null') || ',"buyer":' || coalesce(r6.json, 'null') || '}', ',' order by o4.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint || ':.3.4.5', o4.seller_id::bigint || ':.3.4', r6.subjects), ''), ',') as subjects, sum(1 + coalesce(r6.rows, 0))::bigint as rows
        from (
        select o4.buyer_id, o4.delivery_address, o4.delivery_city, o4.delivery_name, o4.id, o4.seller_id, o4.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8) as tag, o4.tracking_number
            from trade_order o4
            where call.contract_stands
            order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8)
            limit call.a2
        ) o4
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || coalesce('"' || case when m5.name is not null then case when (ascii(m5.name) between 65 and 90 or ascii(m5.name) between 97 and 122 or ascii(m5.name) between 1040 and 1103) then left(m5.name, 1) else '*' end || '. ***' end || '"', 'null') || '}' as json, m5.id::bigint || ':.0.6' as subjects, 1 as rows
            from member m5
            where m5.id = o4.buyer_id and call.contract_stands and m5.destroyed_at is null
            limit 1
        ) r6 on true
    ) r7 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
