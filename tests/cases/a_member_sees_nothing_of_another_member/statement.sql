with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::integer[], $10::bigint[], $11::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"member":' || coalesce(r2.json, 'null') || ',"members":' || r4.json || ',"order":' || coalesce(r10.json, 'null') || ',"paymentProfile":' || coalesce(r12.json, 'null') || ',"paymentProfiles":' || r14.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r10.subjects, r12.subjects, r14.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m1.id || '"', 'null') || ',"name":' || veil.json_text(m1.name) || '}' as json, m1.id::text as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and m1.id = call.member
        limit 1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from member m3_all where m3_all.id = call.member)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:' || m3.id || '"', 'null') || '}', ',' order by m3.registered_at, m3.id), '') || ']' || '}' as json, string_agg(m3.id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m3.id, m3.registered_at
            from member m3
            where m3.id = call.member
            order by m3.registered_at, m3.id
            limit call.a2
        ) m3
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o5.id || '"', 'null') || ',"buyer":' || coalesce(r7.json, 'null') || ',"seller":' || coalesce(r9.json, 'null') || '}' as json, nullif(concat_ws(',', o5.buyer_id::text, o5.seller_id::text), '') as subjects, 1 + coalesce(r7.rows, 0) + coalesce(r9.rows, 0) as rows
        from trade_order o5
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m6.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from member m6
            where m6.id = o5.buyer_id and m6.id = call.member
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m8.id || '"', 'null') || ',"name":' || veil.json_text(m8.name) || '}' as json, null::text as subjects, 1 as rows
            from member m8
            where m8.id = o5.seller_id and m8.id = call.member
            limit 1
        ) r9 on true
        where o5.id = call.a3 and (o5.buyer_id = call.member or o5.seller_id = call.member)
        limit 1
    ) r10 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'PaymentProfile:' || p11.id || '"', 'null') || '}' as json, p11.member_id::text as subjects, 1 as rows
        from payment_profile p11
        where p11.id = call.a4 and p11.member_id = call.member
        limit 1
    ) r12 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment_profile p13_all where p13_all.member_id = call.member)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'PaymentProfile:' || p13.id || '"', 'null') || '}', ',' order by p13.id), '') || ']' || '}' as json, string_agg(p13.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p13.id, p13.member_id
            from payment_profile p13
            where p13.member_id = call.member
            order by p13.id
            limit call.a2
        ) p13
    ) r14 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'self_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '9786ae9f-1174-500d-a660-e4b3dffd09f7'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
