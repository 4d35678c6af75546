with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"messages":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from message m1_all where (m1_all.sender_id = call.member or m1_all.recipient_id = call.member)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct m1_all.sender_id::bigint as subject from message m1_all where (m1_all.sender_id = call.member or m1_all.recipient_id = call.member) limit 2002)
                    union
                    (select distinct m1_all.recipient_id::bigint as subject from message m1_all where (m1_all.sender_id = call.member or m1_all.recipient_id = call.member) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Message:' || m1.id::bigint || '"', 'null') || ',"sentAt":' || coalesce(to_json(case when m1.sent_at >= '0001-01-01 00:00:00+00' and m1.sent_at < '10000-01-01 00:00:00+00' then m1.sent_at::timestamptz end)::text, 'null') || ',"body":' || veil.json_text(m1.body) || ',"senderName":' || veil.json_text(m1.sender_name) || ',"senderEmail":' || veil.json_text(m1.sender_email) || ',"senderPhone":' || veil.json_text(m1.sender_phone) || ',"sender":' || coalesce(r4.json, 'null') || ',"recipient":' || coalesce(r6.json, 'null') || ',"order":' || coalesce(r8.json, 'null') || '}', ',' order by m1.sent_at, m1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m1.sender_id::bigint || ':.0.1', m1.recipient_id::bigint || ':.0', r4.subjects, r6.subjects, r8.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0))::bigint as rows
        from (
        select m1.body, m1.id, m1.order_id, m1.recipient_id, m1.sender_email, m1.sender_id, m1.sender_name, m1.sender_phone, m1.sent_at
            from message m1
            where (m1.sender_id = call.member or m1.recipient_id = call.member)
            order by m1.sent_at, m1.id
            limit call.a1
        ) m1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m3.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m3.name) || '}' as json, m3.id::bigint || ':.2.3' as subjects, 1 as rows
            from member m3
            where m3.id = m1.sender_id and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m3.id = state.member_id and state.partner_id = call.member limit 1) and m3.destroyed_at is null
            limit 1
        ) r4 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m5.name) || '}' as json, m5.id::bigint || ':.2.3' as subjects, 1 as rows
            from member m5
            where m5.id = m1.recipient_id and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m5.id = state.member_id and state.partner_id = call.member limit 1) and m5.destroyed_at is null
            limit 1
        ) r6 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Order:' || o7.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o7.buyer_id::bigint || ':.4', o7.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
            from trade_order o7
            where o7.id = m1.order_id and (o7.buyer_id = call.member or o7.seller_id = call.member)
            limit 1
        ) r8 on true
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
