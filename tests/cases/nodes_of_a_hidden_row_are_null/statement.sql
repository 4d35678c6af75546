with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"nodes":' || r52.json || '}' as json,
        r52.subjects as subjects,
        coalesce(r52.rows, 0) as rows
    from call
    left join lateral (
        select '[' || coalesce(string_agg(coalesce(r3.json, r5.json, r7.json, r9.json, r11.json, r13.json, r15.json, r17.json, r19.json, r21.json, r23.json, r25.json, r27.json, r29.json, r31.json, r33.json, r35.json, r37.json, r39.json, r41.json, r43.json, r45.json, r47.json, r49.json, r51.json, 'null'), ',' order by l1.position), '') || ']' as json, string_agg(nullif(concat_ws(',', r3.subjects, r5.subjects, r7.subjects, r9.subjects, r11.subjects, r15.subjects, r17.subjects, r19.subjects, r21.subjects, r23.subjects, r25.subjects, r27.subjects, r29.subjects, r31.subjects, r33.subjects, r35.subjects, r37.subjects, r39.subjects, r43.subjects, r45.subjects, r47.subjects, r49.subjects, r51.subjects), ''), ',') as subjects, sum(coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) + coalesce(r11.rows, 0) + coalesce(r13.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) + coalesce(r19.rows, 0) + coalesce(r21.rows, 0) + coalesce(r23.rows, 0) + coalesce(r25.rows, 0) + coalesce(r27.rows, 0) + coalesce(r29.rows, 0) + coalesce(r31.rows, 0) + coalesce(r33.rows, 0) + coalesce(r35.rows, 0) + coalesce(r37.rows, 0) + coalesce(r39.rows, 0) + coalesce(r41.rows, 0) + coalesce(r43.rows, 0) + coalesce(r45.rows, 0) + coalesce(r47.rows, 0) + coalesce(r49.rows, 0) + coalesce(r51.rows, 0))::bigint as rows
        from json_array_elements(call.a1::json) with ordinality l1 (id, position)
        left join lateral (
            select '{"__typename":"AccessRecord","id":' || coalesce('"' || 'AccessRecord:' || a2.id::uuid || '"', 'null') || '}' as json, case when a2.id is not null then call.member end::text as subjects, 1 as rows
            from veil.access_record a2
            where a2.id = (l1.id ->> 'AccessRecord PLAIN')::uuid and (select true from legal_instrument state where a2.reference = state.reference and (state.told_from > now() or (state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')) is not true) limit 1) is null and a2.subjects @> array[call.member]
            limit 1
        ) r3 on true
        left join lateral (
            select '{"__typename":"AffiliateAccount","id":' || coalesce('"' || 'AffiliateAccount:' || a4.id::bigint || '"', 'null') || '}' as json, a4.member_id::bigint || ':.0' as subjects, 1 as rows
            from affiliate_account a4
            where a4.id = (l1.id ->> 'AffiliateAccount PLAIN')::bigint and a4.member_id = call.member
            limit 1
        ) r5 on true
        left join lateral (
            select '{"__typename":"BrowsingEvent","id":' || coalesce('"' || 'BrowsingEvent:' || b6.id::bigint || '"', 'null') || '}' as json, b6.member_id::bigint || ':.1' as subjects, 1 as rows
            from browsing_event b6
            where b6.id = (l1.id ->> 'BrowsingEvent PLAIN')::bigint and b6.member_id = call.member
            limit 1
        ) r7 on true
        left join lateral (
            select '{"__typename":"BuyerBehaviour","id":' || coalesce('"' || 'BuyerBehaviour:' || b8.id::bigint || '"', 'null') || '}' as json, b8.member_id::bigint || ':.2' as subjects, 1 as rows
            from buyer_behaviour b8
            where b8.id = (l1.id ->> 'BuyerBehaviour PLAIN')::bigint and b8.member_id = call.member
            limit 1
        ) r9 on true
        left join lateral (
            select '{"__typename":"BuyingRequest","id":' || coalesce('"' || 'BuyingRequest:' || b10.id::bigint || '"', 'null') || '}' as json, b10.buyer_id::bigint::text as subjects, 1 as rows
            from buying_request b10
            where b10.id = (l1.id ->> 'BuyingRequest PLAIN')::bigint and b10.buyer_id = call.member
            limit 1
        ) r11 on true
        left join lateral (
            select '{"__typename":"Campaign","id":' || coalesce('"' || 'Campaign:' || c12.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from campaign c12
            where c12.id = (l1.id ->> 'Campaign PLAIN')::bigint and (select true from campaign state where c12.id = state.id and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r13 on true
        left join lateral (
            select '{"__typename":"CampaignResponse","id":' || coalesce('"' || 'CampaignResponse:' || c14.id::bigint || '"', 'null') || '}' as json, c14.member_id::bigint || ':.4' as subjects, 1 as rows
            from campaign_response c14
            where c14.id = (l1.id ->> 'CampaignResponse PLAIN')::bigint and c14.member_id = call.member
            limit 1
        ) r15 on true
        left join lateral (
            select '{"__typename":"Company","id":' || coalesce('"' || 'Company:' || c16.id::bigint || '"', 'null') || '}' as json, c16.owner_id::bigint::text as subjects, 1 as rows
            from company c16
            where c16.id = (l1.id ->> 'Company PLAIN')::bigint and c16.owner_id = call.member
            limit 1
        ) r17 on true
        left join lateral (
            select '{"__typename":"Complaint","id":' || coalesce('"' || 'Complaint:' || c18.id::bigint || '"', 'null') || '}' as json, c18.against_id::bigint || ':.5' as subjects, 1 as rows
            from complaint c18
            where c18.id = (l1.id ->> 'Complaint PLAIN')::bigint and c18.against_id = call.member
            limit 1
        ) r19 on true
        left join lateral (
            select '{"__typename":"Consent","id":' || coalesce('"' || 'Consent:' || c20.id::bigint || '"', 'null') || '}' as json, c20.member_id::bigint || ':.6' as subjects, 1 as rows
            from consent c20
            where c20.id = (l1.id ->> 'Consent PLAIN')::bigint and c20.member_id = call.member
            limit 1
        ) r21 on true
        left join lateral (
            select '{"__typename":"CreditAssessment","id":' || coalesce('"' || 'CreditAssessment:' || c22.id::bigint || '"', 'null') || '}' as json, c22.member_id::bigint || ':.7' as subjects, 1 as rows
            from credit_assessment c22
            where c22.id = (l1.id ->> 'CreditAssessment PLAIN')::bigint and c22.member_id = call.member
            limit 1
        ) r23 on true
        left join lateral (
            select '{"__typename":"DataRequest","id":' || coalesce('"' || 'DataRequest:' || d24.id::bigint || '"', 'null') || '}' as json, d24.member_id::bigint || ':.8' as subjects, 1 as rows
            from data_subject_request d24
            where d24.id = (l1.id ->> 'DataRequest PLAIN')::bigint and d24.member_id = call.member
            limit 1
        ) r25 on true
        left join lateral (
            select '{"__typename":"DestructionReceipt","id":' || coalesce('"' || 'DestructionReceipt:' || d26.id::bigint || '"', 'null') || '}' as json, d26.member_id::bigint || ':.9' as subjects, 1 as rows
            from destruction_receipt d26
            where d26.id = (l1.id ->> 'DestructionReceipt PLAIN')::bigint and d26.member_id = call.member
            limit 1
        ) r27 on true
        left join lateral (
            select '{"__typename":"Dispute","id":' || coalesce('"' || 'Dispute:' || d28.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', d28.buyer_id::bigint || ':.10', d28.seller_id::bigint || ':.10'), '') as subjects, 1 as rows
            from dispute d28
            where d28.id = (l1.id ->> 'Dispute PLAIN')::bigint and (d28.buyer_id = call.member or d28.seller_id = call.member)
            limit 1
        ) r29 on true
        left join lateral (
            select '{"__typename":"ForumPost","id":' || coalesce('"' || 'ForumPost:' || f30.id::bigint || '"', 'null') || '}' as json, f30.author_id::bigint::text as subjects, 1 as rows
            from forum_post f30
            where f30.id = (l1.id ->> 'ForumPost PLAIN')::bigint and f30.author_id = call.member
            limit 1
        ) r31 on true
        left join lateral (
            select '{"__typename":"MarketingContact","id":' || coalesce('"' || 'MarketingContact:' || m32.id::bigint || '"', 'null') || '}' as json, m32.member_id::bigint || ':.11' as subjects, 1 as rows
            from marketing_contact m32
            where m32.id = (l1.id ->> 'MarketingContact PLAIN')::bigint and m32.member_id = call.member
            limit 1
        ) r33 on true
        left join lateral (
            select '{"__typename":"Member","id":' || coalesce('"' || 'Member:' || m34.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m34.name) || '}' as json, m34.id::bigint || ':.12' as subjects, 1 as rows
            from member m34
            where m34.id = (l1.id ->> 'Member PLAIN')::bigint and m34.id = call.member and m34.destroyed_at is null
            limit 1
        ) r35 on true
        left join lateral (
            select '{"__typename":"Message","id":' || coalesce('"' || 'Message:' || m36.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', m36.sender_id::bigint || ':.13', m36.recipient_id::bigint || ':.13'), '') as subjects, 1 as rows
            from message m36
            where m36.id = (l1.id ->> 'Message PLAIN')::bigint and (m36.recipient_id = call.member or m36.sender_id = call.member)
            limit 1
        ) r37 on true
        left join lateral (
            select '{"__typename":"Order","id":' || coalesce('"' || 'Order:' || o38.id::bigint || '"', 'null') || '}' as json, nullif(concat_ws(',', o38.buyer_id::bigint || ':.14', o38.seller_id::bigint || ':.14'), '') as subjects, 1 as rows
            from trade_order o38
            where o38.id = (l1.id ->> 'Order PLAIN')::bigint and (o38.buyer_id = call.member or o38.seller_id = call.member)
            limit 1
        ) r39 on true
        left join lateral (
            select '{"__typename":"Organisation","id":' || coalesce('"' || 'Organisation:' || o40.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from organisation o40
            where o40.id = (l1.id ->> 'Organisation PLAIN')::bigint
            limit 1
        ) r41 on true
        left join lateral (
            select '{"__typename":"PartnerArrival","id":' || coalesce('"' || 'PartnerArrival:' || p42.id::bigint || '"', 'null') || '}' as json, p42.member_id::bigint || ':.15' as subjects, 1 as rows
            from partner_arrival p42
            where p42.id = (l1.id ->> 'PartnerArrival PLAIN')::bigint and p42.member_id = call.member
            limit 1
        ) r43 on true
        left join lateral (
            select '{"__typename":"Payment","id":' || coalesce('"' || 'Payment:' || p44.id::bigint || '"', 'null') || '}' as json, p44.buyer_id::bigint || ':.16' as subjects, 1 as rows
            from payment p44
            where p44.id = (l1.id ->> 'Payment PLAIN')::bigint and p44.buyer_id = call.member
            limit 1
        ) r45 on true
        left join lateral (
            select '{"__typename":"PaymentProfile","id":' || coalesce('"' || 'PaymentProfile:' || p46.id::bigint || '"', 'null') || '}' as json, p46.member_id::bigint || ':.17' as subjects, 1 as rows
            from payment_profile p46
            where p46.id = (l1.id ->> 'PaymentProfile PLAIN')::bigint and p46.member_id = call.member
            limit 1
        ) r47 on true
        left join lateral (
            select '{"__typename":"Product","id":' || coalesce('"' || 'Product:' || p48.id::bigint || '"', 'null') || '}' as json, p48.owner_id::bigint::text as subjects, 1 as rows
            from product p48
            where p48.id = (l1.id ->> 'Product PLAIN')::bigint and p48.owner_id = call.member
            limit 1
        ) r49 on true
        left join lateral (
            select '{"__typename":"Visit","id":' || coalesce('"' || 'Visit:' || v50.id::bigint || '"', 'null') || '}' as json, v50.member_id::bigint || ':.18' as subjects, 1 as rows
            from visit v50
            where v50.id = (l1.id ->> 'Visit PLAIN')::bigint and v50.member_id = call.member
            limit 1
        ) r51 on true
    ) r52 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
