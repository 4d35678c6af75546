with call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2, a3, a4, a5, a6, a7)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r10.json, r12.json, r14.json, 'null') || ',"stored":' || coalesce(r16.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r10.subjects, r12.subjects, r14.subjects, r16.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(r16.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) || int8send(m1.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"city":' || coalesce(to_json(m1.city)::text, 'null') || '}' as json, nullif(concat_ws(',', m1.id), '') as subjects, 1 as rows
        from member m1
        where m1.id = call.a1
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c3.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c3.owner_id), '') as subjects, 1 as rows
        from company c3
        where c3.id = call.a2
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) || int8send(m5.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', m5.id), '') as subjects, 1 as rows
        from member m5
        where m5.id = call.a3
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:~' || encode(substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o7.id)), 1, 8) || int8send(o7.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o7.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || coalesce(to_json(o7.status)::text, 'null') || ',"buyer":' || coalesce(r9.json, 'null') || '}' as json, nullif(concat_ws(',', o7.buyer_id, o7.seller_id, r9.subjects), '') as subjects, 1 + coalesce(r9.rows, 0) as rows
        from trade_order o7
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m8.id)), 1, 8) || int8send(m8.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m8.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', m8.id), '') as subjects, 1 as rows
            from member m8
            where m8.id = o7.buyer_id
            limit 1
        ) r9 on true
        where o7.id = call.a4
        limit 1
    ) r10 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o11.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o11
        where o11.id = call.a5
        limit 1
    ) r12 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p13.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p13.owner_id), '') as subjects, 1 as rows
        from product p13
        where p13.id = call.a6
        limit 1
    ) r14 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m15.id)), 1, 8) || int8send(m15.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m15.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', m15.id), '') as subjects, 1 as rows
        from member m15
        where m15.id = call.a7
        limit 1
    ) r16 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'site_operation', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'db51056a-3511-17c1-69c6-23bf7c77d655'::uuid, 'Tokens', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> answer.country), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
