with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'site_operation' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"members":' || r3.json || ',"orders":' || r6.json || ',"organisation":' || coalesce(r8.json, 'null') || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) as rows
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
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || case when m1.name is not null then case when (ascii(m1.name) between 65 and 90 or ascii(m1.name) between 97 and 122 or ascii(m1.name) between 1040 and 1103) then left(m1.name, 1) else '*' end || '. ***' end || '"', 'null') || '}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(m1.id::bigint || ':.0.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.id, m1.name, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where call.contract_stands and m1.destroyed_at is null
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select (select count(*) from trade_order o4_all where call.contract_stands) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o4_all.buyer_id::bigint as subject from trade_order o4_all where call.contract_stands limit 2002)
                    union
                    (select distinct o4_all.seller_id::bigint as subject from trade_order o4_all where call.contract_stands limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o4.tag || int8send(o4.id # ('x' || encode(substr(sha256(call.key || o4.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || '}', ',' order by o4.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint || ':.2', o4.seller_id::bigint || ':.2'), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o4.buyer_id, o4.id, o4.seller_id, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8) as tag
            from trade_order o4
            where call.contract_stands
            order by substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8)
            limit call.a2
        ) o4
    ) r6 on true
    left join lateral (
        select '{"name":' || veil.json_text(o7.name) || ',"kind":' || veil.json_text(case when o7.kind in ('MARKETPLACE', 'AFFILIATE', 'SERVICE_PROVIDER', 'PARTNER', 'ADVERTISER', 'BANK', 'PAYMENT_VENDOR', 'CREDIT_AGENCY', 'AUTHORITY', 'CLAIMANT', 'ACQUIRER') then o7.kind end) || ',"country":' || veil.json_text(o7.country) || '}' as json, null::text as subjects, 1 as rows
        from organisation o7
        where o7.id = call.a3
        limit 1
    ) r8 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
