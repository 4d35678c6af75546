with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"accessRecords":' || r7.json || ',"members":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r7.subjects, r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from veil.access_record a1_all where a1_all.outcome is distinct from 'DESCRIBED' and a1_all.operation = call.a2) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct case when a1_all.id is not null then call.member end as subject from veil.access_record a1_all where a1_all.outcome is distinct from 'DESCRIBED' and a1_all.operation = call.a2 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"requester":' || coalesce('"' || (select veil.cursor(call.key, '\x3175d41c14db73c0e5bf3f3461cd3d08', made || repeat(' ', 63 - (octet_length(made) + 63) % 64)) from (select '[' || to_json(a1.requester)::text || ']' as made offset 0) made) || '"', 'null') || ',"role":' || veil.json_text(a1.role) || ',"purpose":' || veil.json_text(a1.purpose) || ',"organisation":' || coalesce(r4.json, 'null') || ',"policy":' || veil.json_text(a1.policy) || ',"operation":' || veil.json_text(a1.operation) || ',"fields":' || r6.json || ',"subjectCount":' || coalesce((case when a1.subject_count between -2147483648 and 2147483647 then a1.subject_count::integer end)::text, 'null') || ',"outcome":' || veil.json_text(a1.outcome) || ',"crossBorder":' || coalesce((a1.cross_border::boolean)::text, 'null') || '}', ',' order by a1.at desc, a1.id desc), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', case when a1.id is not null then call.member end || ':.0.1', r6.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0) + coalesce(r6.rows, 0))::bigint as rows
        from (
        select a1.at, a1.cross_border, a1.id, a1.operation, a1.organisation_id, a1.outcome, a1.policy, a1.purpose, a1.requester, a1.role, a1.subject_count
            from veil.access_record a1
            where a1.outcome is distinct from 'DESCRIBED' and a1.operation = call.a2
            order by a1.at desc, a1.id desc
            limit call.a1
        ) a1
        left join lateral (
            select '{"name":' || veil.json_text(o3.name) || '}' as json, null::text as subjects, 1 as rows
            from organisation o3
            where o3.id = a1.organisation_id
            limit 1
        ) r4 on true
        left join lateral (
            select '[' || coalesce(string_agg('{"field":' || veil.json_text(f5.field) || ',"treatment":' || veil.json_text(f5.treatment) || '}', ',' order by f5.line), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', case when a1.id is not null then call.member end || ':.2') end, string_agg(null::text, ',')), '') as subjects, sum(1)::bigint as rows
            from veil.access_field f5
            where f5.record = a1.id and f5.subject is not distinct from call.member
        ) r6 on true
    ) r7 on true
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m8.tag || int8send(m8.id # ('x' || encode(substr(sha256(call.key || m8.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || case when m8.name is not null then case when (ascii(m8.name) between 65 and 90 or ascii(m8.name) between 97 and 122 or ascii(m8.name) between 1040 and 1103) then left(m8.name, 1) else '*' end || '. ***' end || '"', 'null') || ',"email":' || coalesce('"' || case when m8.email is not null then case when (ascii(m8.email) between 97 and 122 or ascii(m8.email) between 48 and 57 or ascii(m8.email) between 65 and 90) then left(m8.email, 1) else '*' end || '***@' || case when (ascii(split_part(m8.email, '@', 2)) between 97 and 122 or ascii(split_part(m8.email, '@', 2)) between 48 and 57 or ascii(split_part(m8.email, '@', 2)) between 65 and 90) then left(split_part(m8.email, '@', 2), 1) else '*' end || '***.' || case split_part(split_part(m8.email, '@', 2), '.', -1) when 'com' then 'com' when 'net' then 'net' when 'org' then 'org' else '***' end end || '"', 'null') || ',"phone":' || coalesce('"' || case when m8.phone is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m8.phone, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m8.phone, 40), translate(left(m8.phone, 40), '0123456789', ''), '') as digits offset 0) made) end || '"', 'null') || ',"address":' || veil.json_text(case when m8.address is not null then coalesce(nullif(m8.city, ''), '***') end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m8.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m8.registered_at >= '0001-01-01 00:00:00+00' and m8.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || '}', ',' order by m8.registered_at, m8.tag), '') || ']' || '}' as json, string_agg(m8.id::bigint || ':.3.4', ',') as subjects, sum(1)::bigint as rows
        from (
        select m8.address, m8.city, m8.email, m8.id, m8.kind, m8.name, m8.phone, m8.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m8.id)), 1, 8) as tag
            from member m8
            where m8.destroyed_at is null
            order by m8.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m8.id)), 1, 8)
            limit call.a3
        ) m8
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
