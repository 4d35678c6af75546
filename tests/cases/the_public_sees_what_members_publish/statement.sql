with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::integer[], $11::integer[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"companies":' || r4.json || '}' as json,
        nullif(concat_ws(',', r4.subjects), '') as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c1_all where true)::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Company:' || c1.id || '"', 'null') || ',"name":' || coalesce(to_json(c1.name)::text, 'null') || ',"website":' || coalesce(to_json(c1.website)::text, 'null') || ',"country":' || coalesce(to_json(c1.country)::text, 'null') || ',"city":' || coalesce(to_json(c1.city)::text, 'null') || ',"yearEstablished":' || coalesce((c1.year_established)::text, 'null') || ',"employees":' || coalesce((c1.employees)::text, 'null') || ',"mainProducts":' || coalesce(to_json(c1.main_products)::text, 'null') || ',"verified":' || coalesce((c1.verified)::text, 'null') || ',"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(c1.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || ',"hiddenFields":[],"products":' || r3.json || '}', ',' order by c1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', c1.owner_id, r3.subjects), ''), ',') as subjects, sum(1 + coalesce(r3.rows, 0))::bigint as rows
        from (
        select c1.city, c1.country, c1.description, c1.employees, c1.id, c1.main_products, c1.name, c1.owner_id, c1.verified, c1.website, c1.year_established
            from company c1
            where true
            order by c1.id
            limit call.a1
        ) c1
        left join lateral (
            select '{"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Product:' || p2.id || '"', 'null') || ',"title":' || coalesce(to_json(p2.title)::text, 'null') || ',"category":' || coalesce(to_json(p2.category)::text, 'null') || ',"price":' || coalesce('"' || p2.price || '"', 'null') || ',"currency":' || coalesce(to_json(p2.currency)::text, 'null') || ',"minimumOrder":' || coalesce((p2.minimum_order)::text, 'null') || ',"listedAt":' || coalesce(to_json(p2.listed_at)::text, 'null') || ',"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p2.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}', ',' order by p2.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', p2.owner_id), ''), ',') as subjects, sum(1)::bigint as rows
            from (
            select p2.category, p2.currency, p2.description, p2.id, p2.listed_at, p2.minimum_order, p2.owner_id, p2.price, p2.title
                from product p2
                where p2.company_id = c1.id
                order by p2.id
                limit call.a2
            ) p2
        ) r3 on true
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '623efcd3-fe64-9544-f2b2-5d4f914e9753'::uuid, 'Published', 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
