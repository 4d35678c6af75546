with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"me":' || coalesce(r6.json, 'null') || '}' as json,
        r6.subjects as subjects,
        coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"purchases":' || r3.json || ',"sales":' || r5.json || '}' as json, nullif(concat_ws(',', m1.id::text, r3.subjects, r5.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
        from member m1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"status":' || veil.json_text(case when o2.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o2.status end) || ',"deliveryCity":' || veil.json_text(case when o2.buyer_id = call.member then o2.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o2.buyer_id = call.member then o2.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o2.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o2.placed_at >= '0001-01-01 00:00:00+00' and o2.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o2.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o2.buyer_id = call.member then null else '"deliveryName"' end, case when o2.buyer_id = call.member then null else '"deliveryAddress"' end, case when o2.buyer_id = call.member then null else '"deliveryPhone"' end, case when o2.buyer_id = call.member then null else '"deliveryCity"' end, case when o2.buyer_id = call.member then null else '"deliveryCountry"' end, case when o2.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || '}', ',' order by o2.placed_at, o2.id), '') || ']' || '}' as json, string_agg(nullif(o2.seller_id, m1.id)::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select o2.buyer_id, o2.delivery_city, o2.id, o2.placed_at, o2.seller_id, o2.status, o2.total, o2.tracking_number
                from trade_order o2
                where o2.buyer_id = m1.id and o2.buyer_id = call.member
                order by o2.placed_at, o2.id
                limit call.a1
            ) o2
        ) r3 on true
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"status":' || veil.json_text(case when o4.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o4.status end) || ',"deliveryCity":' || veil.json_text(case when o4.buyer_id = call.member then o4.delivery_city end) || ',"trackingNumber":' || veil.json_text(case when o4.buyer_id = call.member then o4.tracking_number end) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (o4.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED')) then '"status"' end, case when not (o4.placed_at >= '0001-01-01 00:00:00+00' and o4.placed_at < '10000-01-01 00:00:00+00') then '"placedAt"' end, case when not (o4.total not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)) then '"total"' end, case when o4.buyer_id = call.member then null else '"deliveryName"' end, case when o4.buyer_id = call.member then null else '"deliveryAddress"' end, case when o4.buyer_id = call.member then null else '"deliveryPhone"' end, case when o4.buyer_id = call.member then null else '"deliveryCity"' end, case when o4.buyer_id = call.member then null else '"deliveryCountry"' end, case when o4.buyer_id = call.member then null else '"trackingNumber"' end) || ']' || '}', ',' order by o4.placed_at, o4.id), '') || ']' || '}' as json, string_agg(nullif(o4.buyer_id, m1.id)::text, ',') as subjects, sum(1)::bigint as rows
            from (
            select o4.buyer_id, o4.delivery_city, o4.id, o4.placed_at, o4.status, o4.total, o4.tracking_number
                from trade_order o4
                where o4.seller_id = m1.id and o4.seller_id = call.member
                order by o4.placed_at, o4.id
                limit call.a2
            ) o4
        ) r5 on true
        where m1.id = call.member and m1.id = call.member
        limit 1
    ) r6 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'self_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'f314c8df-4447-80ef-97ce-e46cbaa0b0a7'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
