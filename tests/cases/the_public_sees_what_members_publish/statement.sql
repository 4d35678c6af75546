with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"companies":' || r5.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r5.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r5.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from company c1_all where c1_all.withdrawn_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c1_all.owner_id::bigint as subject from company c1_all where c1_all.withdrawn_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Company:' || c1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(c1.name) || ',"website":' || veil.json_text(c1.website) || ',"country":' || veil.json_text(c1.country) || ',"city":' || veil.json_text(c1.city) || ',"yearEstablished":' || coalesce((case when c1.year_established between -2147483648 and 2147483647 then c1.year_established::integer end)::text, 'null') || ',"employees":' || coalesce((case when c1.employees between -2147483648 and 2147483647 then c1.employees::integer end)::text, 'null') || ',"mainProducts":' || coalesce(to_json(c1.main_products::text[])::text, 'null') || ',"verified":' || coalesce((c1.verified::boolean)::text, 'null') || ',"description":' || veil.json_text(veil.redact(c1.description)) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (c1.year_established between -2147483648 and 2147483647) then '"yearEstablished"' end, case when not (c1.employees between -2147483648 and 2147483647) then '"employees"' end) || ']' || ',"products":' || r4.json || '}', ',' order by c1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', c1.owner_id::bigint || ':.0.1', r4.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0))::bigint as rows
        from (
        select c1.city, c1.country, c1.description, c1.employees, c1.id, c1.main_products, c1.name, c1.owner_id, c1.verified, c1.website, c1.year_established
            from company c1
            where c1.withdrawn_at is null
            order by c1.id
            limit call.a1
        ) c1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Product:' || p3.id::bigint || '"', 'null') || ',"title":' || veil.json_text(p3.title) || ',"category":' || veil.json_text(p3.category) || ',"price":' || coalesce('"' || case when p3.price not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then p3.price::numeric end || '"', 'null') || ',"currency":' || veil.json_text(p3.currency) || ',"minimumOrder":' || coalesce((case when p3.minimum_order between -2147483648 and 2147483647 then p3.minimum_order::integer end)::text, 'null') || ',"listedAt":' || coalesce(to_json(case when p3.listed_at >= '0001-01-01 00:00:00+00' and p3.listed_at < '10000-01-01 00:00:00+00' then p3.listed_at::timestamptz end)::text, 'null') || ',"description":' || veil.json_text(veil.redact(p3.description)) || '}', ',' order by p3.id), '') || ']' || '}' as json, string_agg(p3.owner_id::bigint || ':.2.3', ',') as subjects, sum(1)::bigint as rows
            from (
            select p3.category, p3.currency, p3.description, p3.id, p3.listed_at, p3.minimum_order, p3.owner_id, p3.price, p3.title
                from product p3
                where p3.company_id = c1.id and p3.withdrawn_at is null
                order by p3.id
                limit call.a2
            ) p3
        ) r4 on true
    ) r5 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
