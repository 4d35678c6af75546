with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"members":' || r3.json || ',"companies":' || r6.json || ',"orders":' || r13.json || ',"paymentProfiles":' || r16.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r13.subjects, nullif(s15.subjects, ''), r16.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r13.rows, 0) + coalesce(s15.rows, 0) + coalesce(r16.rows, 0) as rows
    from call
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m1_found on true
    left join lateral (
        select (select count(*) from member m1_all where m1_all.id = any (m1_found.found1) and m1_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.id::bigint as subject from member m1_all where m1_all.id = any (m1_found.found1) and m1_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.registered_at
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) c4_found on true
    left join lateral (
        select (select count(*) from company c4_all where c4_all.owner_id = any (c4_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c4_all.owner_id::bigint as subject from company c4_all where c4_all.owner_id = any (c4_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(c4.name) || ',"contactName":' || veil.json_text(c4.contact_name) || ',"contactEmail":' || veil.json_text(c4.contact_email) || ',"description":' || veil.json_text(c4.description) || '}', ',' order by c4.id), '') || ']' || '}' as json, string_agg(c4.owner_id::bigint || ':.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select c4.contact_email, c4.contact_name, c4.description, c4.id, c4.name, c4.owner_id
            from company c4
            where c4.owner_id = any (c4_found.found1)
            order by c4.id
            limit call.a1
        ) c4
    ) r6 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) o7_found on true
    left join lateral (
        select (select count(*) from trade_order o7_all where (o7_all.buyer_id = any (o7_found.found1) or o7_all.seller_id = any (o7_found.found1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o7_all.buyer_id::bigint as subject from trade_order o7_all where (o7_all.buyer_id = any (o7_found.found1) or o7_all.seller_id = any (o7_found.found1)) limit 2002)
                    union
                    (select distinct o7_all.seller_id::bigint as subject from trade_order o7_all where (o7_all.buyer_id = any (o7_found.found1) or o7_all.seller_id = any (o7_found.found1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o7.id::bigint || '"', 'null') || ',"seller":' || coalesce(r10.json, 'null') || ',"buyer":' || coalesce(r12.json, 'null') || ',"deliveryName":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o7.delivery_name end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o7.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o7.placed_at >= '0001-01-01 00:00:00+00' and o7.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o7.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryName"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryAddress"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryPhone"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryCity"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"deliveryCountry"' end, case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"trackingNumber"' end) || ']' || '}', ',' order by o7.placed_at, o7.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o7.buyer_id::bigint || ':.2' || coalesce(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.3' end, ''), o7.seller_id::bigint || ':.2', r10.subjects, r12.subjects), ''), ',') as subjects, sum(1 + coalesce(r10.rows, 0) + coalesce(r12.rows, 0))::bigint as rows
        from (
        select o7.buyer_id, o7.delivery_name, o7.id, o7.placed_at, o7.seller_id, o7.status, o7.total
            from trade_order o7
            where (o7.buyer_id = any (o7_found.found1) or o7.seller_id = any (o7_found.found1))
            order by o7.placed_at, o7.id
            limit call.a2
        ) o7
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m9.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m9.name) || '}' as json, m9.id::bigint || ':.4' as subjects, 1 as rows
            from member m9
            where m9.id = o7.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.seller_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m9.id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m9.destroyed_at is null
            limit 1
        ) r10 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m11.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m11.name) || '}' as json, m11.id::bigint || ':.4' as subjects, 1 as rows
            from member m11
            where m11.id = o7.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m11.id = named.member_id and state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m11.destroyed_at is null
            limit 1
        ) r12 on true
    ) r13 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'BREACH_FINDING' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved_at is not null and state.serves is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p14_found on true
    left join lateral (
        select (select count(*) from payment_profile p14_all where p14_all.member_id = any (p14_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p14_all.member_id::bigint as subject from payment_profile p14_all where p14_all.member_id = any (p14_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s15 on true
    left join lateral (
        select '{"totalCount":' || case when s15.subjects is null then round(s15.rows, 3 - length(s15.rows::text)) else s15.rows end::text || '}' as json, string_agg(p14.member_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p14.id, p14.member_id
            from payment_profile p14
            where p14.member_id = any (p14_found.found1)
            order by p14.id
            limit call.a1
        ) p14
    ) r16 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
