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
        '{"members":' || r3.json || ',"payments":' || r6.json || ',"products":' || r9.json || ',"visits":' || r12.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from affiliate_account state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"address":' || veil.json_text(m1.address) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.kind, m1.name, m1.phone, m1.registered_at
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select array(select state.member_id as value from affiliate_account state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p4_found on true
    left join lateral (
        select (select count(*) from payment p4_all where p4_all.buyer_id = any (p4_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p4_all.buyer_id::bigint as subject from payment p4_all where p4_all.buyer_id = any (p4_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:' || p4.id::bigint || '"', 'null') || ',"cardNumber":' || coalesce('"' || case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || veil.json_text(p4.bank_account) || ',"billingName":' || veil.json_text(p4.billing_name) || '}', ',' order by p4.paid_at, p4.id), '') || ']' || '}' as json, string_agg(p4.buyer_id::bigint || ':.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.bank_account, p4.billing_name, p4.buyer_id, p4.card_number, p4.id, p4.paid_at
            from payment p4
            where p4.buyer_id = any (p4_found.found1)
            order by p4.paid_at, p4.id
            limit call.a2
        ) p4
    ) r6 on true
    left join lateral (
        select array(select state.member_id as value from affiliate_account state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p7_found on true
    left join lateral (
        select (select count(*) from product p7_all where p7_all.owner_id = any (p7_found.found1) and p7_all.withdrawn_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p7_all.owner_id::bigint as subject from product p7_all where p7_all.owner_id = any (p7_found.found1) and p7_all.withdrawn_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Product:' || p7.id::bigint || '"', 'null') || ',"title":' || veil.json_text(p7.title) || '}', ',' order by p7.id), '') || ']' || '}' as json, string_agg(p7.owner_id::bigint || ':.3', ',') as subjects, sum(1)::bigint as rows
        from (
        select p7.id, p7.owner_id, p7.title
            from product p7
            where p7.owner_id = any (p7_found.found1) and p7.withdrawn_at is null
            order by p7.id
            limit call.a3
        ) p7
    ) r9 on true
    left join lateral (
        select array(select state.member_id as value from affiliate_account state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) v10_found on true
    left join lateral (
        select (select count(*) from visit v10_all where v10_all.member_id = any (v10_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v10_all.member_id::bigint as subject from visit v10_all where v10_all.member_id = any (v10_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || case when s11.subjects is null then round(s11.rows, 3 - length(s11.rows::text)) else s11.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"ipAddress":' || veil.json_text(v10.ip_address) || '}', ',' order by v10.at, v10.id), '') || ']' || '}' as json, string_agg(v10.member_id::bigint || ':.4', ',') as subjects, sum(1)::bigint as rows
        from (
        select v10.at, v10.id, v10.ip_address, v10.member_id
            from visit v10
            where v10.member_id = any (v10_found.found1)
            order by v10.at, v10.id
            limit call.a4
        ) v10
    ) r12 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
