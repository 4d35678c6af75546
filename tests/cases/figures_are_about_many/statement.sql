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
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'order_fact' and unit = call.a1 and dimension = 'status' and month = (select max(month) from veil.figure_release)) || ',"suppressed":null,"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || ',"sum":' || coalesce('"' || trim_scale(sum) || '"', 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}' from veil.figure where facts = 'order_fact' and unit = call.a1 and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
    ) r1 on true
    left join lateral (
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'visit_fact' and unit = '' and dimension = 'browser' and month = (select max(month) from veil.figure_release)) || ',"suppressed":null,"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"count":' || coalesce((count)::text, 'null') || '}' from veil.figure where facts = 'visit_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
    ) r2 on true
    left join lateral (
        select '{"groups":' || (select '[' || coalesce(string_agg('{"key":' || veil.json_text(key) || ',"members":' || coalesce((members)::text, 'null') || '}', ',' order by key collate "C"), '') || ']' from veil.figure where facts = 'buyer_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)) || ',"total":' || coalesce((select '{"members":' || coalesce((members)::text, 'null') || ',"average":' || coalesce('"' || trim_scale(round(sum / nullif(count, 0), 2)) || '"', 'null') || '}' from veil.figure where facts = 'buyer_fact' and unit = '' and dimension = '' and month = (select max(month) from veil.figure_release)), 'null') || '}' as json
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
