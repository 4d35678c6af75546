with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::integer[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::text[])
        as call (n, record, requester, member, organisation, reference, country, trace, key, a1)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"orderStatistics":' || r1.json || ',"visitStatistics":' || r2.json || ',"buyerStatistics":' || r3.json || '}' as json,
        nullif(concat_ws(',', r1.subjects, r2.subjects, r3.subjects), '') as subjects,
        coalesce(r1.rows, 0) + coalesce(r2.rows, 0) + coalesce(r3.rows, 0) as rows
    from call
    left join lateral (
        with fact as materialized (
            select coalesce(fact.status, '-') as key, fact.member_id, fact.measure from order_fact fact
            where fact.currency = call.a1
        ), grouped as (
            select key, count(distinct member_id) as members, count(*) as count, sum(measure) as sum
            from fact group by key
        ), few as (
            select count(distinct fact.member_id) as members from fact join grouped using (key)
            where grouped.members < 10
        ), judged as (
            select grouped.*, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), parts as (
            select key, members, count, sum, shown from judged where shown
            union all
            select null, count(distinct member_id), count(*), sum(measure), false
            from fact join judged using (key) where not shown having count(distinct member_id) >= 10
        ), rounded as (
            select key, shown, round(members, -1) as members, round(count, -1) as count, case when sum = 0 then 0 else round(sum, 1 - floor(log(abs(sum)))::integer) end as sum from parts
        ), totals as (
            select sum(members) as members, sum(count) as count, sum(sum) as sum from rounded
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || coalesce(to_json(nullif(key, '-'))::text, 'null') || ',"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || sum || '"', 'null') || ',"average":' || coalesce('"' || case when (sum / nullif(count, 0)) = 0 then 0 else round((sum / nullif(count, 0)), 1 - floor(log(abs((sum / nullif(count, 0)))))::integer) end || '"', 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"suppressed":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || sum || '"', 'null') || '}' from rounded where not shown), 'null') || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || sum || '"', 'null') || ',"average":' || coalesce('"' || case when (sum / nullif(count, 0)) = 0 then 0 else round((sum / nullif(count, 0)), 1 - floor(log(abs((sum / nullif(count, 0)))))::integer) end || '"', 'null') || '}' from totals where members is not null), 'null') || '}' as json, null::text as subjects, 0 as rows
    ) r1 on true
    left join lateral (
        with fact as materialized (
            select coalesce(fact.browser, '-') as key, fact.member_id, fact.measure from visit_fact fact
        ), grouped as (
            select key, count(distinct member_id) as members, count(*) as count, sum(measure) as sum
            from fact group by key
        ), few as (
            select count(distinct fact.member_id) as members from fact join grouped using (key)
            where grouped.members < 10
        ), judged as (
            select grouped.*, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), parts as (
            select key, members, count, sum, shown from judged where shown
            union all
            select null, count(distinct member_id), count(*), sum(measure), false
            from fact join judged using (key) where not shown having count(distinct member_id) >= 10
        ), rounded as (
            select key, shown, round(members, -1) as members, round(count, -1) as count, case when sum = 0 then 0 else round(sum, 1 - floor(log(abs(sum)))::integer) end as sum from parts
        ), totals as (
            select sum(members) as members, sum(count) as count, sum(sum) as sum from rounded
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || coalesce(to_json(nullif(key, '-'))::text, 'null') || ',"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"suppressed":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}' from rounded where not shown), 'null') || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}' from totals where members is not null), 'null') || '}' as json, null::text as subjects, 0 as rows
    ) r2 on true
    left join lateral (
        with fact as materialized (
            select coalesce(null::text, '-') as key, fact.member_id, fact.measure from buyer_fact fact
        ), grouped as (
            select key, count(distinct member_id) as members, count(*) as count, sum(measure) as sum
            from fact group by key
        ), few as (
            select count(distinct fact.member_id) as members from fact join grouped using (key)
            where grouped.members < 10
        ), judged as (
            select grouped.*, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), parts as (
            select key, members, count, sum, shown from judged where shown
            union all
            select null, count(distinct member_id), count(*), sum(measure), false
            from fact join judged using (key) where not shown having count(distinct member_id) >= 10
        ), rounded as (
            select key, shown, round(members, -1) as members, round(count, -1) as count, case when sum = 0 then 0 else round(sum, 1 - floor(log(abs(sum)))::integer) end as sum from parts
        ), totals as (
            select sum(members) as members, sum(count) as count, sum(sum) as sum from rounded
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || coalesce(to_json(nullif(key, '-'))::text, 'null') || ',"members":' || coalesce((members::bigint)::text, 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"average":' || coalesce('"' || case when (sum / nullif(count, 0)) = 0 then 0 else round((sum / nullif(count, 0)), 1 - floor(log(abs((sum / nullif(count, 0)))))::integer) end || '"', 'null') || '}' from totals where members is not null), 'null') || '}' as json, null::text as subjects, 0 as rows
    ) r3 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'aggregate_sharing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '03069b9c-03f1-0386-d663-e0413f69977b'::uuid, 'Figures', 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject::bigint), array[]::bigint[]) as subjects
        from unnest(string_to_array(answer.subjects, ',')) as subject
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
