with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::text[], $9::text[], $10::integer[], $11::bigint[], $12::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"__typename":"Query","__type":' || coalesce(call.a1, 'null') || ',"hidden":' || coalesce(call.a2, 'null') || ',"organisations":' || r2.json || ',"node":' || coalesce(r4.json, r6.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select '{"__typename":"OrganisationConnection","nodes":' || '[' || coalesce(string_agg('{"__typename":"Organisation","name":' || veil.json_text(o1.name) || '}', ',' order by o1.id), '') || ']' || '}' as json, string_agg(null::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select o1.id, o1.name
            from organisation o1
            where true
            order by o1.id
            limit call.a3
        ) o1
    ) r2 on true
    left join lateral (
        select '{"__typename":"Member"}' as json, m3.id::text as subjects, 1 as rows
        from member m3
        where m3.id = call.a4 and (select true from campaign_response state where m3.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1)
        limit 1
    ) r4 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o5
        where o5.id = call.a5
        limit 1
    ) r6 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'ADVERTISER', 'campaign', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '3703c25d-fedf-0b7d-3494-2bdd001650e3'::uuid, 'Both', 'ANSWERED', told.subjects, answer.rows,
        case when (select country from organisation where id = answer.organisation) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from organisation where id = answer.organisation)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
