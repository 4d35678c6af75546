with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::integer[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"buyerBehaviours":' || r2.json || ',"browsingEvents":' || r4.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from buyer_behaviour b1_all where (select true from consent state where b1_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'BuyerBehaviour:~' || encode(b1.tag || int8send(b1.id # ('x' || encode(substr(sha256(call.key || b1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"ordersPerYear":' || coalesce('"' || b1.orders_per_year || '"', 'null') || ',"averageOrder":' || coalesce('"' || b1.average_order || '"', 'null') || ',"topCategories":' || coalesce(to_json(b1.top_categories)::text, 'null') || '}', ',' order by b1.last_active_at, b1.tag), '') || ']' || '}' as json, string_agg(b1.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select b1.average_order, b1.id, b1.last_active_at, b1.member_id, b1.orders_per_year, substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b1.id)), 1, 8) as tag, b1.top_categories
            from buyer_behaviour b1
            where (select true from consent state where b1.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            order by b1.last_active_at, substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b1.id)), 1, 8)
            limit call.a1
        ) b1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from browsing_event b3_all where (select true from consent state where b3_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1))::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'BrowsingEvent:~' || encode(b3.tag || int8send(b3.id # ('x' || encode(substr(sha256(call.key || b3.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"url":' || veil.json_text(b3.url) || ',"dwellSeconds":' || coalesce((b3.dwell_seconds)::text, 'null') || ',"ipAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\x860d59d1fca88f96'::bytea || sha256(convert_to(b3.ip_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"cookie":' || coalesce('"' || encode(substr(sha256(call.key || '\x9b977298c5ecc41a'::bytea || sha256(convert_to(b3.cookie, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"hiddenFields":[]}', ',' order by b3.at, b3.tag), '') || ']' || '}' as json, string_agg(b3.member_id::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select b3.at, b3.cookie, b3.dwell_seconds, b3.id, b3.ip_address, b3.member_id, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b3.id)), 1, 8) as tag, b3.url
            from browsing_event b3
            where (select true from consent state where b3.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            order by b3.at, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b3.id)), 1, 8)
            limit call.a2
        ) b3
    ) r4 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'MEMBER', 'member_insight', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '0d01d4b8-4ee4-eb98-5c05-cab6b708c5fc'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        case when (select country from member where id = answer.member) is not null then exists (select from member where member.id = any (told.subjects) and member.country <> (select country from member where id = answer.member)) end, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
