with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::boolean[], $7::boolean[], $8::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"company":' || coalesce(r4.json, 'null') || '}' as json,
        r4.subjects as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{' || concat_ws(',', '"name":' || veil.json_text(c1.name), case when call.a2 then '"city":' || veil.json_text(c1.city) end, case when not call.a2 then '"country":' || veil.json_text(c1.country) end, case when not call.a3 then '"website":' || veil.json_text(c1.website) end, case when call.a2 then '"products":' || r3.json end, case when call.a3 then '"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees::integer end)::text, 'null') end, '"verified":' || coalesce((c1.verified::boolean)::text, 'null')) || '}' as json, nullif(concat_ws(',', c1.owner_id::bigint || ':.0' || case when call.a2 then '.1' else '' end || case when not call.a2 then '.2' else '' end || case when not call.a3 then '.3' else '' end || case when call.a3 then '.4' else '' end, r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from company c1
        left join lateral (
            select '{' || concat_ws(',', case when call.a2 then '"nodes":' || '[' || coalesce(string_agg('{' || concat_ws(',', case when call.a2 then '"id":' || coalesce('"' || 'Product:' || p2.id::bigint || '"', 'null') end, case when call.a2 and not call.a3 then '"title":' || veil.json_text(p2.title) end) || '}', ',' order by p2.id), '') || ']' end) || '}' as json, string_agg(p2.owner_id::bigint || ':' || case when call.a2 and call.a2 and not call.a3 then '.5' else '' end, ',') as subjects, sum(1)::bigint as rows
            from (
            select p2.id, p2.owner_id, p2.title
                from product p2
                where p2.company_id = c1.id and p2.withdrawn_at is null
                order by p2.id
                limit call.a4
            ) p2
        ) r3 on call.a2
        where c1.id = call.a1 and c1.withdrawn_at is null
        limit 1
    ) r4 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
