with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"orders":' || r3.json || ',"visits":' || r6.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select array(select value from (select state.member_id as value from partner_arrival state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) found where (select true from consent state where found.value = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as found1
        offset 0
    ) o1_found on true
    left join lateral (
        select (select count(*) from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o1_all.buyer_id::bigint as subject from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) limit 2002)
                    union
                    (select distinct o1_all.seller_id::bigint as subject from trade_order o1_all where o1_all.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1_all.buyer_id = state.member_id and state.starts_at <= o1_all.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o1.tag || int8send(o1.id # ('x' || encode(substr(sha256(call.key || o1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"placedAt":' || coalesce(to_json(date_trunc('month', case when o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00' then o1.placed_at::timestamptz end, 'UTC'))::text, 'null') || ',"total":' || coalesce('"' || (select round(amount, 2 - case when abs(amount) < 1 then 0 else length(trunc(abs(amount))::text) end) from (select case when abs(stored) > '1E+100'::numeric then sign(stored) * '1E+100'::numeric else stored end as amount from (select case when o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then o1.total::numeric end as stored offset 0) given offset 0) made) || '"', 'null') || ',"deliveryName":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', o1.buyer_id) || ':' || o1.delivery_name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"deliveryCity":' || veil.json_text(o1.delivery_city) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end) || ']' || '}', ',' order by o1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::bigint || ':.0.1.2.3.4', o1.seller_id::bigint || ':.0.1.2'), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o1.buyer_id, o1.delivery_city, o1.delivery_name, o1.id, o1.placed_at, o1.seller_id, o1.status, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8) as tag, o1.total
            from trade_order o1
            where o1.buyer_id = any (o1_found.found1) and (select true from partner_arrival state where o1.buyer_id = state.member_id and state.starts_at <= o1.placed_at and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
            order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o1.id)), 1, 8)
            limit call.a1
        ) o1
    ) r3 on true
    left join lateral (
        select array(select value from (select state.member_id as value from partner_arrival state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) found where (select true from consent state where found.value = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as found1
        offset 0
    ) v4_found on true
    left join lateral (
        select (select count(*) from visit v4_all where v4_all.member_id = any (v4_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct v4_all.member_id::bigint as subject from visit v4_all where v4_all.member_id = any (v4_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Visit:~' || encode(v4.tag || int8send(v4.id # ('x' || encode(substr(sha256(call.key || v4.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"at":' || coalesce(to_json(date_trunc('month', case when v4.at >= '0001-01-01 00:00:00+00' and v4.at < '10000-01-01 00:00:00+00' then v4.at::timestamptz end, 'UTC'))::text, 'null') || ',"device":' || veil.json_text(v4.device) || ',"ipAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\x860d59d1fca88f96'::bytea || sha256(convert_to(concat_ws(',', v4.member_id) || ':' || v4.ip_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || '}', ',' order by v4.tag), '') || ']' || '}' as json, string_agg(v4.member_id::bigint || ':.5.6.7', ',') as subjects, sum(1)::bigint as rows
        from (
        select v4.at, v4.device, v4.id, v4.ip_address, v4.member_id, substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v4.id)), 1, 8) as tag
            from visit v4
            where v4.member_id = any (v4_found.found1)
            order by substr(sha256(call.key || '\x1c8ac867f052ea4a'::bytea || int8send(v4.id)), 1, 8)
            limit call.a2
        ) v4
    ) r6 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
