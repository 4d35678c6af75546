with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"orders":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from trade_order o1_all where o1_all.status = call.a2) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o1_all.buyer_id::bigint as subject from trade_order o1_all where o1_all.status = call.a2 limit 2002)
                    union
                    (select distinct o1_all.seller_id::bigint as subject from trade_order o1_all where o1_all.status = call.a2 limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o1.id::bigint || '"', 'null') || ',"buyer":' || coalesce(r4.json, 'null') || ',"seller":' || coalesce(r6.json, 'null') || ',"payment":' || coalesce(r8.json, 'null') || '}', ',' order by o1.placed_at, o1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::bigint || ':.0', o1.seller_id::bigint || ':.0', r4.subjects, r6.subjects, r8.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0))::bigint as rows
        from (
        select o1.buyer_id, o1.id, o1.placed_at, o1.seller_id
            from trade_order o1
            where o1.status = call.a2
            order by o1.placed_at, o1.id
            limit call.a1
        ) o1
        left join lateral (
            select '{"name":' || veil.json_text(m3.name) || ',"email":' || veil.json_text(m3.email) || '}' as json, m3.id::bigint || ':.1' as subjects, 1 as rows
            from member m3
            where m3.id = o1.buyer_id and m3.destroyed_at is null
            limit 1
        ) r4 on true
        left join lateral (
            select '{"name":' || veil.json_text(m5.name) || ',"email":' || veil.json_text(m5.email) || '}' as json, m5.id::bigint || ':.1' as subjects, 1 as rows
            from member m5
            where m5.id = o1.seller_id and m5.destroyed_at is null
            limit 1
        ) r6 on true
        left join lateral (
            select '{"cardNumber":' || coalesce('"' || case when p7.card_number is not null then case when length(p7.card_number) >= 12 and translate(right(p7.card_number, 4), '0123456789', '') = '' then '**** ' || right(p7.card_number, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || coalesce('"' || case when p7.billing_name is not null then case when (ascii(p7.billing_name) between 65 and 90 or ascii(p7.billing_name) between 97 and 122 or ascii(p7.billing_name) between 1040 and 1103) then left(p7.billing_name, 1) else '*' end || '. ***' end || '"', 'null') || '}' as json, p7.buyer_id::bigint || ':.2' as subjects, 1 as rows
            from payment p7
            where p7.order_id = o1.id
            limit 1
        ) r8 on true
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
