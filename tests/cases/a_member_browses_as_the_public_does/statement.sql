with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bigint[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"product":' || coalesce(r4.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"title":' || veil.json_text(p1.title) || ',"price":' || coalesce('"' || case when p1.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p1.price end || '"', 'null') || ',"currency":' || veil.json_text(p1.currency) || ',"description":' || veil.json_text(veil.redact(p1.description)) || ',"company":' || coalesce(r3.json, 'null') || '}' as json, nullif(concat_ws(',', p1.owner_id::text, r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from product p1
        left join lateral (
            select '{"name":' || veil.json_text(c2.name) || ',"city":' || veil.json_text(c2.city) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (c2.year_established between -2147483648 and 2147483647) then '"yearEstablished"' end, case when not (c2.employees between -2147483648 and 2147483647) then '"employees"' end) || ']' || '}' as json, nullif(c2.owner_id, p1.owner_id)::text as subjects, 1 as rows
            from company c2
            where c2.id = p1.company_id
            limit 1
        ) r3 on true
        where p1.id = call.a1
        limit 1
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '0b840980-eed8-82a4-4902-0ae6320cffe8'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
