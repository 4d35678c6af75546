with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"settled":' || coalesce(r2.json, 'null') || ',"failed":' || coalesce(r4.json, 'null') || ',"another":' || coalesce(r6.json, 'null') || ',"order":' || coalesce(r8.json, 'null') || ',"orders":' || r10.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p1.id || '"', 'null') || '}' as json, p1.buyer_id::text as subjects, 1 as rows
        from payment p1
        where p1.id = call.a1 and (select true from payment state where p1.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p3.id || '"', 'null') || '}' as json, p3.buyer_id::text as subjects, 1 as rows
        from payment p3
        where p3.id = call.a2 and (select true from payment state where p3.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p5.id || '"', 'null') || '}' as json, p5.buyer_id::text as subjects, 1 as rows
        from payment p5
        where p5.id = call.a3 and (select true from payment state where p5.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Order:~' || encode(made.tag || int8send(o7.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o7.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"total":' || coalesce('"' || o7.total || '"', 'null') || '}' as json, nullif(concat_ws(',', o7.buyer_id::text, o7.seller_id::text), '') as subjects, 1 as rows
        from trade_order o7
        where o7.id = call.a4 and (select true from payment state where o7.id = state.order_id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r8 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o9_all where o9_all.id = any (array(select state.order_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))))::text || '}' as json, string_agg(nullif(concat_ws(',', o9.buyer_id::text, o9.seller_id::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o9.buyer_id, o9.seller_id, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o9.id)), 1, 8) as tag
            from trade_order o9
            where o9.id = any (array(select state.order_id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')))
            order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o9.id)), 1, 8)
            limit call.a5
        ) o9
    ) r10 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'BANK', 'transaction_completion', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '8930e7a0-ac21-5b0a-60a2-546fb69abfaf'::uuid, 'Others', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
