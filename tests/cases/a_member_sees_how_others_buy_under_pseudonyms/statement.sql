with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"buyerBehaviours":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from buyer_behaviour b1_all where (select true from consent state where b1_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct b1_all.member_id::bigint as subject from buyer_behaviour b1_all where (select true from consent state where b1_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'BuyerBehaviour:~' || encode(b1.tag || int8send(b1.id # ('x' || encode(substr(sha256(call.key || b1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"ordersPerYear":' || coalesce('"' || (select round(amount, 2 - case when abs(amount) < 1 then 0 else length(trunc(abs(amount))::text) end) from (select case when abs(stored) > '1E+100'::numeric then sign(stored) * '1E+100'::numeric else stored end as amount from (select case when b1.orders_per_year not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then b1.orders_per_year::numeric end as stored offset 0) given offset 0) made) || '"', 'null') || ',"averageOrder":' || coalesce('"' || (select round(amount, 2 - case when abs(amount) < 1 then 0 else length(trunc(abs(amount))::text) end) from (select case when abs(stored) > '1E+100'::numeric then sign(stored) * '1E+100'::numeric else stored end as amount from (select case when b1.average_order not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then b1.average_order::numeric end as stored offset 0) given offset 0) made) || '"', 'null') || ',"topCategories":' || coalesce(to_json(b1.top_categories::text[])::text, 'null') || ',"lastActiveAt":' || coalesce(to_json(date_trunc('month', case when b1.last_active_at >= '0001-01-01 00:00:00+00' and b1.last_active_at < '10000-01-01 00:00:00+00' then b1.last_active_at::timestamptz end, 'UTC'))::text, 'null') || ',"hiddenFields":' || '[' || concat_ws(',', case when not (b1.orders_per_year not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"ordersPerYear"' end, case when not (b1.average_order not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"averageOrder"' end, case when not (b1.last_active_at >= '0001-01-01 00:00:00+00' and b1.last_active_at < '10000-01-01 00:00:00+00') then '"lastActiveAt"' end) || ']' || '}', ',' order by b1.tag), '') || ']' || '}' as json, string_agg(b1.member_id::bigint || ':.0.1.2', ',') as subjects, sum(1)::bigint as rows
        from (
        select b1.average_order, b1.id, b1.last_active_at, b1.member_id, b1.orders_per_year, substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b1.id)), 1, 8) as tag, b1.top_categories
            from buyer_behaviour b1
            where (select true from consent state where b1.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)
            order by substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b1.id)), 1, 8)
            limit call.a1
        ) b1
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
