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
        '{"paymentProfiles":' || r3.json || ',"payments":' || r6.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p1_found on true
    left join lateral (
        select (select count(*) from payment_profile p1_all where p1_all.member_id = any (p1_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p1_all.member_id::bigint as subject from payment_profile p1_all where p1_all.member_id = any (p1_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:~' || encode(p1.tag || int8send(p1.id # ('x' || encode(substr(sha256(call.key || p1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"cardNumber":' || coalesce('"' || case when p1.card_number is not null then case when length(p1.card_number) >= 12 and translate(right(p1.card_number, 4), '0123456789', '') = '' then '**** ' || right(p1.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || coalesce('"' || case when p1.bank_account is not null then case when length(p1.bank_account) >= 12 and translate(right(p1.bank_account, 4), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '**** ' || right(p1.bank_account, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || veil.json_text(p1.billing_name) || ',"billingAddress":' || veil.json_text(case when p1.billing_address is not null then coalesce(nullif(p1.billing_city, ''), '***') end) || '}', ',' order by p1.tag), '') || ']' || '}' as json, string_agg(p1.member_id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select p1.bank_account, p1.billing_address, p1.billing_city, p1.billing_name, p1.card_number, p1.id, p1.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p1.id)), 1, 8) as tag
            from payment_profile p1
            where p1.member_id = any (p1_found.found1)
            order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p1.id)), 1, 8)
            limit call.a1
        ) p1
    ) r3 on true
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:~' || encode(p4.tag || int8send(p4.id # ('x' || encode(substr(sha256(call.key || p4.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"method":' || veil.json_text(case when p4.method in ('CARD', 'BANK_TRANSFER', 'CHEQUE') then p4.method end) || ',"amount":' || coalesce('"' || (select round(amount, 2 - case when abs(amount) < 1 then 0 else length(trunc(abs(amount))::text) end) from (select case when abs(stored) > '1E+100'::numeric then sign(stored) * '1E+100'::numeric else stored end as amount from (select case when p4.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p4.amount::numeric end as stored offset 0) given offset 0) made) || '"', 'null') || ',"currency":' || veil.json_text(p4.currency) || ',"status":' || veil.json_text(case when p4.status in ('PENDING', 'AUTHORISED', 'SETTLED', 'REFUNDED', 'FAILED') then p4.status end) || ',"cardNumber":' || coalesce('"' || case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || veil.json_text(p4.billing_name) || '}', ',' order by p4.tag), '') || ']' || '}' as json, string_agg(p4.buyer_id::bigint || ':.3.4.5', ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.amount, p4.billing_name, p4.buyer_id, p4.card_number, p4.currency, p4.id, p4.method, p4.status, substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p4.id)), 1, 8) as tag
            from payment p4
            where p4.buyer_id = any (p4_found.found1)
            order by substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p4.id)), 1, 8)
            limit call.a1
        ) p4
    ) r6 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
