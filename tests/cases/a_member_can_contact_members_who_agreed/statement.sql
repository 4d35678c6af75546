with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"messages":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from message m1_all where (select true from consent state where m1_all.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'CONTACT_BY_MEMBERS' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct m1_all.sender_id::bigint as subject from message m1_all where (select true from consent state where m1_all.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'CONTACT_BY_MEMBERS' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1) limit 2002)
                    union
                    (select distinct m1_all.recipient_id::bigint as subject from message m1_all where (select true from consent state where m1_all.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'CONTACT_BY_MEMBERS' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Message:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"senderName":' || veil.json_text(m1.sender_name) || ',"senderEmail":' || veil.json_text(m1.sender_email) || ',"senderPhone":' || veil.json_text(m1.sender_phone) || ',"hiddenFields":[]}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m1.sender_id::bigint || ':.0.1', m1.recipient_id::bigint || ':.0'), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.id, m1.recipient_id, m1.sender_email, m1.sender_id, m1.sender_name, m1.sender_phone, substr(sha256(call.key || '\x2f77668a9dfbf8d5'::bytea || int8send(m1.id)), 1, 8) as tag
            from message m1
            where (select true from consent state where m1.sender_id = state.member_id and state.kind = 'CONTACT_BY_MEMBERS' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'CONTACT_BY_MEMBERS' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)
            order by substr(sha256(call.key || '\x2f77668a9dfbf8d5'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
