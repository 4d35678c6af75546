with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"orderStatistics":' || r1.json || ',"visitStatistics":' || r2.json || ',"buyerStatistics":' || r3.json || '}' as json,
        null::text as subjects,
        0 as rows
    from call
    left join lateral (
        with fact as materialized (
            select coalesce(status, '-') as key, member_id, seller_id,
                case when measure not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then measure end as measure
            from order_fact
            where currency = call.a1
        ), grouped as (
            select key, least(count(distinct member_id), count(distinct seller_id)) as members from fact group by key
        ), few as (
            select least(count(distinct member_id), count(distinct seller_id)) as members from fact join grouped using (key) where grouped.members < 10
        ), judged as (
            select key, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), part as materialized (
            select case when shown then key else '' end as key, shown, member_id, seller_id, measure from fact join judged using (key)
        ), largest as (
            select key, shown, max(count)::numeric as count, max(abs(sum)) as sum from (
                select key, shown, count(*) as count, sum(measure) as sum from part group by key, shown, member_id
                union all select key, shown, count(*) as count, sum(measure) as sum from part group by key, shown, seller_id
            ) share group by key, shown
        ), parts as (
            select key, shown, count(distinct member_id) as members, count(*)::numeric as count, sum(measure) as sum
            from part group by key, shown having least(count(distinct member_id), count(distinct seller_id)) >= 10
        ), rounded as (
            select key, shown, round(parts.members, -1) as members,
                case when parts.count = 0 then 0 else (select sign(parts.count) * greatest(1, round(abs(parts.count) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) * case when largest.count <= power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 1 when largest.count <= 2 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 2 when largest.count <= 5 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 5 else 10 end, 10) as step) steps) end as count,
                case when parts.sum = 0 then 0 else (select sign(parts.sum) * greatest(1, round(abs(parts.sum) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) * case when largest.sum <= power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 1 when largest.sum <= 2 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 2 when largest.sum <= 5 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 5 else 10 end, power(10::numeric, floor(log(nullif(abs(parts.sum), 0)))) / 10) as step) steps) end as sum
            from parts join largest using (key, shown)
        ), totals as (
            select (select round(count(distinct member_id), -1) from fact) as members, sum(count) as count,
                sum(sum) as sum from rounded having count(*) > 0
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(nullif(key, '-')) || ',"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(case when (sum / nullif(count, 0)) = 0 then 0 else (select sign((sum / nullif(count, 0))) * greatest(1, round(abs((sum / nullif(count, 0))) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs((sum / nullif(count, 0))), 0)))) / 10) as step) steps) end) || '"', 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"suppressed":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || '}' from rounded where not shown), 'null') || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(case when (sum / nullif(count, 0)) = 0 then 0 else (select sign((sum / nullif(count, 0))) * greatest(1, round(abs((sum / nullif(count, 0))) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs((sum / nullif(count, 0))), 0)))) / 10) as step) steps) end) || '"', 'null') || '}' from totals where members is not null), 'null') || '}' as json
    ) r1 on true
    left join lateral (
        with fact as materialized (
            select coalesce(browser, '-') as key, member_id,
                case when measure not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then measure end as measure
            from visit_fact
        ), grouped as (
            select key, least(count(distinct member_id)) as members from fact group by key
        ), few as (
            select least(count(distinct member_id)) as members from fact join grouped using (key) where grouped.members < 10
        ), judged as (
            select key, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), part as materialized (
            select case when shown then key else '' end as key, shown, member_id, measure from fact join judged using (key)
        ), largest as (
            select key, shown, max(count)::numeric as count, max(abs(sum)) as sum from (
                select key, shown, count(*) as count, sum(measure) as sum from part group by key, shown, member_id
            ) share group by key, shown
        ), parts as (
            select key, shown, count(distinct member_id) as members, count(*)::numeric as count, sum(measure) as sum
            from part group by key, shown having least(count(distinct member_id)) >= 10
        ), rounded as (
            select key, shown, round(parts.members, -1) as members,
                case when parts.count = 0 then 0 else (select sign(parts.count) * greatest(1, round(abs(parts.count) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) * case when largest.count <= power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 1 when largest.count <= 2 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 2 when largest.count <= 5 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 5 else 10 end, 10) as step) steps) end as count,
                case when parts.sum = 0 then 0 else (select sign(parts.sum) * greatest(1, round(abs(parts.sum) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) * case when largest.sum <= power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 1 when largest.sum <= 2 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 2 when largest.sum <= 5 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 5 else 10 end, power(10::numeric, floor(log(nullif(abs(parts.sum), 0)))) / 10) as step) steps) end as sum
            from parts join largest using (key, shown)
        ), totals as (
            select (select round(count(distinct member_id), -1) from fact) as members, sum(count) as count,
                sum(sum) as sum from rounded having count(*) > 0
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(nullif(key, '-')) || ',"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"suppressed":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}' from rounded where not shown), 'null') || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"count":' || coalesce((count::bigint)::text, 'null') || '}' from totals where members is not null), 'null') || '}' as json
    ) r2 on true
    left join lateral (
        with fact as materialized (
            select coalesce(null::text, '-') as key, member_id,
                case when measure not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then measure end as measure
            from buyer_fact
        ), grouped as (
            select key, least(count(distinct member_id)) as members from fact group by key
        ), few as (
            select least(count(distinct member_id)) as members from fact join grouped using (key) where grouped.members < 10
        ), judged as (
            select key, grouped.members >= 10 and not (few.members between 1 and 9
                and row_number() over (partition by grouped.members >= 10 order by grouped.members, key) = 1) as shown
            from grouped cross join few
        ), part as materialized (
            select case when shown then key else '' end as key, shown, member_id, measure from fact join judged using (key)
        ), largest as (
            select key, shown, max(count)::numeric as count, max(abs(sum)) as sum from (
                select key, shown, count(*) as count, sum(measure) as sum from part group by key, shown, member_id
            ) share group by key, shown
        ), parts as (
            select key, shown, count(distinct member_id) as members, count(*)::numeric as count, sum(measure) as sum
            from part group by key, shown having least(count(distinct member_id)) >= 10
        ), rounded as (
            select key, shown, round(parts.members, -1) as members,
                case when parts.count = 0 then 0 else (select sign(parts.count) * greatest(1, round(abs(parts.count) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) * case when largest.count <= power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 1 when largest.count <= 2 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 2 when largest.count <= 5 * power(10::numeric, floor(log(nullif(abs(largest.count), 0)))) then 5 else 10 end, 10) as step) steps) end as count,
                case when parts.sum = 0 then 0 else (select sign(parts.sum) * greatest(1, round(abs(parts.sum) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) * case when largest.sum <= power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 1 when largest.sum <= 2 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 2 when largest.sum <= 5 * power(10::numeric, floor(log(nullif(abs(largest.sum), 0)))) then 5 else 10 end, power(10::numeric, floor(log(nullif(abs(parts.sum), 0)))) / 10) as step) steps) end as sum
            from parts join largest using (key, shown)
        ), totals as (
            select (select round(count(distinct member_id), -1) from fact) as members, sum(count) as count,
                sum(sum) as sum from rounded having count(*) > 0
        )
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(nullif(key, '-')) || ',"members":' || coalesce((members::bigint)::text, 'null') || '}', ',' order by key), '') || ']' from rounded where shown) || ',"total":' || coalesce((select '{"members":' || coalesce((members::bigint)::text, 'null') || ',"average":' || coalesce('"' || trim_scale(case when (sum / nullif(count, 0)) = 0 then 0 else (select sign((sum / nullif(count, 0))) * greatest(1, round(abs((sum / nullif(count, 0))) / step)) * step from (select greatest(power(10::numeric, floor(log(nullif(abs((sum / nullif(count, 0))), 0)))) / 10) as step) steps) end) || '"', 'null') || '}' from totals where members is not null), 'null') || '}' as json
    ) r3 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'aggregate_sharing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '06541ea1-02f9-3e9f-717b-f62b83a7300e'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
