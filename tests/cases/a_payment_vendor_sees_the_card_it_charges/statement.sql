with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"payments":' || r3.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.id as value from payment state where state.organisation_id = call.organisation and state.status in ('PENDING', 'AUTHORISED')) as found1
        offset 0
    ) p1_found on true
    left join lateral (
        select (select count(*) from payment p1_all where p1_all.id = any (p1_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p1_all.buyer_id as subject from payment p1_all where p1_all.id = any (p1_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:' || p1.id || '"', 'null') || ',"status":' || veil.json_text(case when p1.status in ('PENDING', 'AUTHORISED', 'SETTLED', 'REFUNDED', 'FAILED') then p1.status end) || ',"cardNumber":' || veil.json_text(p1.card_number) || ',"cardExpiry":' || veil.json_text(p1.card_expiry) || ',"billingName":' || veil.json_text(p1.billing_name) || '}', ',' order by p1.paid_at, p1.id), '') || ']' || '}' as json, string_agg(p1.buyer_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p1.billing_name, p1.buyer_id, p1.card_expiry, p1.card_number, p1.id, p1.paid_at, p1.status
            from payment p1
            where p1.id = any (p1_found.found1)
            order by p1.paid_at, p1.id
            limit call.a1
        ) p1
    ) r3 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PAYMENT_VENDOR', 'transaction_completion', answer.member, answer.organisation, answer.reference, '2012-06-11',
        'e6deec38-5d1f-7389-f869-a8188ba4cc06'::uuid, 'Charge', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
