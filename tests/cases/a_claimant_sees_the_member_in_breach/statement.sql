with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"members":' || r2.json || ',"companies":' || r4.json || ',"orders":' || r10.json || ',"paymentProfiles":' || r12.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r10.subjects, r12.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m1_all where m1_all.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.registered_at
            from member m1
            where m1.id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c3_all where c3_all.owner_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(c3.name) || ',"contactName":' || veil.json_text(c3.contact_name) || ',"contactEmail":' || veil.json_text(c3.contact_email) || ',"description":' || veil.json_text(c3.description) || '}', ',' order by c3.id), '') || ']' || '}' as json, string_agg(c3.owner_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c3.contact_email, c3.contact_name, c3.description, c3.id, c3.name, c3.owner_id
            from company c3
            where c3.owner_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by c3.id
            limit call.a1
        ) c3
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o5_all where (o5_all.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o5_all.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o5.id || '"', 'null') || ',"seller":' || coalesce(r7.json, 'null') || ',"buyer":' || coalesce(r9.json, 'null') || ',"deliveryName":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o5.delivery_name end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o5.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o5.placed_at >= '0001-01-01 00:00:00+00' and o5.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o5.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryName"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryAddress"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryPhone"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryCity"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryCountry"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o5.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"trackingNumber"' end) || ']' || '}', ',' order by o5.placed_at, o5.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o5.buyer_id::text, o5.seller_id::text), ''), ',') as subjects, sum(1 + coalesce(r7.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o5.buyer_id, o5.delivery_name, o5.id, o5.placed_at, o5.seller_id, o5.status, o5.total
            from trade_order o5
            where (o5.buyer_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) or o5.seller_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))
            order by o5.placed_at, o5.id
            limit call.a2
        ) o5
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m6.id || '"', 'null') || ',"name":' || veil.json_text(m6.name) || '}' as json, null::text as subjects, 1 as rows
            from member m6
            where m6.id = o5.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m6.id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m8.id || '"', 'null') || ',"name":' || veil.json_text(m8.name) || '}' as json, null::text as subjects, 1 as rows
            from member m8
            where m8.id = o5.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m8.id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            limit 1
        ) r9 on true
    ) r10 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment_profile p11_all where p11_all.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))))::text || '}' as json, string_agg(p11.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p11.id, p11.member_id
            from payment_profile p11
            where p11.member_id = any (array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())))
            order by p11.id
            limit call.a1
        ) p11
    ) r12 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'CLAIMANT', 'breach_disclosure', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '6e345b71-c9e4-2a91-dfb3-c5b4ec40786b'::uuid, 'Breach', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
