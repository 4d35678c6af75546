with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[], $10::integer[], $11::text[], $12::integer[], $13::text[], $14::integer[], $15::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, a6, a7, a8, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"listed":' || r3.json || ',"written":' || r6.json || ',"one":' || r9.json || ',"members":' || r12.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o1_all.buyer_id as subject from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each) limit 2002)
                    union
                    (select distinct o1_all.seller_id as subject from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o1.buyer_id::text, o1.seller_id::text), ''), ',') as subjects, sum(1)::bigint as rows
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
                    (select distinct o4_all.buyer_id as subject from trade_order o4_all where o4_all.status in (select each::text from json_array_elements_text(call.a4::json) each) limit 2002)
                    union
                    (select distinct o4_all.seller_id as subject from trade_order o4_all where o4_all.status in (select each::text from json_array_elements_text(call.a4::json) each) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || s5.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id::text, o4.seller_id::text), ''), ',') as subjects, sum(1)::bigint as rows
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
                    (select distinct o7_all.buyer_id as subject from trade_order o7_all where o7_all.status = call.a6 limit 2002)
                    union
                    (select distinct o7_all.seller_id as subject from trade_order o7_all where o7_all.status = call.a6 limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || s8.rows::text || '}' as json, string_agg(nullif(concat_ws(',', o7.buyer_id::text, o7.seller_id::text), ''), ',') as subjects, sum(1)::bigint as rows
        from (
        select o7.buyer_id, o7.id, o7.placed_at, o7.seller_id
            from trade_order o7
            where o7.status = call.a6
            order by o7.placed_at, o7.id
            limit call.a5
        ) o7
    ) r9 on true
    left join lateral (
        select (select count(*) from member m10_all where m10_all.kind = call.a8) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m10_all.id as subject from member m10_all where m10_all.kind = call.a8 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || s11.rows::text || '}' as json, string_agg(m10.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m10.id, m10.registered_at
            from member m10
            where m10.kind = call.a8
            order by m10.registered_at, m10.id
            limit call.a7
        ) m10
    ) r12 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'c4dea3ee-749a-6215-e92e-827799d943ac'::uuid, 'Choices', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> 'HK'), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
