with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'account_service' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"members":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from member m1_all where call.contract_stands and m1_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.id::bigint as subject from member m1_all where call.contract_stands and m1_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then 'Member:' || m1.id::bigint else 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') end || '"', 'null') || ',"name":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.name else case when m1.name is not null then case when (ascii(m1.name) between 65 and 90 or ascii(m1.name) between 97 and 122 or ascii(m1.name) between 1040 and 1103) then left(m1.name, 1) else '*' end || '. ***' end end) || ',"email":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.email else case when m1.email is not null then case when (ascii(m1.email) between 97 and 122 or ascii(m1.email) between 48 and 57 or ascii(m1.email) between 65 and 90) then left(m1.email, 1) else '*' end || '***@' || case when (ascii(split_part(m1.email, '@', 2)) between 97 and 122 or ascii(split_part(m1.email, '@', 2)) between 48 and 57 or ascii(split_part(m1.email, '@', 2)) between 65 and 90) then left(split_part(m1.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m1.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end end) || ',"phone":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.phone else case when m1.phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.phone, 40), translate(left(m1.phone, 40), '0123456789', ''), '') as digits offset 0) made) end end) || ',"address":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.address else case when m1.address is not null then coalesce(nullif(m1.city, ''), '***') end end) || ',"city":' || veil.json_text(m1.city) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then case when not (m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end else '"registeredAt"' end) || ']' || '}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.4' || case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then '.0.2' else '.1.3' end, ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.city, m1.email, m1.id, m1.kind, m1.name, m1.phone, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where call.contract_stands and m1.destroyed_at is null
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
