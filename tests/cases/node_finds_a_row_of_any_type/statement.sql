with call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[], $44::bigint[], $45::bigint[], $46::bigint[], $47::bigint[], $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[], $55::bigint[], $56::bigint[], $57::bigint[], $58::bigint[], $59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::bigint[], $65::bigint[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r2.json, r4.json, r6.json, r8.json, r10.json, r12.json, r14.json, 'null') || ',"order":' || coalesce(r16.json, r18.json, r22.json, r24.json, r26.json, r28.json, r30.json, 'null') || ',"company":' || coalesce(r32.json, r34.json, r36.json, r38.json, r40.json, r42.json, r44.json, 'null') || ',"product":' || coalesce(r46.json, r48.json, r50.json, r52.json, r54.json, r56.json, r58.json, 'null') || ',"organisation":' || coalesce(r60.json, r62.json, r64.json, r66.json, r68.json, r70.json, r72.json, 'null') || ',"payment":' || coalesce(r74.json, r76.json, r78.json, r80.json, r82.json, r84.json, r86.json, 'null') || ',"nothing":' || coalesce(r88.json, r90.json, r92.json, r94.json, r96.json, r98.json, r100.json, 'null') || ',"nonsense":' || coalesce(r102.json, r104.json, r106.json, r108.json, r110.json, r112.json, r114.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects, r16.subjects, r18.subjects, r22.subjects, r24.subjects, r26.subjects, r28.subjects, r30.subjects, r32.subjects, r34.subjects, r36.subjects, r38.subjects, r40.subjects, r42.subjects, r44.subjects, r46.subjects, r48.subjects, r50.subjects, r52.subjects, r54.subjects, r56.subjects, r58.subjects, r60.subjects, r62.subjects, r64.subjects, r66.subjects, r68.subjects, r70.subjects, r72.subjects, r74.subjects, r76.subjects, r78.subjects, r80.subjects, r82.subjects, r84.subjects, r86.subjects, r88.subjects, r90.subjects, r92.subjects, r94.subjects, r96.subjects, r98.subjects, r100.subjects, r102.subjects, r104.subjects, r106.subjects, r108.subjects, r110.subjects, r112.subjects, r114.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(r16.rows, 0) + coalesce(r18.rows, 0) + coalesce(r22.rows, 0) + coalesce(r24.rows, 0) + coalesce(r26.rows, 0) + coalesce(r28.rows, 0) + coalesce(r30.rows, 0) + coalesce(r32.rows, 0) + coalesce(r34.rows, 0) + coalesce(r36.rows, 0) + coalesce(r38.rows, 0) + coalesce(r40.rows, 0) + coalesce(r42.rows, 0) + coalesce(r44.rows, 0) + coalesce(r46.rows, 0) + coalesce(r48.rows, 0) + coalesce(r50.rows, 0) + coalesce(r52.rows, 0) + coalesce(r54.rows, 0) + coalesce(r56.rows, 0) + coalesce(r58.rows, 0) + coalesce(r60.rows, 0) + coalesce(r62.rows, 0) + coalesce(r64.rows, 0) + coalesce(r66.rows, 0) + coalesce(r68.rows, 0) + coalesce(r70.rows, 0) + coalesce(r72.rows, 0) + coalesce(r74.rows, 0) + coalesce(r76.rows, 0) + coalesce(r78.rows, 0) + coalesce(r80.rows, 0) + coalesce(r82.rows, 0) + coalesce(r84.rows, 0) + coalesce(r86.rows, 0) + coalesce(r88.rows, 0) + coalesce(r90.rows, 0) + coalesce(r92.rows, 0) + coalesce(r94.rows, 0) + coalesce(r96.rows, 0) + coalesce(r98.rows, 0) + coalesce(r100.rows, 0) + coalesce(r102.rows, 0) + coalesce(r104.rows, 0) + coalesce(r106.rows, 0) + coalesce(r108.rows, 0) + coalesce(r110.rows, 0) + coalesce(r112.rows, 0) + coalesce(r114.rows, 0) as rows
    from call
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c1.owner_id), '') as subjects, 1 as rows
        from company c1
        where c1.id = call.a1
        limit 1
    ) r2 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m3.id || '"', 'null') || ',"name":' || coalesce(to_json(m3.name)::text, 'null') || '}' as json, nullif(concat_ws(',', m3.id), '') as subjects, 1 as rows
        from member m3
        where m3.id = call.a2
        limit 1
    ) r4 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o5.id || '"', 'null') || ',"total":' || coalesce('"' || o5.total || '"', 'null') || '}' as json, nullif(concat_ws(',', o5.buyer_id, o5.seller_id), '') as subjects, 1 as rows
        from trade_order o5
        where o5.id = call.a3
        limit 1
    ) r6 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o7.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o7
        where o7.id = call.a4
        limit 1
    ) r8 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p9.id)), 1, 8) || int8send(p9.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p9.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p9.buyer_id), '') as subjects, 1 as rows
        from payment p9
        where p9.id = call.a5
        limit 1
    ) r10 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || 'PaymentProfile:~' || encode(substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p11.id)), 1, 8) || int8send(p11.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p11.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p11.member_id), '') as subjects, 1 as rows
        from payment_profile p11
        where p11.id = call.a6
        limit 1
    ) r12 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p13.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p13.owner_id), '') as subjects, 1 as rows
        from product p13
        where p13.id = call.a7
        limit 1
    ) r14 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c15.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c15.owner_id), '') as subjects, 1 as rows
        from company c15
        where c15.id = call.a8
        limit 1
    ) r16 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m17.id || '"', 'null') || '}' as json, nullif(concat_ws(',', m17.id), '') as subjects, 1 as rows
        from member m17
        where m17.id = call.a9
        limit 1
    ) r18 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o19.id || '"', 'null') || ',"total":' || coalesce('"' || o19.total || '"', 'null') || ',"currency":' || coalesce(to_json(o19.currency)::text, 'null') || ',"buyer":' || coalesce(r21.json, 'null') || '}' as json, nullif(concat_ws(',', o19.buyer_id, o19.seller_id, r21.subjects), '') as subjects, 1 + coalesce(r21.rows, 0) as rows
        from trade_order o19
        left join lateral (
            select '{"name":' || coalesce(to_json(m20.name)::text, 'null') || '}' as json, nullif(concat_ws(',', m20.id), '') as subjects, 1 as rows
            from member m20
            where m20.id = o19.buyer_id
            limit 1
        ) r21 on true
        where o19.id = call.a10
        limit 1
    ) r22 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o23.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o23
        where o23.id = call.a11
        limit 1
    ) r24 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p25.id)), 1, 8) || int8send(p25.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p25.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p25.buyer_id), '') as subjects, 1 as rows
        from payment p25
        where p25.id = call.a12
        limit 1
    ) r26 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || 'PaymentProfile:~' || encode(substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p27.id)), 1, 8) || int8send(p27.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p27.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p27.member_id), '') as subjects, 1 as rows
        from payment_profile p27
        where p27.id = call.a13
        limit 1
    ) r28 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p29.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p29.owner_id), '') as subjects, 1 as rows
        from product p29
        where p29.id = call.a14
        limit 1
    ) r30 on true
    left join lateral (
        select '{"__typename":"Company","name":' || coalesce(to_json(c31.name)::text, 'null') || '}' as json, nullif(concat_ws(',', c31.owner_id), '') as subjects, 1 as rows
        from company c31
        where c31.id = call.a15
        limit 1
    ) r32 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, nullif(concat_ws(',', m33.id), '') as subjects, 1 as rows
        from member m33
        where m33.id = call.a16
        limit 1
    ) r34 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o35.buyer_id, o35.seller_id), '') as subjects, 1 as rows
        from trade_order o35
        where o35.id = call.a17
        limit 1
    ) r36 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o37
        where o37.id = call.a18
        limit 1
    ) r38 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, nullif(concat_ws(',', p39.buyer_id), '') as subjects, 1 as rows
        from payment p39
        where p39.id = call.a19
        limit 1
    ) r40 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, nullif(concat_ws(',', p41.member_id), '') as subjects, 1 as rows
        from payment_profile p41
        where p41.id = call.a20
        limit 1
    ) r42 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, nullif(concat_ws(',', p43.owner_id), '') as subjects, 1 as rows
        from product p43
        where p43.id = call.a21
        limit 1
    ) r44 on true
    left join lateral (
        select '{"__typename":"Company"}' as json, nullif(concat_ws(',', c45.owner_id), '') as subjects, 1 as rows
        from company c45
        where c45.id = call.a22
        limit 1
    ) r46 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, nullif(concat_ws(',', m47.id), '') as subjects, 1 as rows
        from member m47
        where m47.id = call.a23
        limit 1
    ) r48 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o49.buyer_id, o49.seller_id), '') as subjects, 1 as rows
        from trade_order o49
        where o49.id = call.a24
        limit 1
    ) r50 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o51
        where o51.id = call.a25
        limit 1
    ) r52 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, nullif(concat_ws(',', p53.buyer_id), '') as subjects, 1 as rows
        from payment p53
        where p53.id = call.a26
        limit 1
    ) r54 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, nullif(concat_ws(',', p55.member_id), '') as subjects, 1 as rows
        from payment_profile p55
        where p55.id = call.a27
        limit 1
    ) r56 on true
    left join lateral (
        select '{"__typename":"Product","title":' || coalesce(to_json(p57.title)::text, 'null') || '}' as json, nullif(concat_ws(',', p57.owner_id), '') as subjects, 1 as rows
        from product p57
        where p57.id = call.a28
        limit 1
    ) r58 on true
    left join lateral (
        select '{"__typename":"Company"}' as json, nullif(concat_ws(',', c59.owner_id), '') as subjects, 1 as rows
        from company c59
        where c59.id = call.a29
        limit 1
    ) r60 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, nullif(concat_ws(',', m61.id), '') as subjects, 1 as rows
        from member m61
        where m61.id = call.a30
        limit 1
    ) r62 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o63.buyer_id, o63.seller_id), '') as subjects, 1 as rows
        from trade_order o63
        where o63.id = call.a31
        limit 1
    ) r64 on true
    left join lateral (
        select '{"__typename":"Organisation","name":' || coalesce(to_json(o65.name)::text, 'null') || ',"kind":' || coalesce(to_json(o65.kind)::text, 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o65
        where o65.id = call.a32
        limit 1
    ) r66 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, nullif(concat_ws(',', p67.buyer_id), '') as subjects, 1 as rows
        from payment p67
        where p67.id = call.a33
        limit 1
    ) r68 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, nullif(concat_ws(',', p69.member_id), '') as subjects, 1 as rows
        from payment_profile p69
        where p69.id = call.a34
        limit 1
    ) r70 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, nullif(concat_ws(',', p71.owner_id), '') as subjects, 1 as rows
        from product p71
        where p71.id = call.a35
        limit 1
    ) r72 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c73.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c73.owner_id), '') as subjects, 1 as rows
        from company c73
        where c73.id = call.a36
        limit 1
    ) r74 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m75.id || '"', 'null') || '}' as json, nullif(concat_ws(',', m75.id), '') as subjects, 1 as rows
        from member m75
        where m75.id = call.a37
        limit 1
    ) r76 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o77.id || '"', 'null') || '}' as json, nullif(concat_ws(',', o77.buyer_id, o77.seller_id), '') as subjects, 1 as rows
        from trade_order o77
        where o77.id = call.a38
        limit 1
    ) r78 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o79.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o79
        where o79.id = call.a39
        limit 1
    ) r80 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p81.id)), 1, 8) || int8send(p81.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p81.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p81.buyer_id), '') as subjects, 1 as rows
        from payment p81
        where p81.id = call.a40
        limit 1
    ) r82 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || 'PaymentProfile:~' || encode(substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p83.id)), 1, 8) || int8send(p83.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p83.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p83.member_id), '') as subjects, 1 as rows
        from payment_profile p83
        where p83.id = call.a41
        limit 1
    ) r84 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p85.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p85.owner_id), '') as subjects, 1 as rows
        from product p85
        where p85.id = call.a42
        limit 1
    ) r86 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c87.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c87.owner_id), '') as subjects, 1 as rows
        from company c87
        where c87.id = call.a43
        limit 1
    ) r88 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m89.id || '"', 'null') || '}' as json, nullif(concat_ws(',', m89.id), '') as subjects, 1 as rows
        from member m89
        where m89.id = call.a44
        limit 1
    ) r90 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o91.id || '"', 'null') || '}' as json, nullif(concat_ws(',', o91.buyer_id, o91.seller_id), '') as subjects, 1 as rows
        from trade_order o91
        where o91.id = call.a45
        limit 1
    ) r92 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o93.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o93
        where o93.id = call.a46
        limit 1
    ) r94 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p95.id)), 1, 8) || int8send(p95.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p95.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p95.buyer_id), '') as subjects, 1 as rows
        from payment p95
        where p95.id = call.a47
        limit 1
    ) r96 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'PaymentProfile:~' || encode(substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p97.id)), 1, 8) || int8send(p97.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p97.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p97.member_id), '') as subjects, 1 as rows
        from payment_profile p97
        where p97.id = call.a48
        limit 1
    ) r98 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p99.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p99.owner_id), '') as subjects, 1 as rows
        from product p99
        where p99.id = call.a49
        limit 1
    ) r100 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c101.id || '"', 'null') || '}' as json, nullif(concat_ws(',', c101.owner_id), '') as subjects, 1 as rows
        from company c101
        where c101.id = call.a50
        limit 1
    ) r102 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m103.id || '"', 'null') || '}' as json, nullif(concat_ws(',', m103.id), '') as subjects, 1 as rows
        from member m103
        where m103.id = call.a51
        limit 1
    ) r104 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o105.id || '"', 'null') || '}' as json, nullif(concat_ws(',', o105.buyer_id, o105.seller_id), '') as subjects, 1 as rows
        from trade_order o105
        where o105.id = call.a52
        limit 1
    ) r106 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o107.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o107
        where o107.id = call.a53
        limit 1
    ) r108 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:~' || encode(substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p109.id)), 1, 8) || int8send(p109.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p109.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p109.buyer_id), '') as subjects, 1 as rows
        from payment p109
        where p109.id = call.a54
        limit 1
    ) r110 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'PaymentProfile:~' || encode(substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p111.id)), 1, 8) || int8send(p111.id # ('x' || encode(substr(sha256(call.key || substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p111.id)), 1, 8)), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}' as json, nullif(concat_ws(',', p111.member_id), '') as subjects, 1 as rows
        from payment_profile p111
        where p111.id = call.a55
        limit 1
    ) r112 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p113.id || '"', 'null') || '}' as json, nullif(concat_ws(',', p113.owner_id), '') as subjects, 1 as rows
        from product p113
        where p113.id = call.a56
        limit 1
    ) r114 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '0795f7bc-95de-0ee6-02df-f0cef0d6464e'::uuid, 'Nodes', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> answer.country), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
