with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::integer[], $11::timestamptz[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"messages":' || r2.json || '}' as json,
        nullif(concat_ws(',', r2.subjects), '') as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from message m1_all where m1_all.sent_at >= call.a2)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Message:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"sentAt":' || coalesce(to_json(m1.sent_at)::text, 'null') || ',"body":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(m1.body, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || ',"senderName":' || coalesce(to_json(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.sender_name else left(m1.sender_name, 1) || '. ***' end)::text, 'null') || ',"senderEmail":' || coalesce(to_json(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.sender_email else left(split_part(m1.sender_email, '@', 1), 1) || '***@' || left(split_part(m1.sender_email, '@', 2), 1) || '***.' || left(split_part(split_part(m1.sender_email, '@', 2), '.', -1), 6) end)::text, 'null') || ',"senderPhone":' || coalesce(to_json(case when (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.sender_phone else case when length(translate(m1.sender_phone, ' -(). /', '')) < 8 then '***' else case when left(translate(m1.sender_phone, ' -(). /', ''), 1) <> '+' then '' when substr(translate(m1.sender_phone, ' -(). /', ''), 2, 1) in ('1', '7') then left(translate(m1.sender_phone, ' -(). /', ''), 2) || ' ' when substr(translate(m1.sender_phone, ' -(). /', ''), 2, 2) in ('20', '27', '30', '31', '32', '33', '34', '36', '39', '40', '41', '43', '44', '45', '46', '47', '48', '49', '51', '52', '53', '54', '55', '56', '57', '58', '60', '61', '62', '63', '64', '65', '66', '81', '82', '84', '86', '90', '91', '92', '93', '94', '95', '98') then left(translate(m1.sender_phone, ' -(). /', ''), 3) || ' ' else left(translate(m1.sender_phone, ' -(). /', ''), 4) || ' ' end || '*** ' || right(translate(m1.sender_phone, ' -(). /', ''), 2) end end)::text, 'null') || ',"hiddenFields":[]}', ',' order by m1.sent_at, m1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m1.sender_id, m1.recipient_id), ''), ',') as subjects, sum(1)::bigint as rows
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
        'bfee2e1a-dc86-187d-df2d-5c8f865c61f6'::uuid, 'Contacts', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
