with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::integer[], $11::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"members":' || r2.json || ',"paymentProfiles":' || r4.json || ',"orders":' || r10.json || ',"companies":' || r12.json || ',"messages":' || r14.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r10.subjects, r12.subjects, r14.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m1_all where m1_all.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.registered_at
            from member m1
            where m1.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment_profile p3_all where p3_all.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:' || p3.id || '"', 'null') || ',"cardNumber":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where p3.member_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.names_cards and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then p3.card_number else case when p3.card_number is not null then case when length(p3.card_number) >= 12 and translate(right(p3.card_number, 4), '0123456789', '') = '' then '**** ' || right(p3.card_number, 4) else '**** ****' end end end) || ',"bankAccount":' || veil.json_text(p3.bank_account) || ',"billingName":' || veil.json_text(p3.billing_name) || '}', ',' order by p3.tag), '') || ']' || '}' as json, string_agg(p3.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p3.bank_account, p3.billing_name, p3.card_number, p3.id, p3.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p3.id)), 1, 8) as tag
            from payment_profile p3
            where p3.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p3.id)), 1, 8)
            limit call.a1
        ) p3
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o5_all where (o5_all.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o5_all.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o5.id || '"', 'null') || ',"buyer":' || coalesce(r7.json, 'null') || ',"seller":' || coalesce(r9.json, 'null') || ',"deliveryName":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o5.delivery_name end) || '}', ',' order by o5.placed_at, o5.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o5.buyer_id::text, o5.seller_id::text), ''), ',') as subjects, sum(1 + coalesce(r7.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o5.buyer_id, o5.delivery_name, o5.id, o5.placed_at, o5.seller_id
            from trade_order o5
            where (o5.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o5.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))
            order by o5.placed_at, o5.id
            limit call.a2
        ) o5
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m6.id || '"', 'null') || ',"name":' || veil.json_text(m6.name) || '}' as json, null::text as subjects, 1 as rows
            from member m6
            where m6.id = o5.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m6.id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m8.id || '"', 'null') || ',"name":' || veil.json_text(m8.name) || '}' as json, null::text as subjects, 1 as rows
            from member m8
            where m8.id = o5.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m8.id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r9 on true
    ) r10 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c11_all where c11_all.owner_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || '}' as json, string_agg(c11.owner_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c11.id, c11.owner_id
            from company c11
            where c11.owner_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by c11.id
            limit call.a3
        ) c11
    ) r12 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from message m13_all where (m13_all.recipient_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PERSONAL' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or m13_all.sender_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PERSONAL' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))))::text || '}' as json, string_agg(nullif(concat_ws(',', m13.sender_id::text, m13.recipient_id::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select m13.id, m13.recipient_id, m13.sender_id, m13.sent_at
            from message m13
            where (m13.recipient_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PERSONAL' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or m13.sender_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PERSONAL' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))
            order by m13.sent_at, m13.id
            limit call.a4
        ) m13
    ) r14 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'AUTHORITY', 'court_order', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '143026f2-e947-4998-0128-a8cf4c882ad8'::uuid, 'Order', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
