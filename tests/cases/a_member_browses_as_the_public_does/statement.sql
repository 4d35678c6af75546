with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"product":' || coalesce(r4.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"title":' || veil.json_text(p1.title) || ',"price":' || coalesce('"' || case when p1.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p1.price::numeric end || '"', 'null') || ',"currency":' || veil.json_text(p1.currency) || ',"description":' || veil.json_text(veil.redact(p1.description)) || ',"company":' || coalesce(r3.json, 'null') || '}' as json, nullif(concat_ws(',', p1.owner_id::bigint || ':.0.1', r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from product p1
        left join lateral (
            select '{"name":' || veil.json_text(c2.name) || ',"city":' || veil.json_text(c2.city) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (c2.year_established between -2147483648 and 2147483647) then '"yearEstablished"' end, case when not (c2.employees between -2147483648 and 2147483647) then '"employees"' end) || ']' || '}' as json, c2.owner_id::bigint || ':.2' as subjects, 1 as rows
            from company c2
            where c2.id = p1.company_id and c2.withdrawn_at is null
            limit 1
        ) r3 on true
        where p1.id = call.a1 and p1.withdrawn_at is null
        limit 1
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    case when (select upper(country) from member where id = answer.member) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from member where id = answer.member)) end as cross_border
from answer
