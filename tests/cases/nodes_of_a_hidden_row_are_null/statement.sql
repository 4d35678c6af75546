with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"nodes":' || r40.json || '}' as json,
        r40.subjects as subjects,
        coalesce(r40.rows, 0) as rows
    from call
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r3.json, r5.json, r7.json, r9.json, r11.json, r13.json, r15.json, r17.json, r19.json, r21.json, r23.json, r25.json, r27.json, r29.json, r31.json, r33.json, r35.json, r37.json, r39.json, 'null'), ',' order by l1.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r3.subjects, r5.subjects, r7.subjects, r9.subjects, r11.subjects, r13.subjects, r15.subjects, r17.subjects, r19.subjects, r21.subjects, r23.subjects, r25.subjects, r27.subjects, r29.subjects, r33.subjects, r35.subjects, r37.subjects, r39.subjects), ''), ',') as subjects, sum(coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) + coalesce(r19.rows, 0) + coalesce(r21.rows, 0) + coalesce(r23.rows, 0) + coalesce(r25.rows, 0) + coalesce(r27.rows, 0) + coalesce(r29.rows, 0) + coalesce(r31.rows, 0) + coalesce(r33.rows, 0) + coalesce(r35.rows, 0) + coalesce(r37.rows, 0) + coalesce(r39.rows, 0))::bigint as rows
        from json_array_elements(call.a1::json) with ordinality l1 (id, position)
        left join lateral (
            select '{"__typename":"AccessRecord","id":' || coalesce('"' || 'AccessRecord:' || a2.id::uuid || '"', 'null') || '}' as json, case when a2.id is not null then call.member end::text as subjects, 1 as rows
            from veil.access_record a2
            where a2.id = (l1.id ->> 'AccessRecord PLAIN')::uuid and (select true from legal_instrument state where a2.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2.subjects @> array[call.member]
            limit 1
        ) r3 on true
        left join lateral (
            select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b4.id::bigint || '"', 'null') || '}' as json, b4.member_id::bigint || ':.0' as subjects, 1 as rows
            from browsing_event b4
            where b4.id = (l1.id ->> 'BrowsingEvent PLAIN')::bigint and b4.member_id = call.member
            limit 1
        ) r5 on true
        left join lateral (
            select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b6.id::bigint || '"', 'null') || '}' as json, b6.member_id::bigint || ':.1' as subjects, 1 as rows
            from buyer_behaviour b6
            where b6.id = (l1.id ->> 'BuyerBehaviour PLAIN')::bigint and b6.member_id = call.member
            limit 1
        ) r7 on true
        left join lateral (
            select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b8.id::bigint || '"', 'null') || '}' as json, b8.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b8
            where b8.id = (l1.id ->> 'BuyingRequest PLAIN')::bigint and b8.buyer_id = call.member
            limit 1
        ) r9 on true
        left join lateral (
            select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c10.id::bigint || '"', 'null') || '}' as json, c10.owner_id::bigint::text as subjects, 1 as rows
            from company c10
            where c10.id = (l1.id ->> 'Company PLAIN')::bigint and c10.owner_id = call.member
            limit 1
        ) r11 on true
        left join lateral (
            select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c12.id::bigint || '"', 'null') || '}' as json, c12.member_id::bigint || ':.2' as subjects, 1 as rows
            from consent c12
            where c12.id = (l1.id ->> 'Consent PLAIN')::bigint and c12.member_id = call.member
            limit 1
        ) r13 on true
        left join lateral (
            select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d14.id::bigint || '"', 'null') || '}' as json, d14.member_id::bigint || ':.3' as subjects, 1 as rows
            from data_subject_request d14
            where d14.id = (l1.id ->> 'DataRequest PLAIN')::bigint and d14.member_id = call.member
            limit 1
        ) r15 on true
        left join lateral (
            select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d16.id::bigint || '"', 'null') || '}' as json, d16.member_id::bigint || ':.4' as subjects, 1 as rows
            from destruction_receipt d16
            where d16.id = (l1.id ->> 'DestructionReceipt PLAIN')::bigint and d16.member_id = call.member
            limit 1
        ) r17 on true
        left join lateral (
            select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d18.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d18.buyer_id::bigint || ':.5', d18.seller_id::bigint || ':.5'), '') as subjects, 1 as rows
            from dispute d18
            where d18.id = (l1.id ->> 'Dispute PLAIN')::bigint and (d18.buyer_id = call.member or d18.seller_id = call.member)
            limit 1
        ) r19 on true
        left join lateral (
            select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f20.id::bigint || '"', 'null') || '}' as json, f20.author_id::bigint::text as subjects, 1 as rows
            from forum_post f20
            where f20.id = (l1.id ->> 'ForumPost PLAIN')::bigint and f20.author_id = call.member
            limit 1
        ) r21 on true
        left join lateral (
            select '{"__typename":"MarketingContact","id":' || coalesce('"' || 'MarketingContact:' || m22.id::bigint || '"', 'null') || '}' as json, m22.member_id::bigint || ':.6' as subjects, 1 as rows
            from marketing_contact m22
            where m22.id = (l1.id ->> 'MarketingContact PLAIN')::bigint and m22.member_id = call.member
            limit 1
        ) r23 on true
        left join lateral (
            select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m24.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m24.name) || '}' as json, m24.id::bigint || ':.7' as subjects, 1 as rows
            from member m24
            where m24.id = (l1.id ->> 'Member PLAIN')::bigint and m24.id = call.member and m24.destroyed_at is null
            limit 1
        ) r25 on true
        left join lateral (
            select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m26.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m26.sender_id::bigint || ':.8', m26.recipient_id::bigint || ':.8'), '') as subjects, 1 as rows
            from message m26
            where m26.id = (l1.id ->> 'Message PLAIN')::bigint and (m26.recipient_id = call.member or m26.sender_id = call.member)
            limit 1
        ) r27 on true
        left join lateral (
            select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o28.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o28.buyer_id::bigint || ':.9', o28.seller_id::bigint || ':.9'), '') as subjects, 1 as rows
            from trade_order o28
            where o28.id = (l1.id ->> 'Order PLAIN')::bigint and (o28.buyer_id = call.member or o28.seller_id = call.member)
            limit 1
        ) r29 on true
        left join lateral (
            select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o30.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o30
            where o30.id = (l1.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r31 on true
        left join lateral (
            select '{"__typename":"Payment","id":' || coalesce('"' || 'Payment:' || p32.id::bigint || '"', 'null') || '}' as json, p32.buyer_id::bigint || ':.10' as subjects, 1 as rows
            from payment p32
            where p32.id = (l1.id ->> 'Payment PLAIN')::bigint and p32.buyer_id = call.member
            limit 1
        ) r33 on true
        left join lateral (
            select '{"__typename":"PaymentProfile","id":' || coalesce('"' || 'PaymentProfile:' || p34.id::bigint || '"', 'null') || '}' as json, p34.member_id::bigint || ':.11' as subjects, 1 as rows
            from payment_profile p34
            where p34.id = (l1.id ->> 'PaymentProfile PLAIN')::bigint and p34.member_id = call.member
            limit 1
        ) r35 on true
        left join lateral (
            select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p36.id::bigint || '"', 'null') || '}' as json, p36.owner_id::bigint::text as subjects, 1 as rows
            from product p36
            where p36.id = (l1.id ->> 'Product PLAIN')::bigint and p36.owner_id = call.member
            limit 1
        ) r37 on true
        left join lateral (
            select '{"__typename":"Visit","id":' || coalesce('"' || 'Visit:' || v38.id::bigint || '"', 'null') || '}' as json, v38.member_id::bigint || ':.12' as subjects, 1 as rows
            from visit v38
            where v38.id = (l1.id ->> 'Visit PLAIN')::bigint and v38.member_id = call.member
            limit 1
        ) r39 on true
    ) r40 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
