with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r8.json, r10.json, r12.json, r16.json, r18.json, r20.json, r22.json, 'null') || ',"stored":' || coalesce(r24.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r16.subjects, r20.subjects, r22.subjects, r24.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r16.rows, 0) + coalesce(r18.rows, 0) + coalesce(r20.rows, 0) + coalesce(r22.rows, 0) + coalesce(r24.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"city":' || veil.json_text(m1.city) || '}' as json, m1.id::bigint || ':.0.1' as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and m1.destroyed_at is null
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyingRequest:' || b3.id::bigint || '"', 'null') || '}' as json, b3.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b3
        where b3.id = call.a2 and b3.withdrawn_at is null
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c5.id::bigint || '"', 'null') || '}' as json, c5.owner_id::bigint::text as subjects, 1 as rows
        from company c5
        where c5.id = call.a3 and c5.withdrawn_at is null
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Dispute:~' || encode(made.tag || int8send(d7.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x3a8931a9b2f6bf69'::bytea || int8send(d7.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, nullif(concat_ws(',', d7.buyer_id::bigint || ':.2', d7.seller_id::bigint || ':.2'), '') as subjects, 1 as rows
        from dispute d7
        where d7.id = call.a4
        limit 1
    ) r8 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'ForumPost:' || f9.id::bigint || '"', 'null') || '}' as json, f9.author_id::bigint::text as subjects, 1 as rows
        from forum_post f9
        where f9.id = call.a5 and f9.withdrawn_at is null
        limit 1
    ) r10 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m11.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m11.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m11.id::bigint || ':.0' as subjects, 1 as rows
        from member m11
        where m11.id = call.a6 and m11.destroyed_at is null
        limit 1
    ) r12 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Order:~' || encode(made.tag || int8send(o13.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o13.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"status":' || veil.json_text(case when o13.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o13.status end) || ',"buyer":' || coalesce(r15.json, 'null') || '}' as json, nullif(concat_ws(',', o13.buyer_id::bigint || ':.3.4', o13.seller_id::bigint || ':.3.4', r15.subjects), '') as subjects, 1 + coalesce(r15.rows, 0) as rows
        from trade_order o13
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m14.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m14.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m14.id::bigint || ':.0' as subjects, 1 as rows
            from member m14
            where m14.id = o13.buyer_id and m14.destroyed_at is null
            limit 1
        ) r15 on true
        where o13.id = call.a7
        limit 1
    ) r16 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o17.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o17
        where o17.id = call.a8
        limit 1
    ) r18 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p19.id::bigint || '"', 'null') || '}' as json, p19.owner_id::bigint::text as subjects, 1 as rows
        from product p19
        where p19.id = call.a9 and p19.withdrawn_at is null
        limit 1
    ) r20 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v21.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v21.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v21.member_id::bigint || ':.5' as subjects, 1 as rows
        from visit v21
        where v21.id = call.a10
        limit 1
    ) r22 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m23.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m23.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m23.id::bigint || ':.0' as subjects, 1 as rows
        from member m23
        where m23.id = call.a11 and m23.destroyed_at is null
        limit 1
    ) r24 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
