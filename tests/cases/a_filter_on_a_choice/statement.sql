with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::integer[], $8::text[], $9::integer[], $10::text[], $11::integer[], $12::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"listed":' || r3.json || ',"written":' || r6.json || ',"one":' || r9.json || ',"members":' || r12.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o1_all.buyer_id::bigint as subject from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each) limit 2002)
                    union
                    (select distinct o1_all.seller_id::bigint as subject from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::bigint::text, o1.seller_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o1.buyer_id, o1.id, o1.placed_at, o1.seller_id
            from trade_order o1
            where o1.status in (select each::text from json_array_elements_text(call.a2::json) each)
            order by o1.placed_at, o1.id
            limit call.a1
        ) o1
    ) r3 on true
    left join lateral (
        select (select count(*) from trade_order o4_all where o4_all.status in (select each::text from json_array_elements_text(call.a4::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o4_all.buyer_id::bigint as subject from trade_order o4_all where o4_all.status in (select each::text from json_array_elements_text(call.a4::json) each) limit 2002)
                    union
                    (select distinct o4_all.seller_id::bigint as subject from trade_order o4_all where o4_all.status in (select each::text from json_array_elements_text(call.a4::json) each) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || s5.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::bigint::text, o4.seller_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o4.buyer_id, o4.id, o4.placed_at, o4.seller_id
            from trade_order o4
            where o4.status in (select each::text from json_array_elements_text(call.a4::json) each)
            order by o4.placed_at, o4.id
            limit call.a3
        ) o4
    ) r6 on true
    left join lateral (
        select (select count(*) from trade_order o7_all where o7_all.status = call.a6) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o7_all.buyer_id::bigint as subject from trade_order o7_all where o7_all.status = call.a6 limit 2002)
                    union
                    (select distinct o7_all.seller_id::bigint as subject from trade_order o7_all where o7_all.status = call.a6 limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || s8.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o7.buyer_id::bigint::text, o7.seller_id::bigint::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o7.buyer_id, o7.id, o7.placed_at, o7.seller_id
            from trade_order o7
            where o7.status = call.a6
            order by o7.placed_at, o7.id
            limit call.a5
        ) o7
    ) r9 on true
    left join lateral (
        select (select count(*) from member m10_all where m10_all.kind = call.a8 and m10_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m10_all.id::bigint as subject from member m10_all where m10_all.kind = call.a8 and m10_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || s11.rows::text || '}' as json, string_agg(m10.id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m10.id, m10.registered_at
            from member m10
            where m10.kind = call.a8 and m10.destroyed_at is null
            order by m10.registered_at, m10.id
            limit call.a7
        ) m10
    ) r12 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
