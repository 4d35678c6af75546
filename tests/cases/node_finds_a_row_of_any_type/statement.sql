with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[], $44::bigint[], $45::bigint[], $46::bigint[], $47::bigint[], $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[], $55::bigint[], $56::bigint[], $57::bigint[], $58::bigint[], $59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::bigint[], $65::bigint[], $66::bigint[], $67::bigint[], $68::bigint[], $69::bigint[], $70::bigint[], $71::bigint[], $72::bigint[], $73::bigint[], $74::bigint[], $75::bigint[], $76::bigint[], $77::bigint[], $78::bigint[], $79::bigint[], $80::bigint[], $81::bigint[], $82::bigint[], $83::bigint[], $84::bigint[], $85::bigint[], $86::bigint[], $87::bigint[], $88::bigint[], $89::bigint[], $90::bigint[], $91::bigint[], $92::bigint[], $93::bigint[], $94::bigint[], $95::bigint[], $96::bigint[], $97::bigint[], $98::bigint[], $99::bigint[], $100::bigint[], $101::bigint[], $102::bigint[], $103::bigint[], $104::bigint[], $105::bigint[], $106::bigint[], $107::bigint[], $108::bigint[], $109::bigint[], $110::bigint[], $111::bigint[], $112::bigint[], $113::bigint[], $114::bigint[], $115::bigint[], $116::bigint[], $117::bigint[], $118::bigint[], $119::bigint[], $120::bigint[], $121::bigint[], $122::bigint[], $123::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56, a57, a58, a59, a60, a61, a62, a63, a64, a65, a66, a67, a68, a69, a70, a71, a72, a73, a74, a75, a76, a77, a78, a79, a80, a81, a82, a83, a84, a85, a86, a87, a88, a89, a90, a91, a92, a93, a94, a95, a96, a97, a98, a99, a100, a101, a102, a103, a104, a105, a106, a107, a108, a109, a110, a111, a112, a113, a114, a115, a116, a117, a118, a119, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r2.json, r4.json, r6.json, r8.json, r10.json, r12.json, r14.json, r16.json, r18.json, r20.json, r22.json, r24.json, r26.json, r28.json, r30.json, r32.json, r34.json, 'null') || ',"order":' || coalesce(r36.json, r38.json, r40.json, r42.json, r44.json, r46.json, r48.json, r50.json, r52.json, r54.json, r58.json, r60.json, r62.json, r64.json, r66.json, r68.json, r70.json, 'null') || ',"company":' || coalesce(r72.json, r74.json, r76.json, r78.json, r80.json, r82.json, r84.json, r86.json, r88.json, r90.json, r92.json, r94.json, r96.json, r98.json, r100.json, r102.json, r104.json, 'null') || ',"organisation":' || coalesce(r106.json, r108.json, r110.json, r112.json, r114.json, r116.json, r118.json, r120.json, r122.json, r124.json, r126.json, r128.json, r130.json, r132.json, r134.json, r136.json, r138.json, 'null') || ',"payment":' || coalesce(r140.json, r142.json, r144.json, r146.json, r148.json, r150.json, r152.json, r154.json, r156.json, r158.json, r160.json, r162.json, r164.json, r166.json, r168.json, r170.json, r172.json, 'null') || ',"nothing":' || coalesce(r174.json, r176.json, r178.json, r180.json, r182.json, r184.json, r186.json, r188.json, r190.json, r192.json, r194.json, r196.json, r198.json, r200.json, r202.json, r204.json, r206.json, 'null') || ',"nonsense":' || coalesce(r208.json, r210.json, r212.json, r214.json, r216.json, r218.json, r220.json, r222.json, r224.json, r226.json, r228.json, r230.json, r232.json, r234.json, r236.json, r238.json, r240.json, 'null') || '}' as json,
        nullif(concat_ws(',', nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects, r16.subjects, r18.subjects, r20.subjects, r22.subjects, r26.subjects, r28.subjects, r30.subjects, r32.subjects, r34.subjects, r36.subjects, r38.subjects, r40.subjects, r42.subjects, r44.subjects, r46.subjects, r48.subjects, r50.subjects, r52.subjects, r54.subjects, r58.subjects, r62.subjects, r64.subjects, r66.subjects, r68.subjects, r70.subjects, r72.subjects, r74.subjects, r76.subjects, r78.subjects, r80.subjects, r82.subjects, r84.subjects, r86.subjects, r88.subjects, r90.subjects, r92.subjects, r96.subjects, r98.subjects, r100.subjects, r102.subjects, r104.subjects, r106.subjects, r108.subjects, r110.subjects, r112.subjects, r114.subjects, r116.subjects, r118.subjects, r120.subjects, r122.subjects, r124.subjects, r126.subjects, r130.subjects, r132.subjects, r134.subjects, r136.subjects, r138.subjects, r140.subjects, r142.subjects, r144.subjects, r146.subjects, r148.subjects, r150.subjects, r152.subjects, r154.subjects, r156.subjects, r158.subjects, r160.subjects, r164.subjects, r166.subjects, r168.subjects, r170.subjects, r172.subjects, r174.subjects, r176.subjects, r178.subjects, r180.subjects, r182.subjects, r184.subjects, r186.subjects, r188.subjects, r190.subjects, r192.subjects), ''), nullif(concat_ws(',', r194.subjects, r198.subjects, r200.subjects, r202.subjects, r204.subjects, r206.subjects, r208.subjects, r210.subjects, r212.subjects, r214.subjects, r216.subjects, r218.subjects, r220.subjects, r222.subjects, r224.subjects, r226.subjects, r228.subjects, r232.subjects, r234.subjects, r236.subjects, r238.subjects, r240.subjects), '')), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(r16.rows, 0) + coalesce(r18.rows, 0) + coalesce(r20.rows, 0) + coalesce(r22.rows, 0) + coalesce(r24.rows, 0) + coalesce(r26.rows, 0) + coalesce(r28.rows, 0) + coalesce(r30.rows, 0) + coalesce(r32.rows, 0) + coalesce(r34.rows, 0) + coalesce(r36.rows, 0) + coalesce(r38.rows, 0) + coalesce(r40.rows, 0) + coalesce(r42.rows, 0) + coalesce(r44.rows, 0) + coalesce(r46.rows, 0) + coalesce(r48.rows, 0) + coalesce(r50.rows, 0) + coalesce(r52.rows, 0) + coalesce(r54.rows, 0) + coalesce(r58.rows, 0) + coalesce(r60.rows, 0) + coalesce(r62.rows, 0) + coalesce(r64.rows, 0) + coalesce(r66.rows, 0) + coalesce(r68.rows, 0) + coalesce(r70.rows, 0) + coalesce(r72.rows, 0) + coalesce(r74.rows, 0) + coalesce(r76.rows, 0) + coalesce(r78.rows, 0) + coalesce(r80.rows, 0) + coalesce(r82.rows, 0) + coalesce(r84.rows, 0) + coalesce(r86.rows, 0) + coalesce(r88.rows, 0) + coalesce(r90.rows, 0) + coalesce(r92.rows, 0) + coalesce(r94.rows, 0) + coalesce(r96.rows, 0) + coalesce(r98.rows, 0) + coalesce(r100.rows, 0) + coalesce(r102.rows, 0) + coalesce(r104.rows, 0) + coalesce(r106.rows, 0) + coalesce(r108.rows, 0) + coalesce(r110.rows, 0) + coalesce(r112.rows, 0) + coalesce(r114.rows, 0) + coalesce(r116.rows, 0) + coalesce(r118.rows, 0) + coalesce(r120.rows, 0) + coalesce(r122.rows, 0) + coalesce(r124.rows, 0) + coalesce(r126.rows, 0) + coalesce(r128.rows, 0) + coalesce(r130.rows, 0) + coalesce(r132.rows, 0) + coalesce(r134.rows, 0) + coalesce(r136.rows, 0) + coalesce(r138.rows, 0) + coalesce(r140.rows, 0) + coalesce(r142.rows, 0) + coalesce(r144.rows, 0) + coalesce(r146.rows, 0) + coalesce(r148.rows, 0) + coalesce(r150.rows, 0) + coalesce(r152.rows, 0) + coalesce(r154.rows, 0) + coalesce(r156.rows, 0) + coalesce(r158.rows, 0) + coalesce(r160.rows, 0) + coalesce(r162.rows, 0) + coalesce(r164.rows, 0) + coalesce(r166.rows, 0) + coalesce(r168.rows, 0) + coalesce(r170.rows, 0) + coalesce(r172.rows, 0) + coalesce(r174.rows, 0) + coalesce(r176.rows, 0) + coalesce(r178.rows, 0) + coalesce(r180.rows, 0) + coalesce(r182.rows, 0) + coalesce(r184.rows, 0) + coalesce(r186.rows, 0) + coalesce(r188.rows, 0) + coalesce(r190.rows, 0) + coalesce(r192.rows, 0) + coalesce(r194.rows, 0) + coalesce(r196.rows, 0) + coalesce(r198.rows, 0) + coalesce(r200.rows, 0) + coalesce(r202.rows, 0) + coalesce(r204.rows, 0) + coalesce(r206.rows, 0) + coalesce(r208.rows, 0) + coalesce(r210.rows, 0) + coalesce(r212.rows, 0) + coalesce(r214.rows, 0) + coalesce(r216.rows, 0) + coalesce(r218.rows, 0) + coalesce(r220.rows, 0) + coalesce(r222.rows, 0) + coalesce(r224.rows, 0) + coalesce(r226.rows, 0) + coalesce(r228.rows, 0) + coalesce(r230.rows, 0) + coalesce(r232.rows, 0) + coalesce(r234.rows, 0) + coalesce(r236.rows, 0) + coalesce(r238.rows, 0) + coalesce(r240.rows, 0) as rows
    from call
    left join lateral (
        select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b1.id::bigint || '"', 'null') || '}' as json, b1.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b1
        where b1.id = call.a1
        limit 1
    ) r2 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b3.id::bigint || '"', 'null') || '}' as json, b3.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b3
        where b3.id = call.a2
        limit 1
    ) r4 on true
    left join lateral (
        select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b5.id::bigint || '"', 'null') || '}' as json, b5.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b5
        where b5.id = call.a3
        limit 1
    ) r6 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c7.id::bigint || '"', 'null') || '}' as json, c7.owner_id::bigint::text as subjects, 1 as rows
        from company c7
        where c7.id = call.a4
        limit 1
    ) r8 on true
    left join lateral (
        select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c9.id::bigint || '"', 'null') || '}' as json, c9.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c9
        where c9.id = call.a5
        limit 1
    ) r10 on true
    left join lateral (
        select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d11.id::bigint || '"', 'null') || '}' as json, d11.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d11
        where d11.id = call.a6
        limit 1
    ) r12 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d13.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d13.buyer_id::bigint || ':.4', d13.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from dispute d13
        where d13.id = call.a7
        limit 1
    ) r14 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f15.id::bigint || '"', 'null') || '}' as json, f15.author_id::bigint::text as subjects, 1 as rows
        from forum_post f15
        where f15.id = call.a8
        limit 1
    ) r16 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m17.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m17.name) || '}' as json, m17.id::bigint || ':.5' as subjects, 1 as rows
        from member m17
        where m17.id = call.a9
        limit 1
    ) r18 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m19.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m19.sender_id::bigint || ':.6', m19.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
        from message m19
        where m19.id = call.a10
        limit 1
    ) r20 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o21.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o21.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o21.total::numeric end || '"', 'null') || '}' as json, nullif(concat_ws(',', o21.buyer_id::bigint || ':.7', o21.seller_id::bigint || ':.7'), '') as subjects, 1 as rows
        from trade_order o21
        where o21.id = call.a11
        limit 1
    ) r22 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o23.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o23
        where o23.id = call.a12
        limit 1
    ) r24 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p25.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p25.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p25.buyer_id::bigint || ':.8' as subjects, 1 as rows
        from payment p25
        where p25.id = call.a13
        limit 1
    ) r26 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p27.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p27.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p27.member_id::bigint || ':.9' as subjects, 1 as rows
        from payment_profile p27
        where p27.id = call.a14
        limit 1
    ) r28 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p29.id::bigint || '"', 'null') || '}' as json, p29.owner_id::bigint::text as subjects, 1 as rows
        from product p29
        where p29.id = call.a15
        limit 1
    ) r30 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s31.id::bigint || '"', 'null') || '}' as json, s31.member_id::bigint || ':.10' as subjects, 1 as rows
        from support_case s31
        where s31.id = call.a16
        limit 1
    ) r32 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v33.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v33.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v33.member_id::bigint || ':.11' as subjects, 1 as rows
        from visit v33
        where v33.id = call.a17
        limit 1
    ) r34 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b35.id::bigint || '"', 'null') || '}' as json, b35.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b35
        where b35.id = call.a18
        limit 1
    ) r36 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b37.id::bigint || '"', 'null') || '}' as json, b37.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b37
        where b37.id = call.a19
        limit 1
    ) r38 on true
    left join lateral (
        select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b39.id::bigint || '"', 'null') || '}' as json, b39.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b39
        where b39.id = call.a20
        limit 1
    ) r40 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c41.id::bigint || '"', 'null') || '}' as json, c41.owner_id::bigint::text as subjects, 1 as rows
        from company c41
        where c41.id = call.a21
        limit 1
    ) r42 on true
    left join lateral (
        select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c43.id::bigint || '"', 'null') || '}' as json, c43.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c43
        where c43.id = call.a22
        limit 1
    ) r44 on true
    left join lateral (
        select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d45.id::bigint || '"', 'null') || '}' as json, d45.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d45
        where d45.id = call.a23
        limit 1
    ) r46 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d47.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d47.buyer_id::bigint || ':.4', d47.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from dispute d47
        where d47.id = call.a24
        limit 1
    ) r48 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f49.id::bigint || '"', 'null') || '}' as json, f49.author_id::bigint::text as subjects, 1 as rows
        from forum_post f49
        where f49.id = call.a25
        limit 1
    ) r50 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m51.id::bigint || '"', 'null') || '}' as json, m51.id::bigint || ':.12' as subjects, 1 as rows
        from member m51
        where m51.id = call.a26
        limit 1
    ) r52 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m53.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m53.sender_id::bigint || ':.6', m53.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
        from message m53
        where m53.id = call.a27
        limit 1
    ) r54 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o55.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o55.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o55.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o55.currency) || ',"buyer":' || coalesce(r57.json, 'null') || '}' as json, nullif(concat_ws(',', o55.buyer_id::bigint || ':.13', o55.seller_id::bigint || ':.13', r57.subjects), '') as subjects, 1 + coalesce(r57.rows, 0) as rows
        from trade_order o55
        left join lateral (
            select '{"name":' || veil.json_text(m56.name) || '}' as json, m56.id::bigint || ':.14' as subjects, 1 as rows
            from member m56
            where m56.id = o55.buyer_id
            limit 1
        ) r57 on true
        where o55.id = call.a28
        limit 1
    ) r58 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o59.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o59
        where o59.id = call.a29
        limit 1
    ) r60 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p61.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p61.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p61.buyer_id::bigint || ':.8' as subjects, 1 as rows
        from payment p61
        where p61.id = call.a30
        limit 1
    ) r62 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p63.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p63.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p63.member_id::bigint || ':.9' as subjects, 1 as rows
        from payment_profile p63
        where p63.id = call.a31
        limit 1
    ) r64 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p65.id::bigint || '"', 'null') || '}' as json, p65.owner_id::bigint::text as subjects, 1 as rows
        from product p65
        where p65.id = call.a32
        limit 1
    ) r66 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s67.id::bigint || '"', 'null') || '}' as json, s67.member_id::bigint || ':.10' as subjects, 1 as rows
        from support_case s67
        where s67.id = call.a33
        limit 1
    ) r68 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v69.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v69.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v69.member_id::bigint || ':.11' as subjects, 1 as rows
        from visit v69
        where v69.id = call.a34
        limit 1
    ) r70 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent"}' as json, b71.member_id::bigint::text as subjects, 1 as rows
        from browsing_event b71
        where b71.id = call.a35
        limit 1
    ) r72 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour"}' as json, b73.member_id::bigint::text as subjects, 1 as rows
        from buyer_behaviour b73
        where b73.id = call.a36
        limit 1
    ) r74 on true
    left join lateral (
        select '{"__typename":"BuyingRequest"}' as json, b75.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b75
        where b75.id = call.a37
        limit 1
    ) r76 on true
    left join lateral (
        select '{"__typename":"Company","name":' || veil.json_text(c77.name) || '}' as json, c77.owner_id::bigint || ':.15' as subjects, 1 as rows
        from company c77
        where c77.id = call.a38
        limit 1
    ) r78 on true
    left join lateral (
        select '{"__typename":"Consent"}' as json, c79.member_id::bigint::text as subjects, 1 as rows
        from consent c79
        where c79.id = call.a39
        limit 1
    ) r80 on true
    left join lateral (
        select '{"__typename":"DataRequest"}' as json, d81.member_id::bigint::text as subjects, 1 as rows
        from data_subject_request d81
        where d81.id = call.a40
        limit 1
    ) r82 on true
    left join lateral (
        select '{"__typename":"Dispute"}' as json, nullif(concat_ws(',', d83.buyer_id::bigint::text, d83.seller_id::bigint::text), '') as subjects, 1 as rows
        from dispute d83
        where d83.id = call.a41
        limit 1
    ) r84 on true
    left join lateral (
        select '{"__typename":"ForumPost"}' as json, f85.author_id::bigint::text as subjects, 1 as rows
        from forum_post f85
        where f85.id = call.a42
        limit 1
    ) r86 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, m87.id::bigint::text as subjects, 1 as rows
        from member m87
        where m87.id = call.a43
        limit 1
    ) r88 on true
    left join lateral (
        select '{"__typename":"Message"}' as json, nullif(concat_ws(',', m89.sender_id::bigint::text, m89.recipient_id::bigint::text), '') as subjects, 1 as rows
        from message m89
        where m89.id = call.a44
        limit 1
    ) r90 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o91.buyer_id::bigint::text, o91.seller_id::bigint::text), '') as subjects, 1 as rows
        from trade_order o91
        where o91.id = call.a45
        limit 1
    ) r92 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o93
        where o93.id = call.a46
        limit 1
    ) r94 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, p95.buyer_id::bigint::text as subjects, 1 as rows
        from payment p95
        where p95.id = call.a47
        limit 1
    ) r96 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, p97.member_id::bigint::text as subjects, 1 as rows
        from payment_profile p97
        where p97.id = call.a48
        limit 1
    ) r98 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, p99.owner_id::bigint::text as subjects, 1 as rows
        from product p99
        where p99.id = call.a49
        limit 1
    ) r100 on true
    left join lateral (
        select '{"__typename":"SupportCase"}' as json, s101.member_id::bigint::text as subjects, 1 as rows
        from support_case s101
        where s101.id = call.a50
        limit 1
    ) r102 on true
    left join lateral (
        select '{"__typename":"Visit"}' as json, v103.member_id::bigint::text as subjects, 1 as rows
        from visit v103
        where v103.id = call.a51
        limit 1
    ) r104 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent"}' as json, b105.member_id::bigint::text as subjects, 1 as rows
        from browsing_event b105
        where b105.id = call.a52
        limit 1
    ) r106 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour"}' as json, b107.member_id::bigint::text as subjects, 1 as rows
        from buyer_behaviour b107
        where b107.id = call.a53
        limit 1
    ) r108 on true
    left join lateral (
        select '{"__typename":"BuyingRequest"}' as json, b109.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b109
        where b109.id = call.a54
        limit 1
    ) r110 on true
    left join lateral (
        select '{"__typename":"Company"}' as json, c111.owner_id::bigint::text as subjects, 1 as rows
        from company c111
        where c111.id = call.a55
        limit 1
    ) r112 on true
    left join lateral (
        select '{"__typename":"Consent"}' as json, c113.member_id::bigint::text as subjects, 1 as rows
        from consent c113
        where c113.id = call.a56
        limit 1
    ) r114 on true
    left join lateral (
        select '{"__typename":"DataRequest"}' as json, d115.member_id::bigint::text as subjects, 1 as rows
        from data_subject_request d115
        where d115.id = call.a57
        limit 1
    ) r116 on true
    left join lateral (
        select '{"__typename":"Dispute"}' as json, nullif(concat_ws(',', d117.buyer_id::bigint::text, d117.seller_id::bigint::text), '') as subjects, 1 as rows
        from dispute d117
        where d117.id = call.a58
        limit 1
    ) r118 on true
    left join lateral (
        select '{"__typename":"ForumPost"}' as json, f119.author_id::bigint::text as subjects, 1 as rows
        from forum_post f119
        where f119.id = call.a59
        limit 1
    ) r120 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, m121.id::bigint::text as subjects, 1 as rows
        from member m121
        where m121.id = call.a60
        limit 1
    ) r122 on true
    left join lateral (
        select '{"__typename":"Message"}' as json, nullif(concat_ws(',', m123.sender_id::bigint::text, m123.recipient_id::bigint::text), '') as subjects, 1 as rows
        from message m123
        where m123.id = call.a61
        limit 1
    ) r124 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o125.buyer_id::bigint::text, o125.seller_id::bigint::text), '') as subjects, 1 as rows
        from trade_order o125
        where o125.id = call.a62
        limit 1
    ) r126 on true
    left join lateral (
        select '{"__typename":"Organisation","name":' || veil.json_text(o127.name) || ',"kind":' || veil.json_text(case when o127.kind in ('MARKETPLACE', 'AFFILIATE', 'SERVICE_PROVIDER', 'PARTNER', 'ADVERTISER', 'BANK', 'PAYMENT_VENDOR', 'CREDIT_AGENCY', 'AUTHORITY', 'CLAIMANT', 'ACQUIRER') then o127.kind end) || '}' as json, null::text as subjects, 1 as rows
        from organisation o127
        where o127.id = call.a63
        limit 1
    ) r128 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, p129.buyer_id::bigint::text as subjects, 1 as rows
        from payment p129
        where p129.id = call.a64
        limit 1
    ) r130 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, p131.member_id::bigint::text as subjects, 1 as rows
        from payment_profile p131
        where p131.id = call.a65
        limit 1
    ) r132 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, p133.owner_id::bigint::text as subjects, 1 as rows
        from product p133
        where p133.id = call.a66
        limit 1
    ) r134 on true
    left join lateral (
        select '{"__typename":"SupportCase"}' as json, s135.member_id::bigint::text as subjects, 1 as rows
        from support_case s135
        where s135.id = call.a67
        limit 1
    ) r136 on true
    left join lateral (
        select '{"__typename":"Visit"}' as json, v137.member_id::bigint::text as subjects, 1 as rows
        from visit v137
        where v137.id = call.a68
        limit 1
    ) r138 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b139.id::bigint || '"', 'null') || '}' as json, b139.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b139
        where b139.id = call.a69
        limit 1
    ) r140 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b141.id::bigint || '"', 'null') || '}' as json, b141.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b141
        where b141.id = call.a70
        limit 1
    ) r142 on true
    left join lateral (
        select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b143.id::bigint || '"', 'null') || '}' as json, b143.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b143
        where b143.id = call.a71
        limit 1
    ) r144 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c145.id::bigint || '"', 'null') || '}' as json, c145.owner_id::bigint::text as subjects, 1 as rows
        from company c145
        where c145.id = call.a72
        limit 1
    ) r146 on true
    left join lateral (
        select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c147.id::bigint || '"', 'null') || '}' as json, c147.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c147
        where c147.id = call.a73
        limit 1
    ) r148 on true
    left join lateral (
        select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d149.id::bigint || '"', 'null') || '}' as json, d149.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d149
        where d149.id = call.a74
        limit 1
    ) r150 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d151.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d151.buyer_id::bigint || ':.4', d151.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from dispute d151
        where d151.id = call.a75
        limit 1
    ) r152 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f153.id::bigint || '"', 'null') || '}' as json, f153.author_id::bigint::text as subjects, 1 as rows
        from forum_post f153
        where f153.id = call.a76
        limit 1
    ) r154 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m155.id::bigint || '"', 'null') || '}' as json, m155.id::bigint || ':.12' as subjects, 1 as rows
        from member m155
        where m155.id = call.a77
        limit 1
    ) r156 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m157.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m157.sender_id::bigint || ':.6', m157.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
        from message m157
        where m157.id = call.a78
        limit 1
    ) r158 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o159.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o159.buyer_id::bigint || ':.16', o159.seller_id::bigint || ':.16'), '') as subjects, 1 as rows
        from trade_order o159
        where o159.id = call.a79
        limit 1
    ) r160 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o161.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o161
        where o161.id = call.a80
        limit 1
    ) r162 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p163.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p163.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p163.buyer_id::bigint || ':.8' as subjects, 1 as rows
        from payment p163
        where p163.id = call.a81
        limit 1
    ) r164 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p165.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p165.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p165.member_id::bigint || ':.9' as subjects, 1 as rows
        from payment_profile p165
        where p165.id = call.a82
        limit 1
    ) r166 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p167.id::bigint || '"', 'null') || '}' as json, p167.owner_id::bigint::text as subjects, 1 as rows
        from product p167
        where p167.id = call.a83
        limit 1
    ) r168 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s169.id::bigint || '"', 'null') || '}' as json, s169.member_id::bigint || ':.10' as subjects, 1 as rows
        from support_case s169
        where s169.id = call.a84
        limit 1
    ) r170 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v171.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v171.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v171.member_id::bigint || ':.11' as subjects, 1 as rows
        from visit v171
        where v171.id = call.a85
        limit 1
    ) r172 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b173.id::bigint || '"', 'null') || '}' as json, b173.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b173
        where b173.id = call.a86
        limit 1
    ) r174 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b175.id::bigint || '"', 'null') || '}' as json, b175.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b175
        where b175.id = call.a87
        limit 1
    ) r176 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyingRequest:' || b177.id::bigint || '"', 'null') || '}' as json, b177.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b177
        where b177.id = call.a88
        limit 1
    ) r178 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c179.id::bigint || '"', 'null') || '}' as json, c179.owner_id::bigint::text as subjects, 1 as rows
        from company c179
        where c179.id = call.a89
        limit 1
    ) r180 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Consent:' || c181.id::bigint || '"', 'null') || '}' as json, c181.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c181
        where c181.id = call.a90
        limit 1
    ) r182 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DataRequest:' || d183.id::bigint || '"', 'null') || '}' as json, d183.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d183
        where d183.id = call.a91
        limit 1
    ) r184 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Dispute:' || d185.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d185.buyer_id::bigint || ':.4', d185.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from dispute d185
        where d185.id = call.a92
        limit 1
    ) r186 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'ForumPost:' || f187.id::bigint || '"', 'null') || '}' as json, f187.author_id::bigint::text as subjects, 1 as rows
        from forum_post f187
        where f187.id = call.a93
        limit 1
    ) r188 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m189.id::bigint || '"', 'null') || '}' as json, m189.id::bigint || ':.12' as subjects, 1 as rows
        from member m189
        where m189.id = call.a94
        limit 1
    ) r190 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Message:' || m191.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m191.sender_id::bigint || ':.6', m191.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
        from message m191
        where m191.id = call.a95
        limit 1
    ) r192 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o193.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o193.buyer_id::bigint || ':.16', o193.seller_id::bigint || ':.16'), '') as subjects, 1 as rows
        from trade_order o193
        where o193.id = call.a96
        limit 1
    ) r194 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o195.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o195
        where o195.id = call.a97
        limit 1
    ) r196 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p197.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p197.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p197.buyer_id::bigint || ':.8' as subjects, 1 as rows
        from payment p197
        where p197.id = call.a98
        limit 1
    ) r198 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p199.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p199.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p199.member_id::bigint || ':.9' as subjects, 1 as rows
        from payment_profile p199
        where p199.id = call.a99
        limit 1
    ) r200 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p201.id::bigint || '"', 'null') || '}' as json, p201.owner_id::bigint::text as subjects, 1 as rows
        from product p201
        where p201.id = call.a100
        limit 1
    ) r202 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'SupportCase:' || s203.id::bigint || '"', 'null') || '}' as json, s203.member_id::bigint || ':.10' as subjects, 1 as rows
        from support_case s203
        where s203.id = call.a101
        limit 1
    ) r204 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v205.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v205.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v205.member_id::bigint || ':.11' as subjects, 1 as rows
        from visit v205
        where v205.id = call.a102
        limit 1
    ) r206 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b207.id::bigint || '"', 'null') || '}' as json, b207.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b207
        where b207.id = call.a103
        limit 1
    ) r208 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b209.id::bigint || '"', 'null') || '}' as json, b209.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b209
        where b209.id = call.a104
        limit 1
    ) r210 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyingRequest:' || b211.id::bigint || '"', 'null') || '}' as json, b211.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b211
        where b211.id = call.a105
        limit 1
    ) r212 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c213.id::bigint || '"', 'null') || '}' as json, c213.owner_id::bigint::text as subjects, 1 as rows
        from company c213
        where c213.id = call.a106
        limit 1
    ) r214 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Consent:' || c215.id::bigint || '"', 'null') || '}' as json, c215.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c215
        where c215.id = call.a107
        limit 1
    ) r216 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DataRequest:' || d217.id::bigint || '"', 'null') || '}' as json, d217.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d217
        where d217.id = call.a108
        limit 1
    ) r218 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Dispute:' || d219.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d219.buyer_id::bigint || ':.4', d219.seller_id::bigint || ':.4'), '') as subjects, 1 as rows
        from dispute d219
        where d219.id = call.a109
        limit 1
    ) r220 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'ForumPost:' || f221.id::bigint || '"', 'null') || '}' as json, f221.author_id::bigint::text as subjects, 1 as rows
        from forum_post f221
        where f221.id = call.a110
        limit 1
    ) r222 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m223.id::bigint || '"', 'null') || '}' as json, m223.id::bigint || ':.12' as subjects, 1 as rows
        from member m223
        where m223.id = call.a111
        limit 1
    ) r224 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Message:' || m225.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m225.sender_id::bigint || ':.6', m225.recipient_id::bigint || ':.6'), '') as subjects, 1 as rows
        from message m225
        where m225.id = call.a112
        limit 1
    ) r226 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o227.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o227.buyer_id::bigint || ':.16', o227.seller_id::bigint || ':.16'), '') as subjects, 1 as rows
        from trade_order o227
        where o227.id = call.a113
        limit 1
    ) r228 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o229.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o229
        where o229.id = call.a114
        limit 1
    ) r230 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p231.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p231.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p231.buyer_id::bigint || ':.8' as subjects, 1 as rows
        from payment p231
        where p231.id = call.a115
        limit 1
    ) r232 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p233.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p233.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p233.member_id::bigint || ':.9' as subjects, 1 as rows
        from payment_profile p233
        where p233.id = call.a116
        limit 1
    ) r234 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p235.id::bigint || '"', 'null') || '}' as json, p235.owner_id::bigint::text as subjects, 1 as rows
        from product p235
        where p235.id = call.a117
        limit 1
    ) r236 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'SupportCase:' || s237.id::bigint || '"', 'null') || '}' as json, s237.member_id::bigint || ':.10' as subjects, 1 as rows
        from support_case s237
        where s237.id = call.a118
        limit 1
    ) r238 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v239.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v239.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v239.member_id::bigint || ':.11' as subjects, 1 as rows
        from visit v239
        where v239.id = call.a119
        limit 1
    ) r240 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
