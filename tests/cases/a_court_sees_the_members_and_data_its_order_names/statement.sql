with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[], $8::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        (exists (select from legal_instrument state where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) or exists (select from legal_instrument state where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and state.approved_at is not null and state.names_cards and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) as instrument_applies,
        '{"members":' || r3.json || ',"paymentProfiles":' || r6.json || ',"orders":' || r13.json || ',"companies":' || r16.json || ',"messages":' || r19.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r13.subjects, nullif(s15.subjects, ''), r16.subjects, nullif(s18.subjects, ''), r19.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r13.rows, 0) + coalesce(s15.rows, 0) + coalesce(r16.rows, 0) + coalesce(s18.rows, 0) + coalesce(r19.rows, 0) as rows
    from call
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p4_found on true
    left join lateral (
        select (select count(*) from payment_profile p4_all where p4_all.member_id = any (p4_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p4_all.member_id::bigint as subject from payment_profile p4_all where p4_all.member_id = any (p4_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:' || p4.id::bigint || '"', 'null') || ',"cardNumber":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where p4.member_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved_at is not null and state.names_cards and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then p4.card_number else case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end end) || ',"bankAccount":' || veil.json_text(p4.bank_account) || ',"billingName":' || veil.json_text(p4.billing_name) || '}', ',' order by p4.tag), '') || ']' || '}' as json, string_agg(p4.member_id::bigint || ':.1.4' || case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where p4.member_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved_at is not null and state.names_cards and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.2' else '.3' end, ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.bank_account, p4.billing_name, p4.card_number, p4.id, p4.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8) as tag
            from payment_profile p4
            where p4.member_id = any (p4_found.found1)
            order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8)
            limit call.a1
        ) p4
    ) r6 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o7.id::bigint || '"', 'null') || ',"buyer":' || coalesce(r10.json, 'null') || ',"seller":' || coalesce(r12.json, 'null') || ',"deliveryName":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o7.delivery_name end) || '}', ',' order by o7.placed_at, o7.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o7.buyer_id::bigint || ':.5' || coalesce(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.6' end, ''), o7.seller_id::bigint || ':.5', r10.subjects, r12.subjects), ''), ',') as subjects, sum(1 + coalesce(r10.rows, 0) + coalesce(r12.rows, 0))::bigint as rows
        from (
        select o7.buyer_id, o7.delivery_name, o7.id, o7.placed_at, o7.seller_id
            from trade_order o7
            where (o7.buyer_id = any (o7_found.found1) or o7.seller_id = any (o7_found.found1))
            order by o7.placed_at, o7.id
            limit call.a2
        ) o7
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m9.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m9.name) || '}' as json, m9.id::bigint || ':.7' as subjects, 1 as rows
            from member m9
            where m9.id = o7.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.buyer_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m9.id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m9.destroyed_at is null
            limit 1
        ) r10 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m11.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m11.name) || '}' as json, m11.id::bigint || ':.7' as subjects, 1 as rows
            from member m11
            where m11.id = o7.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o7.seller_id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m11.id = named.member_id and state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m11.destroyed_at is null
            limit 1
        ) r12 on true
    ) r13 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PUBLISHING' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) c14_found on true
    left join lateral (
        select (select count(*) from company c14_all where c14_all.owner_id = any (c14_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c14_all.owner_id::bigint as subject from company c14_all where c14_all.owner_id = any (c14_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s15 on true
    left join lateral (
        select '{"totalCount":' || case when s15.subjects is null then round(s15.rows, 3 - length(s15.rows::text)) else s15.rows end::text || '}' as json, string_agg(c14.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c14.id, c14.owner_id
            from company c14
            where c14.owner_id = any (c14_found.found1)
            order by c14.id
            limit call.a3
        ) c14
    ) r16 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and 'PERSONAL' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m17_found on true
    left join lateral (
        select (select count(*) from message m17_all where (m17_all.recipient_id = any (m17_found.found1) or m17_all.sender_id = any (m17_found.found1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct m17_all.sender_id::bigint as subject from message m17_all where (m17_all.recipient_id = any (m17_found.found1) or m17_all.sender_id = any (m17_found.found1)) limit 2002)
                    union
                    (select distinct m17_all.recipient_id::bigint as subject from message m17_all where (m17_all.recipient_id = any (m17_found.found1) or m17_all.sender_id = any (m17_found.found1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s18 on true
    left join lateral (
        select '{"totalCount":' || case when s18.subjects is null then round(s18.rows, 3 - length(s18.rows::text)) else s18.rows end::text || '}' as json, string_agg(nullif(concat_ws(',', m17.sender_id::bigint::text, m17.recipient_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select m17.id, m17.recipient_id, m17.sender_id, m17.sent_at
            from message m17
            where (m17.recipient_id = any (m17_found.found1) or m17.sender_id = any (m17_found.found1))
            order by m17.sent_at, m17.id
            limit call.a4
        ) m17
    ) r19 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    instrument_applies,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
