with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from contract state where state.organisation_id = call.organisation and 'site_operation' = any (state.purposes) and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) as contract_stands,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"member":' || coalesce(r2.json, 'null') || ',"node":' || coalesce(r4.json, r6.json, r8.json, r10.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"city":' || veil.json_text(m1.city) || '}' as json, m1.id::bigint || ':.0.1' as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and call.contract_stands and m1.destroyed_at is null
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Dispute:~' || encode(made.tag || int8send(d3.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x3a8931a9b2f6bf69'::bytea || int8send(d3.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, nullif(concat_ws(',', d3.buyer_id::bigint || ':.2', d3.seller_id::bigint || ':.2'), '') as subjects, 1 as rows
        from dispute d3
        where d3.id = call.a2 and call.contract_stands
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m5.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m5.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m5.id::bigint || ':.0' as subjects, 1 as rows
        from member m5
        where m5.id = call.a3 and call.contract_stands and m5.destroyed_at is null
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || (select 'Order:~' || encode(made.tag || int8send(o7.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o7.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, nullif(concat_ws(',', o7.buyer_id::bigint || ':.3', o7.seller_id::bigint || ':.3'), '') as subjects, 1 as rows
        from trade_order o7
        where o7.id = call.a4 and call.contract_stands
        limit 1
    ) r8 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Organisation:' || o9.id::bigint || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
        from organisation o9
        where o9.id = call.a5
        limit 1
    ) r10 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
