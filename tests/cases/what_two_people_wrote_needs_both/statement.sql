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
        '{"messages":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from affiliate_account state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) m1_found on true
    left join lateral (
        select (select count(*) from message m1_all where (m1_all.recipient_id = any (m1_found.found1) or m1_all.sender_id = any (m1_found.found1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct m1_all.sender_id::bigint as subject from message m1_all where (m1_all.recipient_id = any (m1_found.found1) or m1_all.sender_id = any (m1_found.found1)) limit 2002)
                    union
                    (select distinct m1_all.recipient_id::bigint as subject from message m1_all where (m1_all.recipient_id = any (m1_found.found1) or m1_all.sender_id = any (m1_found.found1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Message:' || m1.id::bigint || '"', 'null') || ',"body":' || veil.json_text(case when (select true from affiliate_account state where m1.recipient_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.body end) || ',"senderName":' || veil.json_text(case when (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.sender_name end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.sent_at >= '0001-01-01 00:00:00+00' and m1.sent_at < '10000-01-01 00:00:00+00') then '"sentAt"' end, case when (select true from affiliate_account state where m1.recipient_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"body"' end, case when (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderName"' end, case when (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderEmail"' end, case when (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else '"senderPhone"' end) || ']' || '}', ',' order by m1.sent_at, m1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m1.sender_id::bigint || ':.0' || coalesce(case when (select true from affiliate_account state where m1.recipient_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.1' end, '') || coalesce(case when (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.2' end, ''), m1.recipient_id::bigint || ':.0' || coalesce(case when (select true from affiliate_account state where m1.recipient_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and (select true from affiliate_account state where m1.sender_id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.1' end, '')), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.body, m1.id, m1.recipient_id, m1.sender_id, m1.sender_name, m1.sent_at
            from message m1
            where (m1.recipient_id = any (m1_found.found1) or m1.sender_id = any (m1_found.found1))
            order by m1.sent_at, m1.id
            limit call.a1
        ) m1
    ) r3 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
