with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"product":' || coalesce(r4.json, 'null') || '}' as json,
        nullif(concat_ws(',', r4.subjects), '') as subjects,
        coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"title":' || coalesce(to_json(p1.title)::text, 'null') || ',"price":' || coalesce('"' || p1.price || '"', 'null') || ',"currency":' || coalesce(to_json(p1.currency)::text, 'null') || ',"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p1.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || ',"company":' || coalesce(r3.json, 'null') || '}' as json, nullif(concat_ws(',', p1.owner_id, r3.subjects), '') as subjects, 1 + coalesce(r3.rows, 0) as rows
        from product p1
        left join lateral (
            select '{"name":' || coalesce(to_json(c2.name)::text, 'null') || ',"city":' || coalesce(to_json(c2.city)::text, 'null') || ',"hiddenFields":[]}' as json, nullif(concat_ws(',', c2.owner_id), '') as subjects, 1 as rows
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
        '4b88ae6a-6f5a-7fcd-7237-1f41d09d1087'::uuid, 'Browse', 'ANSWERED', told.subjects, answer.rows,
        exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)), answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
