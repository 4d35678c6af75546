with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"payments":' || r8.json || '}' as json,
        r8.subjects as subjects,
        coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment p1_all where p1_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:' || p1.id || '"', 'null') || ',"method":' || veil.json_text(p1.method) || ',"amount":' || coalesce('"' || p1.amount || '"', 'null') || ',"currency":' || veil.json_text(p1.currency) || ',"status":' || veil.json_text(p1.status) || ',"bankAccount":' || veil.json_text(p1.bank_account) || ',"billingName":' || veil.json_text(p1.billing_name) || ',"billingAddress":' || veil.json_text(p1.billing_address) || ',"organisation":' || coalesce(r3.json, 'null') || ',"order":' || coalesce(r7.json, 'null') || '}', ',' order by p1.paid_at, p1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', p1.buyer_id::text, r7.subjects), ''), ',') as subjects, sum(1 + coalesce(r3.rows, 0) + coalesce(r7.rows, 0))::bigint as rows
        from (
        select p1.amount, p1.bank_account, p1.billing_address, p1.billing_name, p1.buyer_id, p1.currency, p1.id, p1.method, p1.order_id, p1.organisation_id, p1.paid_at, p1.status
            from payment p1
            where p1.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')))
            order by p1.paid_at, p1.id
            limit call.a1
        ) p1
        left join lateral (
            select '{"name":' || veil.json_text(o2.name) || '}' as json, null::text as subjects, 1 as rows
            from organisation o2
            where o2.id = p1.organisation_id
            limit 1
        ) r3 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Order:~' || encode(made.tag || int8send(o4.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"total":' || coalesce('"' || o4.total || '"', 'null') || ',"currency":' || veil.json_text(o4.currency) || ',"hiddenFields":[],"buyer":' || coalesce(r6.json, 'null') || '}' as json, nullif(concat_ws(',', nullif(o4.buyer_id, p1.buyer_id)::text, nullif(o4.seller_id, p1.buyer_id)::text), '') as subjects, 1 + coalesce(r6.rows, 0) as rows
            from trade_order o4
            left join lateral (
                select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m5.name) || ',"hiddenFields":[]}' as json, null::text as subjects, 1 as rows
                from member m5
                where m5.id = o4.buyer_id and (select true from payment state where m5.id = state.buyer_id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
                limit 1
            ) r6 on true
            where o4.id = p1.order_id and (select true from payment state where o4.id = state.order_id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
            limit 1
        ) r7 on true
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'BANK', 'transaction_completion', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'd669451a-0273-57c5-d351-a63bcb7be6c9'::uuid, 'Complete', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
