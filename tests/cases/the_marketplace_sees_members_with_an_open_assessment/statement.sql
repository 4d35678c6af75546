with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"members":' || r3.json || ',"paymentProfiles":' || r6.json || ',"payments":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || coalesce('"' || case when m1.email is not null then case when (ascii(m1.email) between 97 and 122 or ascii(m1.email) between 48 and 57 or ascii(m1.email) between 65 and 90) then left(m1.email, 1) else '*' end || '***@' || case when (ascii(split_part(m1.email, '@', 2)) between 97 and 122 or ascii(split_part(m1.email, '@', 2)) between 48 and 57 or ascii(split_part(m1.email, '@', 2)) between 65 and 90) then left(split_part(m1.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m1.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || ',"address":' || veil.json_text(case when m1.address is not null then coalesce(nullif(m1.city, ''), '***') end) || '}', ',' order by m1.registered_at, m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.city, m1.email, m1.id, m1.name, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || s5.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"cardNumber":' || coalesce('"' || case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || coalesce('"' || case when p4.bank_account is not null then case when length(p4.bank_account) >= 12 and translate(right(p4.bank_account, 4), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '**** ' || right(p4.bank_account, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || veil.json_text(p4.billing_name) || ',"creditLimit":' || coalesce('"' || case when p4.credit_limit not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p4.credit_limit::numeric end || '"', 'null') || '}', ',' order by p4.tag), '') || ']' || '}' as json, string_agg(p4.member_id::bigint || ':.3.4', ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.bank_account, p4.billing_name, p4.card_number, p4.credit_limit, p4.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8) as tag
            from payment_profile p4
            where p4.member_id = any (p4_found.found1)
            order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8)
            limit call.a1
        ) p4
    ) r6 on true
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p7_found on true
    left join lateral (
        select (select count(*) from payment p7_all where p7_all.buyer_id = any (p7_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p7_all.buyer_id::bigint as subject from payment p7_all where p7_all.buyer_id = any (p7_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || s8.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"amount":' || coalesce('"' || case when p7.amount not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p7.amount::numeric end || '"', 'null') || ',"bankAccount":' || coalesce('"' || case when p7.bank_account is not null then case when length(p7.bank_account) >= 12 and translate(right(p7.bank_account, 4), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = '' then '**** ' || right(p7.bank_account, 4) else '**** ****' end end || '"', 'null') || ',"billingName":' || veil.json_text(p7.billing_name) || '}', ',' order by p7.paid_at, p7.tag), '') || ']' || '}' as json, string_agg(p7.buyer_id::bigint || ':.5.6', ',') as subjects, sum(1)::bigint as rows
        from (
        select p7.amount, p7.bank_account, p7.billing_name, p7.buyer_id, p7.paid_at, substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p7.id)), 1, 8) as tag
            from payment p7
            where p7.buyer_id = any (p7_found.found1)
            order by p7.paid_at, substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p7.id)), 1, 8)
            limit call.a2
        ) p7
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
