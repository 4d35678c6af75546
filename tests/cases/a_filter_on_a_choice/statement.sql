with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[], $10::integer[], $11::text[], $12::integer[], $13::text[], $14::integer[], $15::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, a6, a7, a8, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"listed":' || r2.json || ',"written":' || r4.json || ',"one":' || r6.json || ',"members":' || r8.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o1_all where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(nullif(concat_ws(',', o1.buyer_id::text, o1.seller_id::text), ''), ','), (
                select string_agg(subject, ',') from (
                    select nullif(concat_ws(',', o1_all.buyer_id::text, o1_all.seller_id::text), '') as subject from trade_order o1_all
                    where o1_all.status in (select each::text from json_array_elements_text(call.a2::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select o1.buyer_id, o1.id, o1.placed_at, o1.seller_id
            from trade_order o1
            where o1.status in (select each::text from json_array_elements_text(call.a2::json) each)
            order by o1.placed_at, o1.id
            limit call.a1
        ) o1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o3_all where o3_all.status in (select each::text from json_array_elements_text(call.a4::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(nullif(concat_ws(',', o3.buyer_id::text, o3.seller_id::text), ''), ','), (
                select string_agg(subject, ',') from (
                    select nullif(concat_ws(',', o3_all.buyer_id::text, o3_all.seller_id::text), '') as subject from trade_order o3_all
                    where o3_all.status in (select each::text from json_array_elements_text(call.a4::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select o3.buyer_id, o3.id, o3.placed_at, o3.seller_id
            from trade_order o3
            where o3.status in (select each::text from json_array_elements_text(call.a4::json) each)
            order by o3.placed_at, o3.id
            limit call.a3
        ) o3
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from trade_order o5_all where o5_all.status = call.a6)::text || '}' as json, nullif(concat_ws(',', string_agg(nullif(concat_ws(',', o5.buyer_id::text, o5.seller_id::text), ''), ','), (
                select string_agg(subject, ',') from (
                    select nullif(concat_ws(',', o5_all.buyer_id::text, o5_all.seller_id::text), '') as subject from trade_order o5_all
                    where o5_all.status = call.a6
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select o5.buyer_id, o5.id, o5.placed_at, o5.seller_id
            from trade_order o5
            where o5.status = call.a6
            order by o5.placed_at, o5.id
            limit call.a5
        ) o5
    ) r6 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m7_all where m7_all.kind = call.a8)::text || '}' as json, nullif(concat_ws(',', string_agg(m7.id::text, ','), (
                select string_agg(subject, ',') from (
                    select m7_all.id::text as subject from member m7_all
                    where m7_all.kind = call.a8
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select m7.id, m7.registered_at
            from member m7
            where m7.kind = call.a8
            order by m7.registered_at, m7.id
            limit call.a7
        ) m7
    ) r8 on true
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
