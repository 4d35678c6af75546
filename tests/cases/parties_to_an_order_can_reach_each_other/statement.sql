with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r6.json, 'null') || ',"members":' || r9.json || '}' as json,
        nullif(concat_ws(',', r6.subjects, nullif(s8.subjects, ''), r9.subjects), '') as subjects,
        coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select '{"seller":' || coalesce(r3.json, 'null') || ',"buyer":' || coalesce(r5.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint::text, o1.seller_id::bigint::text, r3.subjects, r5.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m2.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m2.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m2.name) || ',"email":' || veil.json_text(m2.email) || ',"phone":' || veil.json_text(m2.phone) || ',"city":' || veil.json_text(m2.city) || ',"country":' || veil.json_text(m2.country) || ',"jobTitle":' || veil.json_text(m2.job_title) || ',"kind":' || veil.json_text(case when m2.kind in ('BUYER', 'SUPPLIER', 'BOTH') then m2.kind end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m2.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end) || ']' || '}' as json, m2.id::bigint || ':.0.1' as subjects, 1 as rows
            from member m2
            where m2.id = o1.seller_id and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m2.id = state.member_id and state.partner_id = call.member limit 1) and m2.destroyed_at is null
            limit 1
        ) r3 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m4.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m4.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || veil.json_text(m4.name) || ',"email":' || veil.json_text(m4.email) || ',"phone":' || veil.json_text(m4.phone) || '}' as json, m4.id::bigint || ':.0.2' as subjects, 1 as rows
            from member m4
            where m4.id = o1.buyer_id and (select true from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where m4.id = state.member_id and state.partner_id = call.member limit 1) and m4.destroyed_at is null
            limit 1
        ) r5 on true
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r6 on true
    left join lateral (
        select array(select state.member_id as value from (select seller_id as member_id, buyer_id as partner_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED') union all select buyer_id, seller_id from trade_order where status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED')) state where state.partner_id = call.member) as found1
        offset 0
    ) m7_found on true
    left join lateral (
        select (select count(*) from member m7_all where m7_all.id = any (m7_found.found1) and m7_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m7_all.id::bigint as subject from member m7_all where m7_all.id = any (m7_found.found1) and m7_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"name":' || veil.json_text(m7.name) || '}', ',' order by m7.tag), '') || ']' || '}' as json, string_agg(m7.id::bigint || ':.3', ',') as subjects, sum(1)::bigint as rows
        from (
        select m7.id, m7.name, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m7.id)), 1, 8) as tag
            from member m7
            where m7.id = any (m7_found.found1) and m7.destroyed_at is null
            order by substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m7.id)), 1, 8)
            limit call.a2
        ) m7
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
