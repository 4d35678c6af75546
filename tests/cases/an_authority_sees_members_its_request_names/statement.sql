with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"members":' || r2.json || ',"orders":' || r8.json || ',"browsingEvents":' || r10.json || ',"payments":' || r12.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r8.subjects, r10.subjects, r12.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m1_all where m1_all.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.phone, m1.registered_at
            from member m1
            where m1.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o3_all where (o3_all.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o3_all.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o3.id || '"', 'null') || ',"deliveryAddress":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o3.buyer_id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o3.delivery_address end) || ',"buyer":' || coalesce(r5.json, 'null') || ',"seller":' || coalesce(r7.json, 'null') || '}', ',' order by o3.placed_at, o3.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o3.buyer_id::text, o3.seller_id::text), ''), ',') as subjects, sum(1 + coalesce(r5.rows, 0) + coalesce(r7.rows, 0))::bigint as rows
        from (
        select o3.buyer_id, o3.delivery_address, o3.id, o3.placed_at, o3.seller_id
            from trade_order o3
            where (o3.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o3.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))
            order by o3.placed_at, o3.id
            limit call.a2
        ) o3
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m4.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from member m4
            where m4.id = o3.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m4.id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r5 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m6.id || '"', 'null') || ',"name":' || veil.json_text(m6.name) || '}' as json, null::text as subjects, 1 as rows
            from member m6
            where m6.id = o3.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m6.id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r7 on true
    ) r8 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from browsing_event b9_all where b9_all.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'BUYER' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"ipAddress":' || veil.json_text(b9.ip_address) || ',"cookie":' || veil.json_text(b9.cookie) || '}', ',' order by b9.at, b9.id), '') || ']' || '}' as json, string_agg(b9.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select b9.at, b9.cookie, b9.id, b9.ip_address, b9.member_id
            from browsing_event b9
            where b9.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'BUYER' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by b9.at, b9.id
            limit call.a3
        ) b9
    ) r10 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment p11_all where p11_all.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"cardNumber":' || coalesce('"' || case when p11.card_number is not null then case when length(p11.card_number) >= 12 and translate(right(p11.card_number, 4), '0123456789', '') = '' then '**** ' || right(p11.card_number, 4) else '**** ****' end end || '"', 'null') || '}', ',' order by p11.paid_at, p11.id), '') || ']' || '}' as json, string_agg(p11.buyer_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p11.buyer_id, p11.card_number, p11.id, p11.paid_at
            from payment p11
            where p11.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by p11.paid_at, p11.id
            limit call.a1
        ) p11
    ) r12 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'AUTHORITY', 'authority_request', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '20e3b6c6-41c1-a3ef-fe65-1adc825b677c'::uuid, 'Request', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
