with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"visits":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from visit v1_all where true) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v1_all.member_id::bigint as subject from visit v1_all where true limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Visit:~' || encode(v1.tag || int8send(v1.id # ('x' || encode(substr(sha256(call.key || v1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"at":' || coalesce(to_json(case when v1.at >= '0001-01-01 00:00:00+00' and v1.at < '10000-01-01 00:00:00+00' then v1.at::timestamptz end)::text, 'null') || ',"browser":' || veil.json_text(v1.browser) || ',"operatingSystem":' || veil.json_text(v1.operating_system) || ',"device":' || veil.json_text(v1.device) || ',"pagesViewed":' || coalesce((case when v1.pages_viewed between -2147483648 and 2147483647 then v1.pages_viewed::integer end)::text, 'null') || ',"ipAddress":' || coalesce('"' || case when v1.ip_address is not null then case when v1.ip_address ~ '^(?:(?:::ffff:)?(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))$' then ltrim(rtrim(v1.ip_address, '0123456789'), ':f') || '0/24' when length(v1.ip_address) - length(translate(v1.ip_address, ':', '')) < 8 and not starts_with(v1.ip_address, '2002:') and v1.ip_address ~ '^(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?)$' then network(set_masklen(v1.ip_address::inet, 48))::text else '***' end end || '"', 'null') || ',"hiddenFields":' || '[' || concat_ws(',', case when not (v1.at >= '0001-01-01 00:00:00+00' and v1.at < '10000-01-01 00:00:00+00') then '"at"' end, case when not (v1.pages_viewed between -2147483648 and 2147483647) then '"pagesViewed"' end) || ']' || '}', ',' order by v1.at, v1.tag), '') || ']' || '}' as json, string_agg(v1.member_id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select v1.at, v1.browser, v1.device, v1.id, v1.ip_address, v1.member_id, v1.operating_system, v1.pages_viewed, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v1.id)), 1, 8) as tag
            from visit v1
            where true
            order by v1.at, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v1.id)), 1, 8)
            limit call.a1
        ) v1
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
