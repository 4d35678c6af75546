with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[], $33::bigint[], $34::bigint[], $35::bigint[], $36::bigint[], $37::bigint[], $38::bigint[], $39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[], $44::bigint[], $45::bigint[], $46::bigint[], $47::bigint[], $48::bigint[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[], $53::bigint[], $54::bigint[], $55::bigint[], $56::bigint[], $57::bigint[], $58::bigint[], $59::bigint[], $60::bigint[], $61::bigint[], $62::bigint[], $63::bigint[], $64::bigint[], $65::bigint[], $66::bigint[], $67::bigint[], $68::bigint[], $69::bigint[], $70::bigint[], $71::bigint[], $72::bigint[], $73::bigint[], $74::bigint[], $75::bigint[], $76::bigint[], $77::bigint[], $78::bigint[], $79::bigint[], $80::bigint[], $81::bigint[], $82::bigint[], $83::bigint[], $84::bigint[], $85::bigint[], $86::bigint[], $87::bigint[], $88::bigint[], $89::bigint[], $90::bigint[], $91::bigint[], $92::bigint[], $93::bigint[], $94::bigint[], $95::bigint[], $96::bigint[], $97::bigint[], $98::bigint[], $99::bigint[], $100::bigint[], $101::bigint[], $102::bigint[], $103::bigint[], $104::bigint[], $105::bigint[], $106::bigint[], $107::bigint[], $108::bigint[], $109::bigint[], $110::bigint[], $111::bigint[], $112::bigint[], $113::bigint[], $114::bigint[], $115::bigint[], $116::bigint[], $117::bigint[], $118::bigint[], $119::bigint[], $120::bigint[], $121::bigint[], $122::bigint[], $123::bigint[], $124::bigint[], $125::bigint[], $126::bigint[], $127::bigint[], $128::bigint[], $129::bigint[], $130::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55, a56, a57, a58, a59, a60, a61, a62, a63, a64, a65, a66, a67, a68, a69, a70, a71, a72, a73, a74, a75, a76, a77, a78, a79, a80, a81, a82, a83, a84, a85, a86, a87, a88, a89, a90, a91, a92, a93, a94, a95, a96, a97, a98, a99, a100, a101, a102, a103, a104, a105, a106, a107, a108, a109, a110, a111, a112, a113, a114, a115, a116, a117, a118, a119, a120, a121, a122, a123, a124, a125, a126, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"member":' || coalesce(r2.json, r4.json, r6.json, r8.json, r10.json, r12.json, r14.json, r16.json, r18.json, r20.json, r22.json, r24.json, r26.json, r28.json, r30.json, r32.json, r34.json, r36.json, 'null') || ',"order":' || coalesce(r38.json, r40.json, r42.json, r44.json, r46.json, r48.json, r50.json, r52.json, r54.json, r56.json, r58.json, r62.json, r64.json, r66.json, r68.json, r70.json, r72.json, r74.json, 'null') || ',"company":' || coalesce(r76.json, r78.json, r80.json, r82.json, r84.json, r86.json, r88.json, r90.json, r92.json, r94.json, r96.json, r98.json, r100.json, r102.json, r104.json, r106.json, r108.json, r110.json, 'null') || ',"organisation":' || coalesce(r112.json, r114.json, r116.json, r118.json, r120.json, r122.json, r124.json, r126.json, r128.json, r130.json, r132.json, r134.json, r136.json, r138.json, r140.json, r142.json, r144.json, r146.json, 'null') || ',"payment":' || coalesce(r148.json, r150.json, r152.json, r154.json, r156.json, r158.json, r160.json, r162.json, r164.json, r166.json, r168.json, r170.json, r172.json, r174.json, r176.json, r178.json, r180.json, r182.json, 'null') || ',"nothing":' || coalesce(r184.json, r186.json, r188.json, r190.json, r192.json, r194.json, r196.json, r198.json, r200.json, r202.json, r204.json, r206.json, r208.json, r210.json, r212.json, r214.json, r216.json, r218.json, 'null') || ',"nonsense":' || coalesce(r220.json, r222.json, r224.json, r226.json, r228.json, r230.json, r232.json, r234.json, r236.json, r238.json, r240.json, r242.json, r244.json, r246.json, r248.json, r250.json, r252.json, r254.json, 'null') || '}' as json,
        nullif(concat_ws(',', nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects, r16.subjects, r18.subjects, r20.subjects, r22.subjects, r24.subjects, r28.subjects, r30.subjects, r32.subjects, r34.subjects, r36.subjects, r38.subjects, r40.subjects, r42.subjects, r44.subjects, r46.subjects, r48.subjects, r50.subjects, r52.subjects, r54.subjects, r56.subjects, r58.subjects, r62.subjects, r66.subjects, r68.subjects, r70.subjects, r72.subjects, r74.subjects, r76.subjects, r78.subjects, r80.subjects, r82.subjects, r84.subjects, r86.subjects, r88.subjects, r90.subjects, r92.subjects, r94.subjects, r96.subjects, r98.subjects, r102.subjects, r104.subjects, r106.subjects, r108.subjects, r110.subjects, r112.subjects, r114.subjects, r116.subjects, r118.subjects, r120.subjects, r122.subjects, r124.subjects, r126.subjects, r128.subjects, r130.subjects, r132.subjects, r134.subjects, r138.subjects, r140.subjects, r142.subjects, r144.subjects, r146.subjects, r148.subjects, r150.subjects, r152.subjects, r154.subjects, r156.subjects, r158.subjects, r160.subjects, r162.subjects, r164.subjects, r166.subjects, r168.subjects, r170.subjects, r174.subjects, r176.subjects, r178.subjects, r180.subjects, r182.subjects, r184.subjects, r186.subjects, r188.subjects, r190.subjects, r192.subjects), ''), nullif(concat_ws(',', r194.subjects, r196.subjects, r198.subjects, r200.subjects, r202.subjects, r204.subjects, r206.subjects, r210.subjects, r212.subjects, r214.subjects, r216.subjects, r218.subjects, r220.subjects, r222.subjects, r224.subjects, r226.subjects, r228.subjects, r230.subjects, r232.subjects, r234.subjects, r236.subjects, r238.subjects, r240.subjects, r242.subjects, r246.subjects, r248.subjects, r250.subjects, r252.subjects, r254.subjects), '')), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(r16.rows, 0) + coalesce(r18.rows, 0) + coalesce(r20.rows, 0) + coalesce(r22.rows, 0) + coalesce(r24.rows, 0) + coalesce(r26.rows, 0) + coalesce(r28.rows, 0) + coalesce(r30.rows, 0) + coalesce(r32.rows, 0) + coalesce(r34.rows, 0) + coalesce(r36.rows, 0) + coalesce(r38.rows, 0) + coalesce(r40.rows, 0) + coalesce(r42.rows, 0) + coalesce(r44.rows, 0) + coalesce(r46.rows, 0) + coalesce(r48.rows, 0) + coalesce(r50.rows, 0) + coalesce(r52.rows, 0) + coalesce(r54.rows, 0) + coalesce(r56.rows, 0) + coalesce(r58.rows, 0) + coalesce(r62.rows, 0) + coalesce(r64.rows, 0) + coalesce(r66.rows, 0) + coalesce(r68.rows, 0) + coalesce(r70.rows, 0) + coalesce(r72.rows, 0) + coalesce(r74.rows, 0) + coalesce(r76.rows, 0) + coalesce(r78.rows, 0) + coalesce(r80.rows, 0) + coalesce(r82.rows, 0) + coalesce(r84.rows, 0) + coalesce(r86.rows, 0) + coalesce(r88.rows, 0) + coalesce(r90.rows, 0) + coalesce(r92.rows, 0) + coalesce(r94.rows, 0) + coalesce(r96.rows, 0) + coalesce(r98.rows, 0) + coalesce(r100.rows, 0) + coalesce(r102.rows, 0) + coalesce(r104.rows, 0) + coalesce(r106.rows, 0) + coalesce(r108.rows, 0) + coalesce(r110.rows, 0) + coalesce(r112.rows, 0) + coalesce(r114.rows, 0) + coalesce(r116.rows, 0) + coalesce(r118.rows, 0) + coalesce(r120.rows, 0) + coalesce(r122.rows, 0) + coalesce(r124.rows, 0) + coalesce(r126.rows, 0) + coalesce(r128.rows, 0) + coalesce(r130.rows, 0) + coalesce(r132.rows, 0) + coalesce(r134.rows, 0) + coalesce(r136.rows, 0) + coalesce(r138.rows, 0) + coalesce(r140.rows, 0) + coalesce(r142.rows, 0) + coalesce(r144.rows, 0) + coalesce(r146.rows, 0) + coalesce(r148.rows, 0) + coalesce(r150.rows, 0) + coalesce(r152.rows, 0) + coalesce(r154.rows, 0) + coalesce(r156.rows, 0) + coalesce(r158.rows, 0) + coalesce(r160.rows, 0) + coalesce(r162.rows, 0) + coalesce(r164.rows, 0) + coalesce(r166.rows, 0) + coalesce(r168.rows, 0) + coalesce(r170.rows, 0) + coalesce(r172.rows, 0) + coalesce(r174.rows, 0) + coalesce(r176.rows, 0) + coalesce(r178.rows, 0) + coalesce(r180.rows, 0) + coalesce(r182.rows, 0) + coalesce(r184.rows, 0) + coalesce(r186.rows, 0) + coalesce(r188.rows, 0) + coalesce(r190.rows, 0) + coalesce(r192.rows, 0) + coalesce(r194.rows, 0) + coalesce(r196.rows, 0) + coalesce(r198.rows, 0) + coalesce(r200.rows, 0) + coalesce(r202.rows, 0) + coalesce(r204.rows, 0) + coalesce(r206.rows, 0) + coalesce(r208.rows, 0) + coalesce(r210.rows, 0) + coalesce(r212.rows, 0) + coalesce(r214.rows, 0) + coalesce(r216.rows, 0) + coalesce(r218.rows, 0) + coalesce(r220.rows, 0) + coalesce(r222.rows, 0) + coalesce(r224.rows, 0) + coalesce(r226.rows, 0) + coalesce(r228.rows, 0) + coalesce(r230.rows, 0) + coalesce(r232.rows, 0) + coalesce(r234.rows, 0) + coalesce(r236.rows, 0) + coalesce(r238.rows, 0) + coalesce(r240.rows, 0) + coalesce(r242.rows, 0) + coalesce(r244.rows, 0) + coalesce(r246.rows, 0) + coalesce(r248.rows, 0) + coalesce(r250.rows, 0) + coalesce(r252.rows, 0) + coalesce(r254.rows, 0) as rows
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
        select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d13.id::bigint || '"', 'null') || '}' as json, d13.member_id::bigint || ':.4' as subjects, 1 as rows
        from destruction_receipt d13
        where d13.id = call.a7
        limit 1
    ) r14 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d15.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d15.buyer_id::bigint || ':.5', d15.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
        from dispute d15
        where d15.id = call.a8
        limit 1
    ) r16 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f17.id::bigint || '"', 'null') || '}' as json, f17.author_id::bigint::text as subjects, 1 as rows
        from forum_post f17
        where f17.id = call.a9
        limit 1
    ) r18 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m19.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m19.name) || '}' as json, m19.id::bigint || ':.6' as subjects, 1 as rows
        from member m19
        where m19.id = call.a10 and m19.destroyed_at is null
        limit 1
    ) r20 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m21.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m21.sender_id::bigint || ':.7', m21.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
        from message m21
        where m21.id = call.a11
        limit 1
    ) r22 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o23.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o23.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o23.total::numeric end || '"', 'null') || '}' as json, nullif(concat_ws(',', o23.buyer_id::bigint || ':.8', o23.seller_id::bigint || ':.8'), '') as subjects, 1 as rows
        from trade_order o23
        where o23.id = call.a12
        limit 1
    ) r24 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o25.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o25
        where o25.id = call.a13
        limit 1
    ) r26 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p27.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p27.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p27.buyer_id::bigint || ':.9' as subjects, 1 as rows
        from payment p27
        where p27.id = call.a14
        limit 1
    ) r28 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p29.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p29.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p29.member_id::bigint || ':.10' as subjects, 1 as rows
        from payment_profile p29
        where p29.id = call.a15
        limit 1
    ) r30 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p31.id::bigint || '"', 'null') || '}' as json, p31.owner_id::bigint::text as subjects, 1 as rows
        from product p31
        where p31.id = call.a16
        limit 1
    ) r32 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s33.id::bigint || '"', 'null') || '}' as json, s33.member_id::bigint || ':.11' as subjects, 1 as rows
        from support_case s33
        where s33.id = call.a17
        limit 1
    ) r34 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v35.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v35.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v35.member_id::bigint || ':.12' as subjects, 1 as rows
        from visit v35
        where v35.id = call.a18
        limit 1
    ) r36 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b37.id::bigint || '"', 'null') || '}' as json, b37.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b37
        where b37.id = call.a19
        limit 1
    ) r38 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b39.id::bigint || '"', 'null') || '}' as json, b39.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b39
        where b39.id = call.a20
        limit 1
    ) r40 on true
    left join lateral (
        select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b41.id::bigint || '"', 'null') || '}' as json, b41.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b41
        where b41.id = call.a21
        limit 1
    ) r42 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c43.id::bigint || '"', 'null') || '}' as json, c43.owner_id::bigint::text as subjects, 1 as rows
        from company c43
        where c43.id = call.a22
        limit 1
    ) r44 on true
    left join lateral (
        select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c45.id::bigint || '"', 'null') || '}' as json, c45.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c45
        where c45.id = call.a23
        limit 1
    ) r46 on true
    left join lateral (
        select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d47.id::bigint || '"', 'null') || '}' as json, d47.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d47
        where d47.id = call.a24
        limit 1
    ) r48 on true
    left join lateral (
        select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d49.id::bigint || '"', 'null') || '}' as json, d49.member_id::bigint || ':.4' as subjects, 1 as rows
        from destruction_receipt d49
        where d49.id = call.a25
        limit 1
    ) r50 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d51.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d51.buyer_id::bigint || ':.5', d51.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
        from dispute d51
        where d51.id = call.a26
        limit 1
    ) r52 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f53.id::bigint || '"', 'null') || '}' as json, f53.author_id::bigint::text as subjects, 1 as rows
        from forum_post f53
        where f53.id = call.a27
        limit 1
    ) r54 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m55.id::bigint || '"', 'null') || '}' as json, m55.id::bigint || ':.13' as subjects, 1 as rows
        from member m55
        where m55.id = call.a28 and m55.destroyed_at is null
        limit 1
    ) r56 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m57.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m57.sender_id::bigint || ':.7', m57.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
        from message m57
        where m57.id = call.a29
        limit 1
    ) r58 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o59.id::bigint || '"', 'null') || ',"total":' || coalesce('"' || case when o59.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o59.total::numeric end || '"', 'null') || ',"currency":' || veil.json_text(o59.currency) || ',"buyer":' || coalesce(r61.json, 'null') || '}' as json, nullif(concat_ws(',', o59.buyer_id::bigint || ':.14', o59.seller_id::bigint || ':.14', r61.subjects), '') as subjects, 1 + coalesce(r61.rows, 0) as rows
        from trade_order o59
        left join lateral (
            select '{"name":' || veil.json_text(m60.name) || '}' as json, m60.id::bigint || ':.15' as subjects, 1 as rows
            from member m60
            where m60.id = o59.buyer_id and m60.destroyed_at is null
            limit 1
        ) r61 on true
        where o59.id = call.a30
        limit 1
    ) r62 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o63.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o63
        where o63.id = call.a31
        limit 1
    ) r64 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p65.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p65.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p65.buyer_id::bigint || ':.9' as subjects, 1 as rows
        from payment p65
        where p65.id = call.a32
        limit 1
    ) r66 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p67.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p67.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p67.member_id::bigint || ':.10' as subjects, 1 as rows
        from payment_profile p67
        where p67.id = call.a33
        limit 1
    ) r68 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p69.id::bigint || '"', 'null') || '}' as json, p69.owner_id::bigint::text as subjects, 1 as rows
        from product p69
        where p69.id = call.a34
        limit 1
    ) r70 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s71.id::bigint || '"', 'null') || '}' as json, s71.member_id::bigint || ':.11' as subjects, 1 as rows
        from support_case s71
        where s71.id = call.a35
        limit 1
    ) r72 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v73.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v73.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v73.member_id::bigint || ':.12' as subjects, 1 as rows
        from visit v73
        where v73.id = call.a36
        limit 1
    ) r74 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent"}' as json, b75.member_id::bigint::text as subjects, 1 as rows
        from browsing_event b75
        where b75.id = call.a37
        limit 1
    ) r76 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour"}' as json, b77.member_id::bigint::text as subjects, 1 as rows
        from buyer_behaviour b77
        where b77.id = call.a38
        limit 1
    ) r78 on true
    left join lateral (
        select '{"__typename":"BuyingRequest"}' as json, b79.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b79
        where b79.id = call.a39
        limit 1
    ) r80 on true
    left join lateral (
        select '{"__typename":"Company","name":' || veil.json_text(c81.name) || '}' as json, c81.owner_id::bigint || ':.16' as subjects, 1 as rows
        from company c81
        where c81.id = call.a40
        limit 1
    ) r82 on true
    left join lateral (
        select '{"__typename":"Consent"}' as json, c83.member_id::bigint::text as subjects, 1 as rows
        from consent c83
        where c83.id = call.a41
        limit 1
    ) r84 on true
    left join lateral (
        select '{"__typename":"DataRequest"}' as json, d85.member_id::bigint::text as subjects, 1 as rows
        from data_subject_request d85
        where d85.id = call.a42
        limit 1
    ) r86 on true
    left join lateral (
        select '{"__typename":"DestructionReceipt"}' as json, d87.member_id::bigint::text as subjects, 1 as rows
        from destruction_receipt d87
        where d87.id = call.a43
        limit 1
    ) r88 on true
    left join lateral (
        select '{"__typename":"Dispute"}' as json, nullif(concat_ws(',', d89.buyer_id::bigint::text, d89.seller_id::bigint::text), '') as subjects, 1 as rows
        from dispute d89
        where d89.id = call.a44
        limit 1
    ) r90 on true
    left join lateral (
        select '{"__typename":"ForumPost"}' as json, f91.author_id::bigint::text as subjects, 1 as rows
        from forum_post f91
        where f91.id = call.a45
        limit 1
    ) r92 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, m93.id::bigint::text as subjects, 1 as rows
        from member m93
        where m93.id = call.a46 and m93.destroyed_at is null
        limit 1
    ) r94 on true
    left join lateral (
        select '{"__typename":"Message"}' as json, nullif(concat_ws(',', m95.sender_id::bigint::text, m95.recipient_id::bigint::text), '') as subjects, 1 as rows
        from message m95
        where m95.id = call.a47
        limit 1
    ) r96 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o97.buyer_id::bigint::text, o97.seller_id::bigint::text), '') as subjects, 1 as rows
        from trade_order o97
        where o97.id = call.a48
        limit 1
    ) r98 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o99
        where o99.id = call.a49
        limit 1
    ) r100 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, p101.buyer_id::bigint::text as subjects, 1 as rows
        from payment p101
        where p101.id = call.a50
        limit 1
    ) r102 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, p103.member_id::bigint::text as subjects, 1 as rows
        from payment_profile p103
        where p103.id = call.a51
        limit 1
    ) r104 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, p105.owner_id::bigint::text as subjects, 1 as rows
        from product p105
        where p105.id = call.a52
        limit 1
    ) r106 on true
    left join lateral (
        select '{"__typename":"SupportCase"}' as json, s107.member_id::bigint::text as subjects, 1 as rows
        from support_case s107
        where s107.id = call.a53
        limit 1
    ) r108 on true
    left join lateral (
        select '{"__typename":"Visit"}' as json, v109.member_id::bigint::text as subjects, 1 as rows
        from visit v109
        where v109.id = call.a54
        limit 1
    ) r110 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent"}' as json, b111.member_id::bigint::text as subjects, 1 as rows
        from browsing_event b111
        where b111.id = call.a55
        limit 1
    ) r112 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour"}' as json, b113.member_id::bigint::text as subjects, 1 as rows
        from buyer_behaviour b113
        where b113.id = call.a56
        limit 1
    ) r114 on true
    left join lateral (
        select '{"__typename":"BuyingRequest"}' as json, b115.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b115
        where b115.id = call.a57
        limit 1
    ) r116 on true
    left join lateral (
        select '{"__typename":"Company"}' as json, c117.owner_id::bigint::text as subjects, 1 as rows
        from company c117
        where c117.id = call.a58
        limit 1
    ) r118 on true
    left join lateral (
        select '{"__typename":"Consent"}' as json, c119.member_id::bigint::text as subjects, 1 as rows
        from consent c119
        where c119.id = call.a59
        limit 1
    ) r120 on true
    left join lateral (
        select '{"__typename":"DataRequest"}' as json, d121.member_id::bigint::text as subjects, 1 as rows
        from data_subject_request d121
        where d121.id = call.a60
        limit 1
    ) r122 on true
    left join lateral (
        select '{"__typename":"DestructionReceipt"}' as json, d123.member_id::bigint::text as subjects, 1 as rows
        from destruction_receipt d123
        where d123.id = call.a61
        limit 1
    ) r124 on true
    left join lateral (
        select '{"__typename":"Dispute"}' as json, nullif(concat_ws(',', d125.buyer_id::bigint::text, d125.seller_id::bigint::text), '') as subjects, 1 as rows
        from dispute d125
        where d125.id = call.a62
        limit 1
    ) r126 on true
    left join lateral (
        select '{"__typename":"ForumPost"}' as json, f127.author_id::bigint::text as subjects, 1 as rows
        from forum_post f127
        where f127.id = call.a63
        limit 1
    ) r128 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, m129.id::bigint::text as subjects, 1 as rows
        from member m129
        where m129.id = call.a64 and m129.destroyed_at is null
        limit 1
    ) r130 on true
    left join lateral (
        select '{"__typename":"Message"}' as json, nullif(concat_ws(',', m131.sender_id::bigint::text, m131.recipient_id::bigint::text), '') as subjects, 1 as rows
        from message m131
        where m131.id = call.a65
        limit 1
    ) r132 on true
    left join lateral (
        select '{"__typename":"Order"}' as json, nullif(concat_ws(',', o133.buyer_id::bigint::text, o133.seller_id::bigint::text), '') as subjects, 1 as rows
        from trade_order o133
        where o133.id = call.a66
        limit 1
    ) r134 on true
    left join lateral (
        select '{"__typename":"Organisation","name":' || veil.json_text(o135.name) || ',"kind":' || veil.json_text(case when o135.kind in ('MARKETPLACE', 'AFFILIATE', 'SERVICE_PROVIDER', 'PARTNER', 'ADVERTISER', 'BANK', 'PAYMENT_VENDOR', 'CREDIT_AGENCY', 'AUTHORITY', 'CLAIMANT', 'ACQUIRER') then o135.kind end) || '}' as json, null::text as subjects, 1 as rows
        from organisation o135
        where o135.id = call.a67
        limit 1
    ) r136 on true
    left join lateral (
        select '{"__typename":"Payment"}' as json, p137.buyer_id::bigint::text as subjects, 1 as rows
        from payment p137
        where p137.id = call.a68
        limit 1
    ) r138 on true
    left join lateral (
        select '{"__typename":"PaymentProfile"}' as json, p139.member_id::bigint::text as subjects, 1 as rows
        from payment_profile p139
        where p139.id = call.a69
        limit 1
    ) r140 on true
    left join lateral (
        select '{"__typename":"Product"}' as json, p141.owner_id::bigint::text as subjects, 1 as rows
        from product p141
        where p141.id = call.a70
        limit 1
    ) r142 on true
    left join lateral (
        select '{"__typename":"SupportCase"}' as json, s143.member_id::bigint::text as subjects, 1 as rows
        from support_case s143
        where s143.id = call.a71
        limit 1
    ) r144 on true
    left join lateral (
        select '{"__typename":"Visit"}' as json, v145.member_id::bigint::text as subjects, 1 as rows
        from visit v145
        where v145.id = call.a72
        limit 1
    ) r146 on true
    left join lateral (
        select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b147.id::bigint || '"', 'null') || '}' as json, b147.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b147
        where b147.id = call.a73
        limit 1
    ) r148 on true
    left join lateral (
        select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b149.id::bigint || '"', 'null') || '}' as json, b149.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b149
        where b149.id = call.a74
        limit 1
    ) r150 on true
    left join lateral (
        select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b151.id::bigint || '"', 'null') || '}' as json, b151.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b151
        where b151.id = call.a75
        limit 1
    ) r152 on true
    left join lateral (
        select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c153.id::bigint || '"', 'null') || '}' as json, c153.owner_id::bigint::text as subjects, 1 as rows
        from company c153
        where c153.id = call.a76
        limit 1
    ) r154 on true
    left join lateral (
        select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c155.id::bigint || '"', 'null') || '}' as json, c155.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c155
        where c155.id = call.a77
        limit 1
    ) r156 on true
    left join lateral (
        select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d157.id::bigint || '"', 'null') || '}' as json, d157.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d157
        where d157.id = call.a78
        limit 1
    ) r158 on true
    left join lateral (
        select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d159.id::bigint || '"', 'null') || '}' as json, d159.member_id::bigint || ':.4' as subjects, 1 as rows
        from destruction_receipt d159
        where d159.id = call.a79
        limit 1
    ) r160 on true
    left join lateral (
        select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d161.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d161.buyer_id::bigint || ':.5', d161.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
        from dispute d161
        where d161.id = call.a80
        limit 1
    ) r162 on true
    left join lateral (
        select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f163.id::bigint || '"', 'null') || '}' as json, f163.author_id::bigint::text as subjects, 1 as rows
        from forum_post f163
        where f163.id = call.a81
        limit 1
    ) r164 on true
    left join lateral (
        select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m165.id::bigint || '"', 'null') || '}' as json, m165.id::bigint || ':.13' as subjects, 1 as rows
        from member m165
        where m165.id = call.a82 and m165.destroyed_at is null
        limit 1
    ) r166 on true
    left join lateral (
        select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m167.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m167.sender_id::bigint || ':.7', m167.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
        from message m167
        where m167.id = call.a83
        limit 1
    ) r168 on true
    left join lateral (
        select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o169.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o169.buyer_id::bigint || ':.17', o169.seller_id::bigint || ':.17'), '') as subjects, 1 as rows
        from trade_order o169
        where o169.id = call.a84
        limit 1
    ) r170 on true
    left join lateral (
        select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o171.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o171
        where o171.id = call.a85
        limit 1
    ) r172 on true
    left join lateral (
        select '{"__typename":"Payment","id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p173.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p173.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p173.buyer_id::bigint || ':.9' as subjects, 1 as rows
        from payment p173
        where p173.id = call.a86
        limit 1
    ) r174 on true
    left join lateral (
        select '{"__typename":"PaymentProfile","id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p175.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p175.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p175.member_id::bigint || ':.10' as subjects, 1 as rows
        from payment_profile p175
        where p175.id = call.a87
        limit 1
    ) r176 on true
    left join lateral (
        select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p177.id::bigint || '"', 'null') || '}' as json, p177.owner_id::bigint::text as subjects, 1 as rows
        from product p177
        where p177.id = call.a88
        limit 1
    ) r178 on true
    left join lateral (
        select '{"__typename":"SupportCase","id":' || coalesce('"' || 'SupportCase:' || s179.id::bigint || '"', 'null') || '}' as json, s179.member_id::bigint || ':.11' as subjects, 1 as rows
        from support_case s179
        where s179.id = call.a89
        limit 1
    ) r180 on true
    left join lateral (
        select '{"__typename":"Visit","id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v181.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v181.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v181.member_id::bigint || ':.12' as subjects, 1 as rows
        from visit v181
        where v181.id = call.a90
        limit 1
    ) r182 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b183.id::bigint || '"', 'null') || '}' as json, b183.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b183
        where b183.id = call.a91
        limit 1
    ) r184 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b185.id::bigint || '"', 'null') || '}' as json, b185.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b185
        where b185.id = call.a92
        limit 1
    ) r186 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyingRequest:' || b187.id::bigint || '"', 'null') || '}' as json, b187.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b187
        where b187.id = call.a93
        limit 1
    ) r188 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c189.id::bigint || '"', 'null') || '}' as json, c189.owner_id::bigint::text as subjects, 1 as rows
        from company c189
        where c189.id = call.a94
        limit 1
    ) r190 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Consent:' || c191.id::bigint || '"', 'null') || '}' as json, c191.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c191
        where c191.id = call.a95
        limit 1
    ) r192 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DataRequest:' || d193.id::bigint || '"', 'null') || '}' as json, d193.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d193
        where d193.id = call.a96
        limit 1
    ) r194 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DestructionReceipt:' || d195.id::bigint || '"', 'null') || '}' as json, d195.member_id::bigint || ':.4' as subjects, 1 as rows
        from destruction_receipt d195
        where d195.id = call.a97
        limit 1
    ) r196 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Dispute:' || d197.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d197.buyer_id::bigint || ':.5', d197.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
        from dispute d197
        where d197.id = call.a98
        limit 1
    ) r198 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'ForumPost:' || f199.id::bigint || '"', 'null') || '}' as json, f199.author_id::bigint::text as subjects, 1 as rows
        from forum_post f199
        where f199.id = call.a99
        limit 1
    ) r200 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m201.id::bigint || '"', 'null') || '}' as json, m201.id::bigint || ':.13' as subjects, 1 as rows
        from member m201
        where m201.id = call.a100 and m201.destroyed_at is null
        limit 1
    ) r202 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Message:' || m203.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m203.sender_id::bigint || ':.7', m203.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
        from message m203
        where m203.id = call.a101
        limit 1
    ) r204 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o205.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o205.buyer_id::bigint || ':.17', o205.seller_id::bigint || ':.17'), '') as subjects, 1 as rows
        from trade_order o205
        where o205.id = call.a102
        limit 1
    ) r206 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o207.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o207
        where o207.id = call.a103
        limit 1
    ) r208 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p209.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p209.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p209.buyer_id::bigint || ':.9' as subjects, 1 as rows
        from payment p209
        where p209.id = call.a104
        limit 1
    ) r210 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p211.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p211.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p211.member_id::bigint || ':.10' as subjects, 1 as rows
        from payment_profile p211
        where p211.id = call.a105
        limit 1
    ) r212 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p213.id::bigint || '"', 'null') || '}' as json, p213.owner_id::bigint::text as subjects, 1 as rows
        from product p213
        where p213.id = call.a106
        limit 1
    ) r214 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'SupportCase:' || s215.id::bigint || '"', 'null') || '}' as json, s215.member_id::bigint || ':.11' as subjects, 1 as rows
        from support_case s215
        where s215.id = call.a107
        limit 1
    ) r216 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v217.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v217.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v217.member_id::bigint || ':.12' as subjects, 1 as rows
        from visit v217
        where v217.id = call.a108
        limit 1
    ) r218 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BrowsingEvent:' || b219.id::bigint || '"', 'null') || '}' as json, b219.member_id::bigint || ':.0' as subjects, 1 as rows
        from browsing_event b219
        where b219.id = call.a109
        limit 1
    ) r220 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyerBehaviour:' || b221.id::bigint || '"', 'null') || '}' as json, b221.member_id::bigint || ':.1' as subjects, 1 as rows
        from buyer_behaviour b221
        where b221.id = call.a110
        limit 1
    ) r222 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'BuyingRequest:' || b223.id::bigint || '"', 'null') || '}' as json, b223.buyer_id::bigint::text as subjects, 1 as rows
        from buying_request b223
        where b223.id = call.a111
        limit 1
    ) r224 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Company:' || c225.id::bigint || '"', 'null') || '}' as json, c225.owner_id::bigint::text as subjects, 1 as rows
        from company c225
        where c225.id = call.a112
        limit 1
    ) r226 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Consent:' || c227.id::bigint || '"', 'null') || '}' as json, c227.member_id::bigint || ':.2' as subjects, 1 as rows
        from consent c227
        where c227.id = call.a113
        limit 1
    ) r228 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DataRequest:' || d229.id::bigint || '"', 'null') || '}' as json, d229.member_id::bigint || ':.3' as subjects, 1 as rows
        from data_subject_request d229
        where d229.id = call.a114
        limit 1
    ) r230 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'DestructionReceipt:' || d231.id::bigint || '"', 'null') || '}' as json, d231.member_id::bigint || ':.4' as subjects, 1 as rows
        from destruction_receipt d231
        where d231.id = call.a115
        limit 1
    ) r232 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Dispute:' || d233.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d233.buyer_id::bigint || ':.5', d233.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
        from dispute d233
        where d233.id = call.a116
        limit 1
    ) r234 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'ForumPost:' || f235.id::bigint || '"', 'null') || '}' as json, f235.author_id::bigint::text as subjects, 1 as rows
        from forum_post f235
        where f235.id = call.a117
        limit 1
    ) r236 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m237.id::bigint || '"', 'null') || '}' as json, m237.id::bigint || ':.13' as subjects, 1 as rows
        from member m237
        where m237.id = call.a118 and m237.destroyed_at is null
        limit 1
    ) r238 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Message:' || m239.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m239.sender_id::bigint || ':.7', m239.recipient_id::bigint || ':.7'), '') as subjects, 1 as rows
        from message m239
        where m239.id = call.a119
        limit 1
    ) r240 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o241.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o241.buyer_id::bigint || ':.17', o241.seller_id::bigint || ':.17'), '') as subjects, 1 as rows
        from trade_order o241
        where o241.id = call.a120
        limit 1
    ) r242 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o243.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o243
        where o243.id = call.a121
        limit 1
    ) r244 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Payment:~' || encode(made.tag || int8send(p245.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p245.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p245.buyer_id::bigint || ':.9' as subjects, 1 as rows
        from payment p245
        where p245.id = call.a122
        limit 1
    ) r246 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'PaymentProfile:~' || encode(made.tag || int8send(p247.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p247.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, p247.member_id::bigint || ':.10' as subjects, 1 as rows
        from payment_profile p247
        where p247.id = call.a123
        limit 1
    ) r248 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Product:' || p249.id::bigint || '"', 'null') || '}' as json, p249.owner_id::bigint::text as subjects, 1 as rows
        from product p249
        where p249.id = call.a124
        limit 1
    ) r250 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'SupportCase:' || s251.id::bigint || '"', 'null') || '}' as json, s251.member_id::bigint || ':.11' as subjects, 1 as rows
        from support_case s251
        where s251.id = call.a125
        limit 1
    ) r252 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Visit:~' || encode(made.tag || int8send(v253.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v253.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, v253.member_id::bigint || ':.12' as subjects, 1 as rows
        from visit v253
        where v253.id = call.a126
        limit 1
    ) r254 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
