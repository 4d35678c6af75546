with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"nodes":' || r40.json || ',"none":' || r78.json || ',"one":' || r116.json || '}' as json,
        nullif(concat_ws(',', r40.subjects, r78.subjects, r116.subjects), '') as subjects,
        coalesce(r40.rows, 0) + coalesce(r78.rows, 0) + coalesce(r116.rows, 0) as rows
    from call
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r3.json, r5.json, r7.json, r9.json, r11.json, r13.json, r15.json, r17.json, r19.json, r21.json, r23.json, r27.json, r29.json, r31.json, r33.json, r35.json, r37.json, r39.json, 'null'), ',' order by l1.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r3.subjects, r5.subjects, r7.subjects, r9.subjects, r11.subjects, r13.subjects, r15.subjects, r17.subjects, r19.subjects, r21.subjects, r23.subjects, r27.subjects, r31.subjects, r33.subjects, r35.subjects, r37.subjects, r39.subjects), ''), ',') as subjects, sum(coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) + coalesce(r19.rows, 0) + coalesce(r21.rows, 0) + coalesce(r23.rows, 0) + coalesce(r27.rows, 0) + coalesce(r29.rows, 0) + coalesce(r31.rows, 0) + coalesce(r33.rows, 0) + coalesce(r35.rows, 0) + coalesce(r37.rows, 0) + coalesce(r39.rows, 0))::bigint as rows
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
            select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d12.id::bigint || '"', 'null') || '}' as json, d12.member_id::bigint || ':.4' as subjects, 1 as rows
            from data_subject_request d12
            where d12.id = (l1.id ->> 'DataRequest PLAIN')::bigint
            limit 1
        ) r13 on true
        left join lateral (
            select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d14.id::bigint || '"', 'null') || '}' as json, d14.member_id::bigint || ':.5' as subjects, 1 as rows
            from destruction_receipt d14
            where d14.id = (l1.id ->> 'DestructionReceipt PLAIN')::bigint
            limit 1
        ) r15 on true
        left join lateral (
            select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d16.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d16.buyer_id::bigint || ':.6', d16.seller_id::bigint || ':.6'), '') as subjects, 1 as rows
            from dispute d16
            where d16.id = (l1.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r17 on true
        left join lateral (
            select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f18.id::bigint || '"', 'null') || '}' as json, f18.author_id::bigint::text as subjects, 1 as rows
            from forum_post f18
            where f18.id = (l1.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r19 on true
        left join lateral (
            select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m20.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m20.name) || '}' as json, m20.id::bigint || ':.7' as subjects, 1 as rows
            from member m20
            where m20.id = (l1.id ->> 'Member PLAIN')::bigint and m20.destroyed_at is null
            limit 1
        ) r21 on true
        left join lateral (
            select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m22.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m22.sender_id::bigint || ':.8', m22.recipient_id::bigint || ':.8'), '') as subjects, 1 as rows
            from message m22
            where m22.id = (l1.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r23 on true
        left join lateral (
            select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o24.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o24.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o24.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o24.currency) || ',"buyer":' || coalesce(r26.json, 'null') || '}' as json, nullif(concat_ws(',', o24.buyer_id::bigint || ':.9', o24.seller_id::bigint || ':.9', r26.subjects), '') as subjects, 1 + coalesce(r26.rows, 0) as rows
            from trade_order o24
            left join lateral (
                select '{"name":' || veil.json_text(m25.name) || '}' as json, m25.id::bigint || ':.10' as subjects, 1 as rows
                from member m25
                where m25.id = o24.buyer_id and m25.destroyed_at is null
                limit 1
            ) r26 on true
            where o24.id = (l1.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r27 on true
        left join lateral (
            select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o28.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o28
            where o28.id = (l1.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r29 on true
        left join lateral (
            select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p30.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p30.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p30.buyer_id::bigint || ':.11' as subjects, 1 as rows
            from payment p30
            where p30.id = (l1.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r31 on true
        left join lateral (
            select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p32.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p32.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p32.member_id::bigint || ':.12' as subjects, 1 as rows
            from payment_profile p32
            where p32.id = (l1.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r33 on true
        left join lateral (
            select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p34.id::bigint || '"', 'null') || '}' as json, p34.owner_id::bigint::text as subjects, 1 as rows
            from product p34
            where p34.id = (l1.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r35 on true
        left join lateral (
            select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s36.id::bigint || '"', 'null') || '}' as json, s36.member_id::bigint || ':.13' as subjects, 1 as rows
            from support_case s36
            where s36.id = (l1.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r37 on true
        left join lateral (
            select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v38.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v38.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v38.member_id::bigint || ':.14' as subjects, 1 as rows
            from visit v38
            where v38.id = (l1.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r39 on true
    ) r40 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r43.json, r45.json, r47.json, r49.json, r51.json, r53.json, r55.json, r57.json, r59.json, r61.json, r63.json, r65.json, r67.json, r69.json, r71.json, r73.json, r75.json, r77.json, 'null'), ',' order by l41.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r43.subjects, r45.subjects, r47.subjects, r49.subjects, r51.subjects, r53.subjects, r55.subjects, r57.subjects, r59.subjects, r61.subjects, r63.subjects, r65.subjects, r69.subjects, r71.subjects, r73.subjects, r75.subjects, r77.subjects), ''), ',') as subjects, sum(coalesce(r43.rows, 0) + coalesce(r45.rows, 0) + coalesce(r47.rows, 0) + coalesce(r49.rows, 0) + coalesce(r51.rows, 0) + coalesce(r53.rows, 0) + coalesce(r55.rows, 0) + coalesce(r57.rows, 0) + coalesce(r59.rows, 0) + coalesce(r61.rows, 0) + coalesce(r63.rows, 0) + coalesce(r65.rows, 0) + coalesce(r67.rows, 0) + coalesce(r69.rows, 0) + coalesce(r71.rows, 0) + coalesce(r73.rows, 0) + coalesce(r75.rows, 0) + coalesce(r77.rows, 0))::bigint as rows
        from json_array_elements(call.a2::json) with ordinality l41 (id, position)
        left join lateral (
            select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b42.id::bigint || '"', 'null') || '}' as json, b42.member_id::bigint || ':.0' as subjects, 1 as rows
            from browsing_event b42
            where b42.id = (l41.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r43 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b44.id::bigint || '"', 'null') || '}' as json, b44.member_id::bigint || ':.1' as subjects, 1 as rows
            from buyer_behaviour b44
            where b44.id = (l41.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r45 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyingRequest:' || b46.id::bigint || '"', 'null') || '}' as json, b46.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b46
            where b46.id = (l41.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r47 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Company:' || c48.id::bigint || '"', 'null') || '}' as json, c48.owner_id::bigint::text as subjects, 1 as rows
            from company c48
            where c48.id = (l41.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r49 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Consent:' || c50.id::bigint || '"', 'null') || '}' as json, c50.member_id::bigint || ':.3' as subjects, 1 as rows
            from consent c50
            where c50.id = (l41.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r51 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'DataRequest:' || d52.id::bigint || '"', 'null') || '}' as json, d52.member_id::bigint || ':.4' as subjects, 1 as rows
            from data_subject_request d52
            where d52.id = (l41.id ->> 'DataRequest PLAIN')::bigint
            limit 1
        ) r53 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'DestructionReceipt:' || d54.id::bigint || '"', 'null') || '}' as json, d54.member_id::bigint || ':.5' as subjects, 1 as rows
            from destruction_receipt d54
            where d54.id = (l41.id ->> 'DestructionReceipt PLAIN')::bigint
            limit 1
        ) r55 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Dispute:' || d56.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d56.buyer_id::bigint || ':.6', d56.seller_id::bigint || ':.6'), '') as subjects, 1 as rows
            from dispute d56
            where d56.id = (l41.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r57 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'ForumPost:' || f58.id::bigint || '"', 'null') || '}' as json, f58.author_id::bigint::text as subjects, 1 as rows
            from forum_post f58
            where f58.id = (l41.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r59 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m60.id::bigint || '"', 'null') || '}' as json, m60.id::bigint || ':.15' as subjects, 1 as rows
            from member m60
            where m60.id = (l41.id ->> 'Member PLAIN')::bigint and m60.destroyed_at is null
            limit 1
        ) r61 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Message:' || m62.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m62.sender_id::bigint || ':.8', m62.recipient_id::bigint || ':.8'), '') as subjects, 1 as rows
            from message m62
            where m62.id = (l41.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r63 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Order:' || o64.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o64.buyer_id::bigint || ':.16', o64.seller_id::bigint || ':.16'), '') as subjects, 1 as rows
            from trade_order o64
            where o64.id = (l41.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r65 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Organisation:' || o66.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o66
            where o66.id = (l41.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r67 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p68.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p68.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p68.buyer_id::bigint || ':.11' as subjects, 1 as rows
            from payment p68
            where p68.id = (l41.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r69 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p70.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p70.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p70.member_id::bigint || ':.12' as subjects, 1 as rows
            from payment_profile p70
            where p70.id = (l41.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r71 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Product:' || p72.id::bigint || '"', 'null') || '}' as json, p72.owner_id::bigint::text as subjects, 1 as rows
            from product p72
            where p72.id = (l41.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r73 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'SupportCase:' || s74.id::bigint || '"', 'null') || '}' as json, s74.member_id::bigint || ':.13' as subjects, 1 as rows
            from support_case s74
            where s74.id = (l41.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r75 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v76.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v76.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v76.member_id::bigint || ':.14' as subjects, 1 as rows
            from visit v76
            where v76.id = (l41.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r77 on true
    ) r78 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r81.json, r83.json, r85.json, r87.json, r89.json, r91.json, r93.json, r95.json, r97.json, r99.json, r101.json, r103.json, r105.json, r107.json, r109.json, r111.json, r113.json, r115.json, 'null'), ',' order by l79.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r81.subjects, r83.subjects, r85.subjects, r87.subjects, r89.subjects, r91.subjects, r93.subjects, r95.subjects, r97.subjects, r99.subjects, r101.subjects, r103.subjects, r107.subjects, r109.subjects, r111.subjects, r113.subjects, r115.subjects), ''), ',') as subjects, sum(coalesce(r81.rows, 0) + coalesce(r83.rows, 0) + coalesce(r85.rows, 0) + coalesce(r87.rows, 0) + coalesce(r89.rows, 0) + coalesce(r91.rows, 0) + coalesce(r93.rows, 0) + coalesce(r95.rows, 0) + coalesce(r97.rows, 0) + coalesce(r99.rows, 0) + coalesce(r101.rows, 0) + coalesce(r103.rows, 0) + coalesce(r105.rows, 0) + coalesce(r107.rows, 0) + coalesce(r109.rows, 0) + coalesce(r111.rows, 0) + coalesce(r113.rows, 0) + coalesce(r115.rows, 0))::bigint as rows
        from json_array_elements(call.a3::json) with ordinality l79 (id, position)
        left join lateral (
            select '{}' as json, b80.member_id::bigint::text as subjects, 1 as rows
            from browsing_event b80
            where b80.id = (l79.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r81 on true
        left join lateral (
            select '{}' as json, b82.member_id::bigint::text as subjects, 1 as rows
            from buyer_behaviour b82
            where b82.id = (l79.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r83 on true
        left join lateral (
            select '{}' as json, b84.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b84
            where b84.id = (l79.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r85 on true
        left join lateral (
            select '{}' as json, c86.owner_id::bigint::text as subjects, 1 as rows
            from company c86
            where c86.id = (l79.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r87 on true
        left join lateral (
            select '{}' as json, c88.member_id::bigint::text as subjects, 1 as rows
            from consent c88
            where c88.id = (l79.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r89 on true
        left join lateral (
            select '{}' as json, d90.member_id::bigint::text as subjects, 1 as rows
            from data_subject_request d90
            where d90.id = (l79.id ->> 'DataRequest PLAIN')::bigint
            limit 1
        ) r91 on true
        left join lateral (
            select '{}' as json, d92.member_id::bigint::text as subjects, 1 as rows
            from destruction_receipt d92
            where d92.id = (l79.id ->> 'DestructionReceipt PLAIN')::bigint
            limit 1
        ) r93 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', d94.buyer_id::bigint::text, d94.seller_id::bigint::text), '') as subjects, 1 as rows
            from dispute d94
            where d94.id = (l79.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r95 on true
        left join lateral (
            select '{}' as json, f96.author_id::bigint::text as subjects, 1 as rows
            from forum_post f96
            where f96.id = (l79.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r97 on true
        left join lateral (
            select '{}' as json, m98.id::bigint::text as subjects, 1 as rows
            from member m98
            where m98.id = (l79.id ->> 'Member PLAIN')::bigint and m98.destroyed_at is null
            limit 1
        ) r99 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', m100.sender_id::bigint::text, m100.recipient_id::bigint::text), '') as subjects, 1 as rows
            from message m100
            where m100.id = (l79.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r101 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', o102.buyer_id::bigint::text, o102.seller_id::bigint::text), '') as subjects, 1 as rows
            from trade_order o102
            where o102.id = (l79.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r103 on true
        left join lateral (
            select '{}' as json, null::text as subjects, 1 as rows
            from organisation o104
            where o104.id = (l79.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r105 on true
        left join lateral (
            select '{}' as json, p106.buyer_id::bigint::text as subjects, 1 as rows
            from payment p106
            where p106.id = (l79.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r107 on true
        left join lateral (
            select '{}' as json, p108.member_id::bigint::text as subjects, 1 as rows
            from payment_profile p108
            where p108.id = (l79.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r109 on true
        left join lateral (
            select '{"title":' || veil.json_text(p110.title) || '}' as json, p110.owner_id::bigint || ':.17' as subjects, 1 as rows
            from product p110
            where p110.id = (l79.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r111 on true
        left join lateral (
            select '{}' as json, s112.member_id::bigint::text as subjects, 1 as rows
            from support_case s112
            where s112.id = (l79.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r113 on true
        left join lateral (
            select '{}' as json, v114.member_id::bigint::text as subjects, 1 as rows
            from visit v114
            where v114.id = (l79.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r115 on true
    ) r116 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
