with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"orders":' || r5.json || ',"visits":' || r8.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r5.subjects, nullif(s7.subjects, ''), r8.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select array(select value from (select state.member_id as value from partner_arrival state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) found where (select true from consent state where found.value = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) as found1
        offset 0
    ) o1_found on true
    left join lateral (
        select (select count(*) from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o1_all.buyer_id as subject from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) limit 2002)
                    union
                    (select distinct o1_all.seller_id as subject from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o1.tag || int8send(o1.id # ('x' || encode(substr(sha256(call.key || o1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"total":' || coalesce('"' || case when o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o1.total end || '"', 'null') || ',"deliveryName":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(o1.delivery_name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"deliveryCity":' || veil.json_text(o1.delivery_city) || ',"items":' || r4.json || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end) || ']' || '}', ',' order by o1.placed_at, o1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::text, o1.seller_id::text), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0))::bigint as rows
        from (
        select o1.buyer_id, o1.delivery_city, o1.delivery_name, o1.id, o1.placed_at, o1.seller_id, o1.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8) as tag, o1.total
            from trade_order o1
            where o1.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1.buyer_id = state.member_id and state.starts_at <= o1.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            order by o1.placed_at, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8)
            limit call.a1
        ) o1
        left join lateral (
            select '[' || coalesce(string_agg('{"quantity":' || coalesce((case when o3.quantity between -2147483648 and 2147483647 then o3.quantity end)::text, 'null') || ',"unitPrice":' || coalesce('"' || case when o3.unit_price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o3.unit_price end || '"', 'null') || '}', ',' order by o3.line), '') || ']' as json, string_agg(null::text, ',') as subjects, sum(1)::bigint as rows
            from order_item o3
            where o3.order_id = o1.id and (select true from consent state where o1.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) and (select true from partner_arrival state where o1.buyer_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from partner_arrival state where o1.buyer_id = state.member_id and state.starts_at <= o1.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
        ) r4 on true
    ) r5 on true
    left join lateral (
        select array(select value from (select state.member_id as value from partner_arrival state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) found where (select true from consent state where found.value = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) as found1
        offset 0
    ) v6_found on true
    left join lateral (
        select (select count(*) from visit v6_all where v6_all.member_id = any (v6_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v6_all.member_id as subject from visit v6_all where v6_all.member_id = any (v6_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s7 on true
    left join lateral (
        select '{"totalCount":' || case when s7.subjects is null then round(s7.rows, 3 - length(s7.rows::text)) else s7.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Visit:~' || encode(v6.tag || int8send(v6.id # ('x' || encode(substr(sha256(call.key || v6.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"browser":' || veil.json_text(v6.browser) || ',"ipAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\x860d59d1fca88f96'::bytea || sha256(convert_to(v6.ip_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || '}', ',' order by v6.at, v6.tag), '') || ']' || '}' as json, string_agg(v6.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select v6.at, v6.browser, v6.id, v6.ip_address, v6.member_id, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v6.id)), 1, 8) as tag
            from visit v6
            where v6.member_id = any (v6_found.found1)
            order by v6.at, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v6.id)), 1, 8)
            limit call.a2
        ) v6
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PARTNER', 'partner_tracking', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '74d1bb4b-9516-e2ff-f574-835b6caee6f0'::uuid, 'Track', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
