with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"order":' || coalesce(r6.json, 'null') || '}' as json,
        r6.subjects as subjects,
        coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id::bigint || '"', 'null') || ',"buyer":' || coalesce(r3.json, 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"seller":' || coalesce(r5.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::bigint || ':.0', o1.seller_id::bigint || ':.0', r3.subjects, r5.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m2.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m2.name) || ',"email":' || veil.json_text(m2.email) || ',"city":' || veil.json_text(m2.city) || '}' as json, m2.id::bigint || ':.1' as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id and m2.destroyed_at is null
            limit 1
        ) r3 on true
        left join lateral (
            select '{"name":' || veil.json_text(m4.name) || ',"id":' || coalesce('"' || 'Member:' || m4.id::bigint || '"', 'null') || '}' as json, m4.id::bigint || ':.2' as subjects, 1 as rows
            from member m4
            where m4.id = o1.seller_id and m4.destroyed_at is null
            limit 1
        ) r5 on true
        where o1.id = call.a1
        limit 1
    ) r6 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
