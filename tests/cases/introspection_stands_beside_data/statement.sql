with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::integer[], $8::bigint[], $9::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
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
        select '{"__typename":"Member"}' as json, m3.id::bigint::text as subjects, 1 as rows
        from member m3
        where m3.id = call.a4 and (select true from campaign_response state where m3.id = state.member_id and state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) limit 1) and m3.destroyed_at is null
        limit 1
    ) r4 on true
    left join lateral (
        select '{"__typename":"Organisation"}' as json, null::text as subjects, 1 as rows
        from organisation o5
        where o5.id = call.a5
        limit 1
    ) r6 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
