with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"order":' || coalesce(r6.json, 'null') || '}' as json,
        r6.subjects as subjects,
        coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Order:' || o1.id || '"', 'null') || ',"buyer":' || coalesce(r3.json, 'null') || ',"status":' || veil.json_text(case when o1.status in ('PLACED', 'PAID', 'SHIPPED', 'DELIVERED', 'DISPUTED', 'CANCELLED') then o1.status end) || ',"seller":' || coalesce(r5.json, 'null') || '}' as json, nullif(concat_ws(',', o1.buyer_id::text, o1.seller_id::text), '') as subjects, 1 + coalesce(r3.rows, 0) + coalesce(r5.rows, 0) as rows
        from trade_order o1
        left join lateral (
            select '{"id":' || coalesce('"' || 'Member:' || m2.id || '"', 'null') || ',"name":' || veil.json_text(m2.name) || ',"email":' || veil.json_text(m2.email) || ',"city":' || veil.json_text(m2.city) || '}' as json, null::text as subjects, 1 as rows
            from member m2
            where m2.id = o1.buyer_id
            limit 1
        ) r3 on true
        left join lateral (
            select '{"name":' || veil.json_text(m4.name) || ',"id":' || coalesce('"' || 'Member:' || m4.id || '"', 'null') || '}' as json, null::text as subjects, 1 as rows
            from member m4
            where m4.id = o1.seller_id
            limit 1
        ) r5 on true
        where o1.id = call.a1
        limit 1
    ) r6 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PLATFORM', 'account_service', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '9eda35cd-48da-a719-061e-9808979c4d0a'::uuid, 'Fragments', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> 'HK'), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
