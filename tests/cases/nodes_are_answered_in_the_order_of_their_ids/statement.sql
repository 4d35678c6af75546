with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"nodes":' || r34.json || ',"none":' || r66.json || ',"one":' || r98.json || '}' as json,
        nullif(concat_ws(',', r34.subjects, r66.subjects, r98.subjects), '') as subjects,
        coalesce(r34.rows, 0) + coalesce(r66.rows, 0) + coalesce(r98.rows, 0) as rows
    from call
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r3.json, r5.json, r7.json, r9.json, r11.json, r13.json, r15.json, r17.json, r19.json, r23.json, r25.json, r27.json, r29.json, r31.json, r33.json, 'null'), ',' order by l1.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r3.subjects, r5.subjects, r7.subjects, r9.subjects, r11.subjects, r13.subjects, r15.subjects, r17.subjects, r19.subjects, r23.subjects, r27.subjects, r29.subjects, r31.subjects, r33.subjects), ''), ',') as subjects, sum(coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) + coalesce(r19.rows, 0) + coalesce(r23.rows, 0) + coalesce(r25.rows, 0) + coalesce(r27.rows, 0) + coalesce(r29.rows, 0) + coalesce(r31.rows, 0) + coalesce(r33.rows, 0))::bigint as rows
        from json_array_elements(call.a1::json) with ordinality l1 (id, position)
        left join lateral (
            select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b2.id::bigint || '"', 'null') || '}' as json, b2.member_id::bigint || ':.0' as subjects, 1 as rows
            from browsing_event b2
            where b2.id = (l1.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r3 on true
        left join lateral (
            select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b4.id::bigint || '"', 'null') || '}' as json, b4.member_id::bigint || ':.1' as subjects, 1 as rows
            from buyer_behaviour b4
            where b4.id = (l1.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r5 on true
        left join lateral (
            select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b6.id::bigint || '"', 'null') || '}' as json, b6.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b6
            where b6.id = (l1.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r7 on true
        left join lateral (
            select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c8.id::bigint || '"', 'null') || ',"name":' || veil.json_text(c8.name) || '}' as json, c8.owner_id::bigint || ':.2' as subjects, 1 as rows
            from company c8
            where c8.id = (l1.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r9 on true
        left join lateral (
            select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c10.id::bigint || '"', 'null') || '}' as json, c10.member_id::bigint || ':.3' as subjects, 1 as rows
            from consent c10
            where c10.id = (l1.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r11 on true
        left join lateral (
            select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d12.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d12.buyer_id::bigint || ':.4', d12.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
            from dispute d12
            where d12.id = (l1.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r13 on true
        left join lateral (
            select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f14.id::bigint || '"', 'null') || '}' as json, f14.author_id::bigint::text as subjects, 1 as rows
            from forum_post f14
            where f14.id = (l1.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r15 on true
        left join lateral (
            select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m16.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m16.name) || '}' as json, m16.id::bigint || ':.5' as subjects, 1 as rows
            from member m16
            where m16.id = (l1.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r17 on true
        left join lateral (
            select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m18.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m18.sender_id::bigint || ':.6', m18.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
            from message m18
            where m18.id = (l1.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r19 on true
        left join lateral (
            select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o20.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o20.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o20.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o20.currency) || ',"buyer":' || coalesce(r22.json, 'null') || '}' as json, nullif(concat_ws(',', o20.buyer_id::bigint || ':.7', o20.seller_id::bigint || ':.7', r22.subjects), '') as subjects, 1 + coalesce(r22.rows, 0) as rows
            from trade_order o20
            left join lateral (
                select '{"name":' || veil.json_text(m21.name) || '}' as json, m21.id::bigint || ':.8' as subjects, 1 as rows
                from member m21
                where m21.id = o20.buyer_id
                limit 1
            ) r22 on true
            where o20.id = (l1.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r23 on true
        left join lateral (
            select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o24.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o24
            where o24.id = (l1.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r25 on true
        left join lateral (
            select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p26.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p26.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p26.buyer_id::bigint || ':.9' as subjects, 1 as rows
            from payment p26
            where p26.id = (l1.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r27 on true
        left join lateral (
            select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p28.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p28.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p28.member_id::bigint || ':.10' as subjects, 1 as rows
            from payment_profile p28
            where p28.id = (l1.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r29 on true
        left join lateral (
            select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p30.id::bigint || '"', 'null') || '}' as json, p30.owner_id::bigint::text as subjects, 1 as rows
            from product p30
            where p30.id = (l1.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r31 on true
        left join lateral (
            select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v32.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v32.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v32.member_id::bigint || ':.11' as subjects, 1 as rows
            from visit v32
            where v32.id = (l1.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r33 on true
    ) r34 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r37.json, r39.json, r41.json, r43.json, r45.json, r47.json, r49.json, r51.json, r53.json, r55.json, r57.json, r59.json, r61.json, r63.json, r65.json, 'null'), ',' order by l35.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r37.subjects, r39.subjects, r41.subjects, r43.subjects, r45.subjects, r47.subjects, r49.subjects, r51.subjects, r53.subjects, r55.subjects, r59.subjects, r61.subjects, r63.subjects, r65.subjects), ''), ',') as subjects, sum(coalesce(r37.rows, 0) + coalesce(r39.rows, 0) + coalesce(r41.rows, 0) + coalesce(r43.rows, 0) + coalesce(r45.rows, 0) + coalesce(r47.rows, 0) + coalesce(r49.rows, 0) + coalesce(r51.rows, 0) + coalesce(r53.rows, 0) + coalesce(r55.rows, 0) + coalesce(r57.rows, 0) + coalesce(r59.rows, 0) + coalesce(r61.rows, 0) + coalesce(r63.rows, 0) + coalesce(r65.rows, 0))::bigint as rows
        from json_array_elements(call.a2::json) with ordinality l35 (id, position)
        left join lateral (
            select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b36.id::bigint || '"', 'null') || '}' as json, b36.member_id::bigint || ':.0' as subjects, 1 as rows
            from browsing_event b36
            where b36.id = (l35.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r37 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b38.id::bigint || '"', 'null') || '}' as json, b38.member_id::bigint || ':.1' as subjects, 1 as rows
            from buyer_behaviour b38
            where b38.id = (l35.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r39 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyingRequest:' || b40.id::bigint || '"', 'null') || '}' as json, b40.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b40
            where b40.id = (l35.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r41 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Company:' || c42.id::bigint || '"', 'null') || '}' as json, c42.owner_id::bigint::text as subjects, 1 as rows
            from company c42
            where c42.id = (l35.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r43 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Consent:' || c44.id::bigint || '"', 'null') || '}' as json, c44.member_id::bigint || ':.3' as subjects, 1 as rows
            from consent c44
            where c44.id = (l35.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r45 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Dispute:' || d46.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d46.buyer_id::bigint || ':.4', d46.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
            from dispute d46
            where d46.id = (l35.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r47 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'ForumPost:' || f48.id::bigint || '"', 'null') || '}' as json, f48.author_id::bigint::text as subjects, 1 as rows
            from forum_post f48
            where f48.id = (l35.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r49 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m50.id::bigint || '"', 'null') || '}' as json, m50.id::bigint || ':.12' as subjects, 1 as rows
            from member m50
            where m50.id = (l35.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r51 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Message:' || m52.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m52.sender_id::bigint || ':.6', m52.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
            from message m52
            where m52.id = (l35.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r53 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Order:' || o54.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o54.buyer_id::bigint || ':.13', o54.seller_id::bigint || ':.13'), '') as subjects, 1 as rows
            from trade_order o54
            where o54.id = (l35.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r55 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Organisation:' || o56.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o56
            where o56.id = (l35.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r57 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p58.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p58.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p58.buyer_id::bigint || ':.9' as subjects, 1 as rows
            from payment p58
            where p58.id = (l35.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r59 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p60.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p60.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p60.member_id::bigint || ':.10' as subjects, 1 as rows
            from payment_profile p60
            where p60.id = (l35.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r61 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Product:' || p62.id::bigint || '"', 'null') || '}' as json, p62.owner_id::bigint::text as subjects, 1 as rows
            from product p62
            where p62.id = (l35.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r63 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v64.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v64.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v64.member_id::bigint || ':.11' as subjects, 1 as rows
            from visit v64
            where v64.id = (l35.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r65 on true
    ) r66 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r69.json, r71.json, r73.json, r75.json, r77.json, r79.json, r81.json, r83.json, r85.json, r87.json, r89.json, r91.json, r93.json, r95.json, r97.json, 'null'), ',' order by l67.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r69.subjects, r71.subjects, r73.subjects, r75.subjects, r77.subjects, r79.subjects, r81.subjects, r83.subjects, r85.subjects, r87.subjects, r91.subjects, r93.subjects, r95.subjects, r97.subjects), ''), ',') as subjects, sum(coalesce(r69.rows, 0) + coalesce(r71.rows, 0) + coalesce(r73.rows, 0) + coalesce(r75.rows, 0) + coalesce(r77.rows, 0) + coalesce(r79.rows, 0) + coalesce(r81.rows, 0) + coalesce(r83.rows, 0) + coalesce(r85.rows, 0) + coalesce(r87.rows, 0) + coalesce(r89.rows, 0) + coalesce(r91.rows, 0) + coalesce(r93.rows, 0) + coalesce(r95.rows, 0) + coalesce(r97.rows, 0))::bigint as rows
        from json_array_elements(call.a3::json) with ordinality l67 (id, position)
        left join lateral (
            select '{}' as json, b68.member_id::bigint::text as subjects, 1 as rows
            from browsing_event b68
            where b68.id = (l67.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r69 on true
        left join lateral (
            select '{}' as json, b70.member_id::bigint::text as subjects, 1 as rows
            from buyer_behaviour b70
            where b70.id = (l67.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r71 on true
        left join lateral (
            select '{}' as json, b72.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b72
            where b72.id = (l67.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r73 on true
        left join lateral (
            select '{}' as json, c74.owner_id::bigint::text as subjects, 1 as rows
            from company c74
            where c74.id = (l67.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r75 on true
        left join lateral (
            select '{}' as json, c76.member_id::bigint::text as subjects, 1 as rows
            from consent c76
            where c76.id = (l67.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r77 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', d78.buyer_id::bigint::text, d78.seller_id::bigint::text), '') as subjects, 1 as rows
            from dispute d78
            where d78.id = (l67.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r79 on true
        left join lateral (
            select '{}' as json, f80.author_id::bigint::text as subjects, 1 as rows
            from forum_post f80
            where f80.id = (l67.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r81 on true
        left join lateral (
            select '{}' as json, m82.id::bigint::text as subjects, 1 as rows
            from member m82
            where m82.id = (l67.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r83 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', m84.sender_id::bigint::text, m84.recipient_id::bigint::text), '') as subjects, 1 as rows
            from message m84
            where m84.id = (l67.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r85 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', o86.buyer_id::bigint::text, o86.seller_id::bigint::text), '') as subjects, 1 as rows
            from trade_order o86
            where o86.id = (l67.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r87 on true
        left join lateral (
            select '{}' as json, null::text as subjects, 1 as rows
            from organisation o88
            where o88.id = (l67.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r89 on true
        left join lateral (
            select '{}' as json, p90.buyer_id::bigint::text as subjects, 1 as rows
            from payment p90
            where p90.id = (l67.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r91 on true
        left join lateral (
            select '{}' as json, p92.member_id::bigint::text as subjects, 1 as rows
            from payment_profile p92
            where p92.id = (l67.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r93 on true
        left join lateral (
            select '{"title":' || veil.json_text(p94.title) || '}' as json, p94.owner_id::bigint || ':.14' as subjects, 1 as rows
            from product p94
            where p94.id = (l67.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r95 on true
        left join lateral (
            select '{}' as json, v96.member_id::bigint::text as subjects, 1 as rows
            from visit v96
            where v96.id = (l67.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r97 on true
    ) r98 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
