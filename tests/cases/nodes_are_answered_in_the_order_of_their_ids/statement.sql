with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"nodes":' || r38.json || ',"none":' || r74.json || ',"one":' || r110.json || '}' as json,
        nullif(concat_ws(',', r38.subjects, r74.subjects, r110.subjects), '') as subjects,
        coalesce(r38.rows, 0) + coalesce(r74.rows, 0) + coalesce(r110.rows, 0) as rows
    from call
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r3.json, r5.json, r7.json, r9.json, r11.json, r13.json, r15.json, r17.json, r19.json, r21.json, r25.json, r27.json, r29.json, r31.json, r33.json, r35.json, r37.json, 'null'), ',' order by l1.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r3.subjects, r5.subjects, r7.subjects, r9.subjects, r11.subjects, r13.subjects, r15.subjects, r17.subjects, r19.subjects, r21.subjects, r25.subjects, r29.subjects, r31.subjects, r33.subjects, r35.subjects, r37.subjects), ''), ',') as subjects, sum(coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) + coalesce(r19.rows, 0) + coalesce(r21.rows, 0) + coalesce(r25.rows, 0) + coalesce(r27.rows, 0) + coalesce(r29.rows, 0) + coalesce(r31.rows, 0) + coalesce(r33.rows, 0) + coalesce(r35.rows, 0) + coalesce(r37.rows, 0))::bigint as rows
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
            select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d14.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d14.buyer_id::bigint || ':.5', d14.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
            from dispute d14
            where d14.id = (l1.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r15 on true
        left join lateral (
            select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f16.id::bigint || '"', 'null') || '}' as json, f16.author_id::bigint::text as subjects, 1 as rows
            from forum_post f16
            where f16.id = (l1.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r17 on true
        left join lateral (
            select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m18.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m18.name) || '}' as json, m18.id::bigint || ':.6' as subjects, 1 as rows
            from member m18
            where m18.id = (l1.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r19 on true
        left join lateral (
            select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m20.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m20.sender_id::bigint || ':.7', m20.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
            from message m20
            where m20.id = (l1.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r21 on true
        left join lateral (
            select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o22.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o22.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o22.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o22.currency) || ',"buyer":' || coalesce(r24.json, 'null') || '}' as json, nullif(concat_ws(',', o22.buyer_id::bigint || ':.8', o22.seller_id::bigint || ':.8', r24.subjects), '') as subjects, 1 + coalesce(r24.rows, 0) as rows
            from trade_order o22
            left join lateral (
                select '{"name":' || veil.json_text(m23.name) || '}' as json, m23.id::bigint || ':.9' as subjects, 1 as rows
                from member m23
                where m23.id = o22.buyer_id
                limit 1
            ) r24 on true
            where o22.id = (l1.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r25 on true
        left join lateral (
            select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o26.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o26
            where o26.id = (l1.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r27 on true
        left join lateral (
            select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p28.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p28.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p28.buyer_id::bigint || ':.10' as subjects, 1 as rows
            from payment p28
            where p28.id = (l1.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r29 on true
        left join lateral (
            select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p30.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p30.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p30.member_id::bigint || ':.11' as subjects, 1 as rows
            from payment_profile p30
            where p30.id = (l1.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r31 on true
        left join lateral (
            select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p32.id::bigint || '"', 'null') || '}' as json, p32.owner_id::bigint::text as subjects, 1 as rows
            from product p32
            where p32.id = (l1.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r33 on true
        left join lateral (
            select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s34.id::bigint || '"', 'null') || '}' as json, s34.member_id::bigint || ':.12' as subjects, 1 as rows
            from support_case s34
            where s34.id = (l1.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r35 on true
        left join lateral (
            select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v36.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v36.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v36.member_id::bigint || ':.13' as subjects, 1 as rows
            from visit v36
            where v36.id = (l1.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r37 on true
    ) r38 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r41.json, r43.json, r45.json, r47.json, r49.json, r51.json, r53.json, r55.json, r57.json, r59.json, r61.json, r63.json, r65.json, r67.json, r69.json, r71.json, r73.json, 'null'), ',' order by l39.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r41.subjects, r43.subjects, r45.subjects, r47.subjects, r49.subjects, r51.subjects, r53.subjects, r55.subjects, r57.subjects, r59.subjects, r61.subjects, r65.subjects, r67.subjects, r69.subjects, r71.subjects, r73.subjects), ''), ',') as subjects, sum(coalesce(r41.rows, 0) + coalesce(r43.rows, 0) + coalesce(r45.rows, 0) + coalesce(r47.rows, 0) + coalesce(r49.rows, 0) + coalesce(r51.rows, 0) + coalesce(r53.rows, 0) + coalesce(r55.rows, 0) + coalesce(r57.rows, 0) + coalesce(r59.rows, 0) + coalesce(r61.rows, 0) + coalesce(r63.rows, 0) + coalesce(r65.rows, 0) + coalesce(r67.rows, 0) + coalesce(r69.rows, 0) + coalesce(r71.rows, 0) + coalesce(r73.rows, 0))::bigint as rows
        from json_array_elements(call.a2::json) with ordinality l39 (id, position)
        left join lateral (
            select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b40.id::bigint || '"', 'null') || '}' as json, b40.member_id::bigint || ':.0' as subjects, 1 as rows
            from browsing_event b40
            where b40.id = (l39.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r41 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b42.id::bigint || '"', 'null') || '}' as json, b42.member_id::bigint || ':.1' as subjects, 1 as rows
            from buyer_behaviour b42
            where b42.id = (l39.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r43 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'BuyingRequest:' || b44.id::bigint || '"', 'null') || '}' as json, b44.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b44
            where b44.id = (l39.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r45 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Company:' || c46.id::bigint || '"', 'null') || '}' as json, c46.owner_id::bigint::text as subjects, 1 as rows
            from company c46
            where c46.id = (l39.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r47 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Consent:' || c48.id::bigint || '"', 'null') || '}' as json, c48.member_id::bigint || ':.3' as subjects, 1 as rows
            from consent c48
            where c48.id = (l39.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r49 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'DataRequest:' || d50.id::bigint || '"', 'null') || '}' as json, d50.member_id::bigint || ':.4' as subjects, 1 as rows
            from data_subject_request d50
            where d50.id = (l39.id ->> 'DataRequest PLAIN')::bigint
            limit 1
        ) r51 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Dispute:' || d52.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d52.buyer_id::bigint || ':.5', d52.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
            from dispute d52
            where d52.id = (l39.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r53 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'ForumPost:' || f54.id::bigint || '"', 'null') || '}' as json, f54.author_id::bigint::text as subjects, 1 as rows
            from forum_post f54
            where f54.id = (l39.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r55 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m56.id::bigint || '"', 'null') || '}' as json, m56.id::bigint || ':.14' as subjects, 1 as rows
            from member m56
            where m56.id = (l39.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r57 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Message:' || m58.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m58.sender_id::bigint || ':.7', m58.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
            from message m58
            where m58.id = (l39.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r59 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Order:' || o60.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o60.buyer_id::bigint || ':.15', o60.seller_id::bigint || ':.15'), '') as subjects, 1 as rows
            from trade_order o60
            where o60.id = (l39.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r61 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Organisation:' || o62.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o62
            where o62.id = (l39.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r63 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p64.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p64.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p64.buyer_id::bigint || ':.10' as subjects, 1 as rows
            from payment p64
            where p64.id = (l39.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r65 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p66.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p66.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p66.member_id::bigint || ':.11' as subjects, 1 as rows
            from payment_profile p66
            where p66.id = (l39.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r67 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Product:' || p68.id::bigint || '"', 'null') || '}' as json, p68.owner_id::bigint::text as subjects, 1 as rows
            from product p68
            where p68.id = (l39.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r69 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'SupportCase:' || s70.id::bigint || '"', 'null') || '}' as json, s70.member_id::bigint || ':.12' as subjects, 1 as rows
            from support_case s70
            where s70.id = (l39.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r71 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v72.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v72.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v72.member_id::bigint || ':.13' as subjects, 1 as rows
            from visit v72
            where v72.id = (l39.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r73 on true
    ) r74 on true
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r77.json, r79.json, r81.json, r83.json, r85.json, r87.json, r89.json, r91.json, r93.json, r95.json, r97.json, r99.json, r101.json, r103.json, r105.json, r107.json, r109.json, 'null'), ',' order by l75.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r77.subjects, r79.subjects, r81.subjects, r83.subjects, r85.subjects, r87.subjects, r89.subjects, r91.subjects, r93.subjects, r95.subjects, r97.subjects, r101.subjects, r103.subjects, r105.subjects, r107.subjects, r109.subjects), ''), ',') as subjects, sum(coalesce(r77.rows, 0) + coalesce(r79.rows, 0) + coalesce(r81.rows, 0) + coalesce(r83.rows, 0) + coalesce(r85.rows, 0) + coalesce(r87.rows, 0) + coalesce(r89.rows, 0) + coalesce(r91.rows, 0) + coalesce(r93.rows, 0) + coalesce(r95.rows, 0) + coalesce(r97.rows, 0) + coalesce(r99.rows, 0) + coalesce(r101.rows, 0) + coalesce(r103.rows, 0) + coalesce(r105.rows, 0) + coalesce(r107.rows, 0) + coalesce(r109.rows, 0))::bigint as rows
        from json_array_elements(call.a3::json) with ordinality l75 (id, position)
        left join lateral (
            select '{}' as json, b76.member_id::bigint::text as subjects, 1 as rows
            from browsing_event b76
            where b76.id = (l75.id ->> 'BrowsingEvent PLAIN')::bigint
            limit 1
        ) r77 on true
        left join lateral (
            select '{}' as json, b78.member_id::bigint::text as subjects, 1 as rows
            from buyer_behaviour b78
            where b78.id = (l75.id ->> 'BuyerBehaviour PLAIN')::bigint
            limit 1
        ) r79 on true
        left join lateral (
            select '{}' as json, b80.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b80
            where b80.id = (l75.id ->> 'BuyingRequest PLAIN')::bigint
            limit 1
        ) r81 on true
        left join lateral (
            select '{}' as json, c82.owner_id::bigint::text as subjects, 1 as rows
            from company c82
            where c82.id = (l75.id ->> 'Company PLAIN')::bigint
            limit 1
        ) r83 on true
        left join lateral (
            select '{}' as json, c84.member_id::bigint::text as subjects, 1 as rows
            from consent c84
            where c84.id = (l75.id ->> 'Consent PLAIN')::bigint
            limit 1
        ) r85 on true
        left join lateral (
            select '{}' as json, d86.member_id::bigint::text as subjects, 1 as rows
            from data_subject_request d86
            where d86.id = (l75.id ->> 'DataRequest PLAIN')::bigint
            limit 1
        ) r87 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', d88.buyer_id::bigint::text, d88.seller_id::bigint::text), '') as subjects, 1 as rows
            from dispute d88
            where d88.id = (l75.id ->> 'Dispute PLAIN')::bigint
            limit 1
        ) r89 on true
        left join lateral (
            select '{}' as json, f90.author_id::bigint::text as subjects, 1 as rows
            from forum_post f90
            where f90.id = (l75.id ->> 'ForumPost PLAIN')::bigint
            limit 1
        ) r91 on true
        left join lateral (
            select '{}' as json, m92.id::bigint::text as subjects, 1 as rows
            from member m92
            where m92.id = (l75.id ->> 'Member PLAIN')::bigint
            limit 1
        ) r93 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', m94.sender_id::bigint::text, m94.recipient_id::bigint::text), '') as subjects, 1 as rows
            from message m94
            where m94.id = (l75.id ->> 'Message PLAIN')::bigint
            limit 1
        ) r95 on true
        left join lateral (
            select '{}' as json, nullif(concat_ws(',', o96.buyer_id::bigint::text, o96.seller_id::bigint::text), '') as subjects, 1 as rows
            from trade_order o96
            where o96.id = (l75.id ->> 'Order PLAIN')::bigint
            limit 1
        ) r97 on true
        left join lateral (
            select '{}' as json, null::text as subjects, 1 as rows
            from organisation o98
            where o98.id = (l75.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r99 on true
        left join lateral (
            select '{}' as json, p100.buyer_id::bigint::text as subjects, 1 as rows
            from payment p100
            where p100.id = (l75.id ->> 'Payment TOKEN')::bigint
            limit 1
        ) r101 on true
        left join lateral (
            select '{}' as json, p102.member_id::bigint::text as subjects, 1 as rows
            from payment_profile p102
            where p102.id = (l75.id ->> 'PaymentProfile TOKEN')::bigint
            limit 1
        ) r103 on true
        left join lateral (
            select '{"title":' || veil.json_text(p104.title) || '}' as json, p104.owner_id::bigint || ':.16' as subjects, 1 as rows
            from product p104
            where p104.id = (l75.id ->> 'Product PLAIN')::bigint
            limit 1
        ) r105 on true
        left join lateral (
            select '{}' as json, s106.member_id::bigint::text as subjects, 1 as rows
            from support_case s106
            where s106.id = (l75.id ->> 'SupportCase PLAIN')::bigint
            limit 1
        ) r107 on true
        left join lateral (
            select '{}' as json, v108.member_id::bigint::text as subjects, 1 as rows
            from visit v108
            where v108.id = (l75.id ->> 'Visit TOKEN')::bigint
            limit 1
        ) r109 on true
    ) r110 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
