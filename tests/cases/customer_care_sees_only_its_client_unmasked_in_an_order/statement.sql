with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'account_service' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r8.json, 'null') || '}' as json,
        r8.subjects as subjects,
        coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"name":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.name else case when m1.name is not null then case when (ascii(m1.name) between 65 and 90 or ascii(m1.name) between 97 and 122 or ascii(m1.name) between 1040 and 1103) then left(m1.name, 1) else '*' end || '. ***' end end) || ',"purchases":' || r7.json || '}' as json, nullif(concat_ws(',', m1.id::text, r7.subjects), '') as subjects, 1 + coalesce(r7.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || case when ((select true from support_case state where o2.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) or (select true from support_case state where o2.seller_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)) then 'Order:' || o2.id else 'Order:~' || encode(o2.tag || int8send(o2.id # ('x' || encode(substr(sha256(call.key || o2.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') end || '"', 'null') || ',"status":' || veil.json_text(case when o2.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o2.status end) || ',"deliveryName":' || veil.json_text(case when (select true from support_case state where o2.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o2.delivery_name else case when o2.delivery_name is not null then case when (ascii(o2.delivery_name) between 65 and 90 or ascii(o2.delivery_name) between 97 and 122 or ascii(o2.delivery_name) between 1040 and 1103) then left(o2.delivery_name, 1) else '*' end || '. ***' end end) || ',"deliveryAddress":' || veil.json_text(case when (select true from support_case state where o2.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o2.delivery_address else case when o2.delivery_address is not null then coalesce(nullif(o2.delivery_city, ''), '***') end end) || ',"deliveryPhone":' || veil.json_text(case when (select true from support_case state where o2.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o2.delivery_phone else case when o2.delivery_phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(o2.delivery_phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(o2.delivery_phone, 40), translate(left(o2.delivery_phone, 40), '0123456789', ''), '') as digits offset 0) made) end end) || ',"trackingNumber":' || veil.json_text(case when (select true from support_case state where o2.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o2.tracking_number else case when o2.tracking_number is not null then case when length(o2.tracking_number) >= 8 and translate(right(o2.tracking_number, 2), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '*** ' || right(o2.tracking_number, 2) else '*** **' end end end) || ',"buyer":' || coalesce(r4.json, 'null') || ',"seller":' || coalesce(r6.json, 'null') || '}', ',' order by o2.tag), '') || ']' || '}' as json, string_agg(nullif(o2.seller_id, m1.id)::text, ',') as subjects, sum(1 + coalesce(r4.rows, 0) + coalesce(r6.rows, 0))::bigint as rows
            from (
            select o2.buyer_id, o2.delivery_address, o2.delivery_city, o2.delivery_name, o2.delivery_phone, o2.id, o2.seller_id, o2.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o2.id)), 1, 8) as tag, o2.tracking_number
                from trade_order o2
                where o2.buyer_id = m1.id and call.contract_stands
                order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o2.id)), 1, 8)
                limit call.a3
            ) o2
            left join lateral (
                select '{"id":' || coalesce('"' || case when (select true from support_case state where m3.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then 'Member:' || m3.id else (select 'Member:~' || encode(made.tag || int8send(m3.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) as tag offset 0) made) end || '"', 'null') || ',"name":' || veil.json_text(case when (select true from support_case state where m3.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m3.name else case when m3.name is not null then case when (ascii(m3.name) between 65 and 90 or ascii(m3.name) between 97 and 122 or ascii(m3.name) between 1040 and 1103) then left(m3.name, 1) else '*' end || '. ***' end end) || '}' as json, null::text as subjects, 1 as rows
                from member m3
                where m3.id = o2.buyer_id and call.contract_stands
                limit 1
            ) r4 on true
            left join lateral (
                select '{"id":' || coalesce('"' || case when (select true from support_case state where m5.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then 'Member:' || m5.id else (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) end || '"', 'null') || ',"name":' || veil.json_text(case when (select true from support_case state where m5.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m5.name else case when m5.name is not null then case when (ascii(m5.name) between 65 and 90 or ascii(m5.name) between 97 and 122 or ascii(m5.name) between 1040 and 1103) then left(m5.name, 1) else '*' end || '. ***' end end) || ',"email":' || veil.json_text(case when (select true from support_case state where m5.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m5.email else case when m5.email is not null then case when (ascii(m5.email) between 97 and 122 or ascii(m5.email) between 48 and 57 or ascii(m5.email) between 65 and 90) then left(m5.email, 1) else '*' end || '***@' || case when (ascii(split_part(m5.email, '@', 2)) between 97 and 122 or ascii(split_part(m5.email, '@', 2)) between 48 and 57 or ascii(split_part(m5.email, '@', 2)) between 65 and 90) then left(split_part(m5.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m5.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end end) || '}' as json, null::text as subjects, 1 as rows
                from member m5
                where m5.id = o2.seller_id and call.contract_stands
                limit 1
            ) r6 on true
        ) r7 on true
        where (m1.id = call.a1 or m1.id = call.a2) and case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.id = call.a1 else m1.id = call.a2 end and call.contract_stands
        limit 1
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'SERVICE_PROVIDER', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '2aa73152-afc7-0426-aeb9-41365abb97dc'::uuid, 'Client', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
