with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1, a2, a3, a4, a5, a6, a7)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"phone":' || coalesce(r2.json, 'null') || ',"mail":' || coalesce(r4.json, 'null') || ',"fullWidth":' || coalesce(r6.json, 'null') || ',"afterAColon":' || coalesce(r8.json, 'null') || ',"messenger":' || coalesce(r10.json, 'null') || ',"local":' || coalesce(r12.json, 'null') || ',"nothing":' || coalesce(r14.json, 'null') || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) as rows
    from call
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p1.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p1.owner_id), '') as subjects, 1 as rows
        from product p1
        where p1.id = call.a1
        limit 1
    ) r2 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p3.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p3.owner_id), '') as subjects, 1 as rows
        from product p3
        where p3.id = call.a2
        limit 1
    ) r4 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p5.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p5.owner_id), '') as subjects, 1 as rows
        from product p5
        where p5.id = call.a3
        limit 1
    ) r6 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p7.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p7.owner_id), '') as subjects, 1 as rows
        from product p7
        where p7.id = call.a4
        limit 1
    ) r8 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p9.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p9.owner_id), '') as subjects, 1 as rows
        from product p9
        where p9.id = call.a5
        limit 1
    ) r10 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(c11.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', c11.owner_id), '') as subjects, 1 as rows
        from company c11
        where c11.id = call.a6
        limit 1
    ) r12 on true
    left join lateral (
        select '{"description":' || coalesce(to_json(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(translate(p13.description, '０１２３４５６７８９＠．＋－', '0123456789@.+-'), '[\w.%+-]+ ?@ ?[\w-]+(\.[\w-]+)+', '[e-mail]', 'g'), '[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{0,4}', '[ip address]', 'g'), '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?', '[bank account]', 'g'), '[0-9]([ -]?[0-9]){12,18}', '[card number]', 'g'), '(\+|00)?[(]?[0-9]([ ().-]{0,2}[0-9]){6,14}', '[phone]', 'g'), '(QQ|[Ww]e[Cc]hat|微信|[Ww]hats[Aa]pp|[Ss]kype|[Tt]elegram|[Vv]iber|LINE)( ?(id|ID))? ?[:：=]? ?@?[\w.-]{3,}', '[handle]', 'g'))::text, 'null') || '}' as json, nullif(concat_ws(',', p13.owner_id), '') as subjects, 1 as rows
        from product p13
        where p13.id = call.a7
        limit 1
    ) r14 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '6a468191-8231-c8a4-0725-1199bcea7fea'::uuid, 'Slips', 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
