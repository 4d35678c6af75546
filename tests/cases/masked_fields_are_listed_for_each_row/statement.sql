with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'account_service' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::boolean[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"members":' || r2.json || '}' as json,
        r2.subjects as subjects,
        coalesce(r2.rows, 0) as rows
    from call
    left join lateral (
        select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then 'Member:' || m1.id else 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') end || '"', 'null') || ',"fax":' || veil.json_text(case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then m1.fax else case when m1.fax is not null then (select case when length(digits) < 8 then '*** **' else case when left(ltrim(m1.fax, ' ('), 1) <> '+' then '' when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' ' when strpos('20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98', left(digits, 2)) > 0 then '+' || left(digits, 2) || ' ' when strpos('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99', left(digits, 2)) > 0 then '+' || left(digits, 3) || ' ' else '' end || '*** ' || right(digits, 2) end from (select translate(left(m1.fax, 40), translate(left(m1.fax, 40), '0123456789', ''), '') as digits offset 0) made) end end) || ',"masked":' || '[' || concat_ws(',', case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else case when m1.id is not null then '{' || concat_ws(',', '"field":' || '"id"', '"as":' || '"TOKEN"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end end, case when (select true from support_case state where m1.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) then null else nullif(concat_ws(',', case when m1.name is not null then '{' || concat_ws(',', '"field":' || '"name"', '"as":' || '"PARTIAL"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end, case when m1.email is not null then '{' || concat_ws(',', '"field":' || '"email"', '"as":' || '"PARTIAL"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end, case when m1.phone is not null then '{' || concat_ws(',', '"field":' || '"phone"', '"as":' || '"PARTIAL"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end, case when m1.fax is not null then '{' || concat_ws(',', '"field":' || '"fax"', '"as":' || '"PARTIAL"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end, case when m1.address is not null then '{' || concat_ws(',', '"field":' || '"address"', '"as":' || '"PARTIAL"', case when call.a2 then '"kind":' || '"MaskedField"' end) || '}' end), '') end) || ']' || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m1.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m1.registered_at >= '0001-01-01 00:00:00+00' and m1.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || '}', ',' order by m1.registered_at, m1.tag), '') || ']' || '}' as json, string_agg(m1.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.address, m1.email, m1.fax, m1.id, m1.kind, m1.name, m1.phone, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where call.contract_stands
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r2 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'SERVICE_PROVIDER', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'b2e9ffe1-5434-0a8f-bbfe-b1f1229e1b12'::uuid, 'Masked', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
