with call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::integer[], $16::numeric[], $17::integer[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2, a3, a4, a5, a6, a7, a8)
), answer as materialized (
    select call.*,
        '{"order":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r8.json, r10.json, 'null') || ',"orders":' || r12.json || ',"ofMember2":' || r16.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r16.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r16.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id || '"', 'null') || ',"status":' || coalesce(to_json(o1.status)::text, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id, o1.seller_id), '') as subjects, 1 as rows
        from trade_order o1
        where o1.id = call.a1 and call.member in (o1.buyer_id, o1.seller_id)
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) || int8send(m3.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', m3.id), '') as subjects, 1 as rows
        from member m3
        where m3.id = call.a2 and exists (select from trade_order state where state.status <> 'CANCELLED' and ((state.buyer_id = call.member and state.seller_id = m3.id) or (state.seller_id = call.member and state.buyer_id = m3.id)))
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o5.id || '"', 'null') || '}' as json, nullif(concat_ws(',', o5.buyer_id, o5.seller_id), '') as subjects, 1 as rows
        from trade_order o5
        where o5.id = call.a3 and call.member in (o5.buyer_id, o5.seller_id)
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o7.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o7
        where o7.id = call.a4
        limit 1
    ) r8 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p9.id)), 1, 8) || int8send(p9.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p9.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p9.buyer_id), '') as subjects, 1 as rows
        from payment p9
        where p9.id = call.a5 and call.member in (p9.buyer_id, p9.seller_id)
        limit 1
    ) r10 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o11_all where call.member in (o11_all.buyer_id, o11_all.seller_id) and o11_all.total >= call.a7)::text || '}' as json, string_agg(nullif(concat_ws(',', o11.buyer_id, o11.seller_id), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o11.buyer_id, o11.id, o11.placed_at, o11.seller_id
            from trade_order o11
            where call.member in (o11.buyer_id, o11.seller_id) and o11.total >= call.a7
            order by o11.placed_at, o11.id
            limit call.a6
        ) o11
    ) r12 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"buyer":' || coalesce(r15.json, 'null') || '}', ',' order by o13.placed_at, o13.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o13.buyer_id, o13.seller_id, r15.subjects), ''), ',') as subjects, sum(1 + coalesce(r15.rows, 0))::bigint as rows
        from (
        select o13.buyer_id, o13.id, o13.placed_at, o13.seller_id
            from trade_order o13
            where call.member in (o13.buyer_id, o13.seller_id)
            order by o13.placed_at, o13.id
            limit call.a8
        ) o13
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m14.id)), 1, 8) || int8send(m14.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m14.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce(to_json(m14.name)::text, 'null') || '}' as json, nullif(concat_ws(',', m14.id), '') as subjects, 1 as rows
            from member m14
            where m14.id = o13.buyer_id and exists (select from trade_order state where state.status <> 'CANCELLED' and ((state.buyer_id = call.member and state.seller_id = m14.id) or (state.seller_id = call.member and state.buyer_id = m14.id)))
            limit 1
        ) r15 on true
    ) r16 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'member_trading', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'a467bc0d-ecd9-d3e7-6ec1-6b59754f48fc'::uuid, 'Others', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
