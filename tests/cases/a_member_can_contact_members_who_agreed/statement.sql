with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::timestamptz[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"messages":' || r2.json || '}' as json,
        r2.subjects as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from message m1_all where m1_all.sent_at >= call.a2)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Message:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"sentAt":' || coalesce(to_json(m1.sent_at)::text, 'null') || ',"body":' || veil.json_text(veil.redact(m1.body)) || ',"senderName":' || veil.json_text(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'CONTACT_BY_MEMBERS' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) then m1.sender_name else case when m1.sender_name is not null then case when (ascii(m1.sender_name) between 65 and 90 or ascii(m1.sender_name) between 97 and 122 or ascii(m1.sender_name) between 1040 and 1103) then left(m1.sender_name, 1) else '*' end || '. ***' end end) || ',"senderEmail":' || veil.json_text(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'CONTACT_BY_MEMBERS' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) then m1.sender_email else case when m1.sender_email is not null then case when (ascii(m1.sender_email) between 97 and 122 or ascii(m1.sender_email) between 48 and 57 or ascii(m1.sender_email) between 65 and 90) then left(m1.sender_email, 1) else '*' end || '***@' || case when (ascii(split_part(m1.sender_email, '@', 2)) between 97 and 122 or ascii(split_part(m1.sender_email, '@', 2)) between 48 and 57 or ascii(split_part(m1.sender_email, '@', 2)) between 65 and 90) then left(split_part(m1.sender_email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m1.sender_email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end end) || ',"senderPhone":' || veil.json_text(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'CONTACT_BY_MEMBERS' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) then m1.sender_phone else case when m1.sender_phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.sender_phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.sender_phone, 40), translate(left(m1.sender_phone, 40), '0123456789', ''), '') as digits offset 0) made) end end) || ',"hiddenFields":[]}', ',' order by m1.sent_at, m1.tag), '') || ']' || '}' as json, nullif(concat_ws(',', string_agg(nullif(concat_ws(',', m1.sender_id::text, m1.recipient_id::text), ''), ','), (
                select string_agg(subject, ',') from (
                    select nullif(concat_ws(',', m1_all.sender_id::text, m1_all.recipient_id::text), '') as subject from message m1_all
                    where m1_all.sent_at >= call.a2
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select m1.body, m1.id, m1.recipient_id, m1.sender_email, m1.sender_id, m1.sender_name, m1.sender_phone, m1.sent_at, substr(sha256(call.key || '\x2f77668a9dfbf8d5'::bytea || int8send(m1.id)), 1, 8) as tag
            from message m1
            where m1.sent_at >= call.a2
            order by m1.sent_at, substr(sha256(call.key || '\x2f77668a9dfbf8d5'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r2 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'member_insight', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '84e5cd9c-e171-7bc7-29d6-e1cd2bf9bced'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
