with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        exists (select from legal_instrument state where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as instrument_applies,
        '{"members":' || r3.json || ',"orders":' || r10.json || ',"browsingEvents":' || r13.json || ',"payments":' || r16.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r10.subjects, nullif(s12.subjects, ''), r13.subjects, nullif(s15.subjects, ''), r16.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r10.rows, 0) + coalesce(s12.rows, 0) + coalesce(r13.rows, 0) + coalesce(s15.rows, 0) + coalesce(r16.rows, 0) as rows
    from call
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.phone, m1.registered_at
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) o4_found on true
    left join lateral (
        select (select count(*) from trade_order o4_all where (o4_all.buyer_id = any (o4_found.found1) or o4_all.seller_id = any (o4_found.found1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o4_all.buyer_id::bigint as subject from trade_order o4_all where (o4_all.buyer_id = any (o4_found.found1) or o4_all.seller_id = any (o4_found.found1)) limit 2002)
                    union
                    (select distinct o4_all.seller_id::bigint as subject from trade_order o4_all where (o4_all.buyer_id = any (o4_found.found1) or o4_all.seller_id = any (o4_found.found1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:' || o4.id::bigint || '"', 'null') || ',"deliveryAddress":' || veil.json_text(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o4.buyer_id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then o4.delivery_address end) || ',"buyer":' || coalesce(r7.json, 'null') || ',"seller":' || coalesce(r9.json, 'null') || '}', ',' order by o4.placed_at, o4.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint || ':.1' || coalesce(case when (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o4.buyer_id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.2' end, ''), o4.seller_id::bigint || ':.1', r7.subjects, r9.subjects), ''), ',') as subjects, sum(1 + coalesce(r7.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o4.buyer_id, o4.delivery_address, o4.id, o4.placed_at, o4.seller_id
            from trade_order o4
            where (o4.buyer_id = any (o4_found.found1) or o4.seller_id = any (o4_found.found1))
            order by o4.placed_at, o4.id
            limit call.a2
        ) o4
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m6.id::bigint || '"', 'null') || '}' as json, m6.id::bigint || ':.3' as subjects, 1 as rows
            from member m6
            where m6.id = o4.buyer_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o4.buyer_id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m6.id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m6.destroyed_at is null
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m8.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m8.name) || '}' as json, m8.id::bigint || ':.4' as subjects, 1 as rows
            from member m8
            where m8.id = o4.seller_id and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where o4.seller_id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'ACCOUNT_ACTIVITIES' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where m8.id = named.member_id and state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'REGISTRATION' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m8.destroyed_at is null
            limit 1
        ) r9 on true
    ) r10 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'BUYER' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) b11_found on true
    left join lateral (
        select (select count(*) from browsing_event b11_all where b11_all.member_id = any (b11_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct b11_all.member_id::bigint as subject from browsing_event b11_all where b11_all.member_id = any (b11_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s12 on true
    left join lateral (
        select '{"totalCount":' || case when s12.subjects is null then round(s12.rows, 3 - length(s12.rows::text)) else s12.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"ipAddress":' || veil.json_text(b11.ip_address) || ',"cookie":' || veil.json_text(b11.cookie) || '}', ',' order by b11.at, b11.id), '') || ']' || '}' as json, string_agg(b11.member_id::bigint || ':.5', ',') as subjects, sum(1)::bigint as rows
        from (
        select b11.at, b11.cookie, b11.id, b11.ip_address, b11.member_id
            from browsing_event b11
            where b11.member_id = any (b11_found.found1)
            order by b11.at, b11.id
            limit call.a3
        ) b11
    ) r13 on true
    left join lateral (
        select array(select named.member_id as value from legal_instrument state join legal_instrument_subject named on named.instrument_id = state.id where state.kind = 'AUTHORITY_REQUEST' and state.reference = call.reference and state.organisation_id = call.organisation and 'PAYMENT' = any (state.categories) and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p14_found on true
    left join lateral (
        select (select count(*) from payment p14_all where p14_all.buyer_id = any (p14_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p14_all.buyer_id::bigint as subject from payment p14_all where p14_all.buyer_id = any (p14_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s15 on true
    left join lateral (
        select '{"totalCount":' || case when s15.subjects is null then round(s15.rows, 3 - length(s15.rows::text)) else s15.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"cardNumber":' || coalesce('"' || case when p14.card_number is not null then case when length(p14.card_number) >= 12 and translate(right(p14.card_number, 4), '0123456789', '') = '' then '**** ' || right(p14.card_number, 4) else '**** ****' end end || '"', 'null') || '}', ',' order by p14.paid_at, p14.id), '') || ']' || '}' as json, string_agg(p14.buyer_id::bigint || ':.6', ',') as subjects, sum(1)::bigint as rows
        from (
        select p14.buyer_id, p14.card_number, p14.id, p14.paid_at
            from payment p14
            where p14.buyer_id = any (p14_found.found1)
            order by p14.paid_at, p14.id
            limit call.a1
        ) p14
    ) r16 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    instrument_applies,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
