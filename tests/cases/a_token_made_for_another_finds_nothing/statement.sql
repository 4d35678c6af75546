with call as materialized (
    select call.*,
        exists (select from contract state where state.organisation_id = call.organisation and 'site_operation' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as contract
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2, a3, a4)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r8.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) || int8send(m1.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"city":' || coalesce(to_json(m1.city)::text, 'null') || '}' as json, nullif(concat_ws(',', m1.id), '') as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and call.contract
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:~' || encode(substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) || int8send(m3.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', m3.id), '') as subjects, 1 as rows
        from member m3
        where m3.id = call.a2 and call.contract
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:~' || encode(substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o5.id)), 1, 8) || int8send(o5.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o5.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', o5.buyer_id, o5.seller_id), '') as subjects, 1 as rows
        from trade_order o5
        where o5.id = call.a3 and call.contract
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o7.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o7
        where o7.id = call.a4
        limit 1
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'AFFILIATE', 'site_operation', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '6b741dac-c79b-1749-fda3-ebf79d5b6025'::uuid, 'Tokens', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
