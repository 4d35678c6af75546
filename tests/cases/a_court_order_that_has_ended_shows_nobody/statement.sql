with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        (exists (select from legal_instrument state where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and state.approved_at is not null and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) or exists (select from legal_instrument state where state.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT') and state.reference = call.reference and state.organisation_id = call.organisation and state.approved_at is not null and state.names_cards and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()))) as instrument_applies,
        '{"members":' || r3.json || ',"paymentProfiles":' || r6.json || ',"orders":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) as rows
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
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.id, m1.name, m1.registered_at
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
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || '}' as json, string_agg(p4.member_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8) as tag
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
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || '}' as json, string_agg(nullif(concat_ws(',', o7.buyer_id::bigint::text, o7.seller_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o7.buyer_id, o7.id, o7.placed_at, o7.seller_id
            from trade_order o7
            where (o7.buyer_id = any (o7_found.found1) or o7.seller_id = any (o7_found.found1))
            order by o7.placed_at, o7.id
            limit call.a1
        ) o7
    ) r9 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    instrument_applies,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
