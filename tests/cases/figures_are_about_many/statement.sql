with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::text[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"orderStatistics":' || r1.json || ',"visitStatistics":' || r2.json || ',"buyerStatistics":' || r3.json || '}' as json,
        null::text as subjects,
        0 as rows
    from call
    left join lateral (
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'order_fact' and unit = call.a1 and dimension = 'status' and month = (select max(month) from veil.figure_release)) || ',"suppressed":null,"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}' from veil.figure where facts = 'order_fact' and unit = call.a1 and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
    ) r1 on true
    left join lateral (
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'visit_fact' and unit = '' and dimension = 'browser' and month = (select max(month) from veil.figure_release)) || ',"suppressed":null,"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || '}' from veil.figure where facts = 'visit_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
    ) r2 on true
    left join lateral (
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'buyer_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)) || ',"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}' from veil.figure where facts = 'buyer_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
    ) r3 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
