with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[], $12::text[], $13::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, a6, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"settled":' || coalesce(r2.json, 'null') || ',"failed":' || coalesce(r4.json, 'null') || ',"another":' || coalesce(r6.json, 'null') || ',"authorised":' || r8.json || ',"others":' || r10.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p1.id || '"', 'null') || '}' as json, p1.buyer_id::text as subjects, 1 as rows
        from payment p1
        where p1.id = call.a1 and (select true from payment state where p1.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p3.id || '"', 'null') || '}' as json, p3.buyer_id::text as subjects, 1 as rows
        from payment p3
        where p3.id = call.a2 and (select true from payment state where p3.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Payment:' || p5.id || '"', 'null') || '}' as json, p5.buyer_id::text as subjects, 1 as rows
        from payment p5
        where p5.id = call.a3 and (select true from payment state where p5.id = state.id and state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED') limit 1)
        limit 1
    ) r6 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment p7_all where p7_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p7_all.status = call.a5)::text || '}' as json, nullif(concat_ws(',', string_agg(p7.buyer_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p7_all.buyer_id::text as subject from payment p7_all
                    where p7_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p7_all.status = call.a5
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p7.buyer_id, p7.id, p7.paid_at
            from payment p7
            where p7.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p7.status = call.a5
            order by p7.paid_at, p7.id
            limit call.a4
        ) p7
    ) r8 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from payment p9_all where p9_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p9_all.status in (select each::text from json_array_elements_text(call.a6::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(p9.buyer_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p9_all.buyer_id::text as subject from payment p9_all
                    where p9_all.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p9_all.status in (select each::text from json_array_elements_text(call.a6::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p9.buyer_id, p9.id, p9.paid_at
            from payment p9
            where p9.id = any (array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED'))) and p9.status in (select each::text from json_array_elements_text(call.a6::json) each)
            order by p9.paid_at, p9.id
            limit call.a4
        ) p9
    ) r10 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'BANK', 'transaction_completion', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'a2374c53-2957-20eb-a0d6-575eab25b743'::uuid, 'Others', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
