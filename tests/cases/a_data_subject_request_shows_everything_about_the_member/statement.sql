with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[], $8::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"members":' || r3.json || ',"paymentProfiles":' || r6.json || ',"visits":' || r9.json || ',"marketingContacts":' || r12.json || ',"messages":' || r15.json || ',"removalRequests":' || r17.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects, nullif(s14.subjects, ''), r15.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) + coalesce(s14.rows, 0) + coalesce(r15.rows, 0) + coalesce(r17.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from data_subject_request state where 'REGISTRATION' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || ',"email":' || veil.json_text(m1.email) || ',"phone":' || veil.json_text(m1.phone) || ',"address":' || veil.json_text(m1.address) || '}', ',' order by m1.registered_at, m1.id), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.id, m1.name, m1.phone, m1.registered_at
            from member m1
            where m1.id = any (m1_found.found1) and m1.destroyed_at is null
            order by m1.registered_at, m1.id
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select array(select state.member_id as value from data_subject_request state where 'PAYMENT' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
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
        select '{"totalCount":' || s5.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"cardNumber":' || coalesce('"' || case when p4.card_number is not null then case when length(p4.card_number) >= 12 and translate(right(p4.card_number, 4), '0123456789', '') = '' then '**** ' || right(p4.card_number, 4) else '**** ****' end end || '"', 'null') || ',"bankAccount":' || veil.json_text(p4.bank_account) || ',"billingName":' || veil.json_text(p4.billing_name) || '}', ',' order by p4.id), '') || ']' || '}' as json, string_agg(p4.member_id::bigint || ':.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.bank_account, p4.billing_name, p4.card_number, p4.id, p4.member_id
            from payment_profile p4
            where p4.member_id = any (p4_found.found1)
            order by p4.id
            limit call.a1
        ) p4
    ) r6 on true
    left join lateral (
        select array(select state.member_id as value from data_subject_request state where 'STATISTICAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) v7_found on true
    left join lateral (
        select (select count(*) from visit v7_all where v7_all.member_id = any (v7_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v7_all.member_id::bigint as subject from visit v7_all where v7_all.member_id = any (v7_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || s8.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"ipAddress":' || veil.json_text(v7.ip_address) || '}', ',' order by v7.at, v7.id), '') || ']' || '}' as json, string_agg(v7.member_id::bigint || ':.3', ',') as subjects, sum(1)::bigint as rows
        from (
        select v7.at, v7.id, v7.ip_address, v7.member_id
            from visit v7
            where v7.member_id = any (v7_found.found1)
            order by v7.at, v7.id
            limit call.a2
        ) v7
    ) r9 on true
    left join lateral (
        select array(select state.member_id as value from data_subject_request state where 'MARKETING' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m10_found on true
    left join lateral (
        select (select count(*) from marketing_contact m10_all where m10_all.member_id = any (m10_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m10_all.member_id::bigint as subject from marketing_contact m10_all where m10_all.member_id = any (m10_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || s11.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(m10.name) || '}', ',' order by m10.met_at, m10.id), '') || ']' || '}' as json, string_agg(m10.member_id::bigint || ':.4', ',') as subjects, sum(1)::bigint as rows
        from (
        select m10.id, m10.member_id, m10.met_at, m10.name
            from marketing_contact m10
            where m10.member_id = any (m10_found.found1)
            order by m10.met_at, m10.id
            limit call.a1
        ) m10
    ) r12 on true
    left join lateral (
        select array(select state.member_id as value from data_subject_request state where 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m13_found on true
    left join lateral (
        select (select count(*) from message m13_all where (m13_all.recipient_id = any (m13_found.found1) or m13_all.sender_id = any (m13_found.found1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct m13_all.sender_id::bigint as subject from message m13_all where (m13_all.recipient_id = any (m13_found.found1) or m13_all.sender_id = any (m13_found.found1)) limit 2002)
                    union
                    (select distinct m13_all.recipient_id::bigint as subject from message m13_all where (m13_all.recipient_id = any (m13_found.found1) or m13_all.sender_id = any (m13_found.found1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s14 on true
    left join lateral (
        select '{"totalCount":' || s14.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"body":' || veil.json_text(case when (select true from data_subject_request state where m13.recipient_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m13.body end) || ',"senderName":' || veil.json_text(case when (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m13.sender_name end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m13.sent_at >= '0001-01-01 00:00:00+00' and m13.sent_at < '10000-01-01 00:00:00+00') then '"sentAt"' end, case when (select true from data_subject_request state where m13.recipient_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"body"' end, case when (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderName"' end, case when (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderEmail"' end, case when (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderPhone"' end) || ']' || '}', ',' order by m13.sent_at, m13.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m13.sender_id::bigint || ':' || coalesce(case when (select true from data_subject_request state where m13.recipient_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.5' end, '') || coalesce(case when (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.6' end, ''), m13.recipient_id::bigint || ':' || coalesce(case when (select true from data_subject_request state where m13.recipient_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from data_subject_request state where m13.sender_id = state.member_id and 'PERSONAL' = any (state.categories) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.5' end, '')), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select m13.body, m13.id, m13.recipient_id, m13.sender_id, m13.sender_name, m13.sent_at
            from message m13
            where (m13.recipient_id = any (m13_found.found1) or m13.sender_id = any (m13_found.found1))
            order by m13.sent_at, m13.id
            limit call.a3
        ) m13
    ) r15 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"minor":' || veil.json_text(r16.minor) || ',"relation":' || veil.json_text(r16.relation) || '}', ',' order by r16.received_at, r16.id), '') || ']' || '}' as json, string_agg(null::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select r16.id, r16.minor, r16.received_at, r16.relation
            from removal_request r16
            where true
            order by r16.received_at, r16.id
            limit call.a4
        ) r16
    ) r17 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
