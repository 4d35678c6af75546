with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"order":' || coalesce(r8.json, 'null') || '}' as json,
        r8.subjects as subjects,
        coalesce(r8.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id || '"', 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"deliveryName":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_name end) || ',"deliveryAddress":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_address end) || ',"deliveryPhone":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_phone end) || ',"deliveryCity":' || veil.json_text(case when o1.buyer_id = call.member then o1.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o1.buyer_id = call.member then o1.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o1.placed_at >= '0001-01-01 00:00:00+00' and o1.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o1.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o1.buyer_id = call.member then null else '"deliveryName"' end, case when o1.buyer_id = call.member then null else '"deliveryAddress"' end, case when o1.buyer_id = call.member then null else '"deliveryPhone"' end, case when o1.buyer_id = call.member then null else '"deliveryCity"' end, case when o1.buyer_id = call.member then null else '"deliveryCountry"' end, case when o1.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || ',"buyer":' || coalesce(r3.json, 'null') || ',"seller":' || coalesce(r5.json, 'null') || ',"payment":' || coalesce(r7.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::text, o1.seller_id::text, r7.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) + coalesce(r7.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m2.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id and o1.buyer_id = call.member and m2.id = call.member
            limit 1
        ) r3 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m4.id || '"', 'null') || ',"name":' || veil.json_text(m4.name) || '}' as json, null::text as subjects, 1 as rows
            from member m4
            where m4.id = o1.seller_id and o1.seller_id = call.member and m4.id = call.member
            limit 1
        ) r5 on true
        left join lateral (
            select '{"id":' || coalesce('"' || 'Payment:' || p6.id || '"', 'null') || '}' as json, nullif(nullif(p6.buyer_id, o1.buyer_id), o1.seller_id)::text as subjects, 1 as rows
            from payment p6
            where p6.order_id = o1.id and p6.buyer_id = call.member
            limit 1
        ) r7 on true
        where o1.id = call.a1 and (o1.buyer_id = call.member or o1.seller_id = call.member)
        limit 1
    ) r8 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'self_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '305f7710-4e8f-7b18-e585-ebc66b07c7d2'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
