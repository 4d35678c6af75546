with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::integer[], $13::numeric[], $14::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r8.json, r10.json, r12.json, r14.json, 'null') || ',"orders":' || r17.json || ',"ofMember2":' || r21.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r14.subjects, nullif(s16.subjects, ''), r17.subjects, r21.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(s16.rows, 0) + coalesce(r17.rows, 0) + coalesce(r21.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id::bigint || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint || ':.0', o1.seller_id::bigint || ':.0'), '') as subjects, 1 as rows
        from trade_order o1
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Dispute:' || d3.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d3.buyer_id::bigint || ':.1', d3.seller_id::bigint || ':.1'), '') as subjects, 1 as rows
        from dispute d3
        where d3.id = call.a2 and (d3.buyer_id = call.member or d3.seller_id = call.member)
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m5.id::bigint || ':.2' as subjects, 1 as rows
        from member m5
        where m5.id = call.a3 and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m5.id = state.member_id and state.partner_id = call.member limit 1) and m5.destroyed_at is null
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Message:' || m7.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m7.sender_id::bigint || ':.3', m7.recipient_id::bigint || ':.3'), '') as subjects, 1 as rows
        from message m7
        where m7.id = call.a4 and (m7.sender_id = call.member or m7.recipient_id = call.member)
        limit 1
    ) r8 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o9.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o9.buyer_id::bigint || ':.4', o9.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from trade_order o9
        where o9.id = call.a5 and (o9.buyer_id = call.member or o9.seller_id = call.member)
        limit 1
    ) r10 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o11.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o11
        where o11.id = call.a6
        limit 1
    ) r12 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p13.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p13.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p13.buyer_id::bigint || ':.5' as subjects, 1 as rows
        from payment p13
        where p13.id = call.a7 and (p13.buyer_id = call.member or p13.seller_id = call.member)
        limit 1
    ) r14 on true
    left join lateral (
        select (select count(*) from trade_order o15_all where (o15_all.buyer_id = call.member or o15_all.seller_id = call.member) and o15_all.total >= call.a9) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o15_all.buyer_id::bigint as subject from trade_order o15_all where (o15_all.buyer_id = call.member or o15_all.seller_id = call.member) and o15_all.total >= call.a9 limit 2002)
                    union
                    (select distinct o15_all.seller_id::bigint as subject from trade_order o15_all where (o15_all.buyer_id = call.member or o15_all.seller_id = call.member) and o15_all.total >= call.a9 limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s16 on true
    left join lateral (
        select '{"totalCount":' || case when s16.subjects is null then round(s16.rows, 3 - length(s16.rows::text)) else s16.rows end::text || '}' as json, string_agg(nullif(concat_ws(',', o15.buyer_id::bigint::text, o15.seller_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o15.buyer_id, o15.id, o15.placed_at, o15.seller_id
            from trade_order o15
            where (o15.buyer_id = call.member or o15.seller_id = call.member) and o15.total >= call.a9
            order by o15.placed_at, o15.id
            limit call.a8
        ) o15
    ) r17 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"buyer":' || coalesce(r20.json, 'null') || '}', ',' order by o18.placed_at, o18.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o18.buyer_id::bigint::text, o18.seller_id::bigint::text, r20.subjects), ''), ',') as subjects, sum(1 + coalesce(r20.rows, 0))::bigint as rows
        from (
        select o18.buyer_id, o18.id, o18.placed_at, o18.seller_id
            from trade_order o18
            where (o18.buyer_id = call.member or o18.seller_id = call.member)
            order by o18.placed_at, o18.id
            limit call.a10
        ) o18
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m19.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m19.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m19.name) || '}' as json, m19.id::bigint || ':.2.6' as subjects, 1 as rows
            from member m19
            where m19.id = o18.buyer_id and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m19.id = state.member_id and state.partner_id = call.member limit 1) and m19.destroyed_at is null
            limit 1
        ) r20 on true
    ) r21 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
