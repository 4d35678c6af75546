with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"payments":' || r2.json || ',"members":' || r4.json || ',"orders":' || r6.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment p1_all where p1_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:' || p1.id || '"', 'null') || ',"status":' || veil.json_text(p1.status) || ',"cardNumber":' || veil.json_text(p1.card_number) || ',"cardExpiry":' || veil.json_text(p1.card_expiry) || ',"billingName":' || veil.json_text(p1.billing_name) || '}', ',' order by p1.paid_at, p1.id), '') || ']' || '}' as json, string_agg(p1.buyer_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p1.billing_name, p1.buyer_id, p1.card_expiry, p1.card_number, p1.id, p1.paid_at, p1.status
            from payment p1
            where p1.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')))
            order by p1.paid_at, p1.id
            limit call.a1
        ) p1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m3_all where m3_all.id = any (array(select state.buyer_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m3.tag || int8send(m3.id # ('x' || encode(substr(sha256(call.key || m3.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || veil.json_text(m3.name) || '}', ',' order by m3.tag), '') || ']' || '}' as json, string_agg(m3.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m3.id, m3.name, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) as tag
            from member m3
            where m3.id = any (array(select state.buyer_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')))
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8)
            limit call.a2
        ) m3
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o5_all where o5_all.id = any (array(select state.order_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o5.tag || int8send(o5.id # ('x' || encode(substr(sha256(call.key || o5.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"total":' || coalesce('"' || o5.total || '"', 'null') || ',"currency":' || veil.json_text(o5.currency) || '}', ',' order by o5.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o5.buyer_id::text, o5.seller_id::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o5.buyer_id, o5.currency, o5.id, o5.seller_id, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o5.id)), 1, 8) as tag, o5.total
            from trade_order o5
            where o5.id = any (array(select state.order_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')))
            order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o5.id)), 1, 8)
            limit call.a3
        ) o5
    ) r6 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PAYMENT_VENDOR', 'transaction_completion', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '49e55aa0-83c3-2e14-211c-8e86dfffec78'::uuid, 'Charge', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
