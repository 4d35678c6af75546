with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from consent limit 1) as consent_filled
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[], $8::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"marketingContacts":' || r5.json || ',"members":' || r8.json || ',"buyerBehaviours":' || r11.json || ',"browsingEvents":' || r14.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r5.subjects, nullif(s7.subjects, ''), r8.subjects, nullif(s10.subjects, ''), r11.subjects, nullif(s13.subjects, ''), r14.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r5.rows, 0) + coalesce(s7.rows, 0) + coalesce(r8.rows, 0) + coalesce(s10.rows, 0) + coalesce(r11.rows, 0) + coalesce(s13.rows, 0) + coalesce(r14.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from marketing_contact m1_all where true) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.member_id::bigint as subject from marketing_contact m1_all where true limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'MarketingContact:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"event":' || veil.json_text(m1.event) || ',"metAt":' || coalesce(to_json(case when m1.met_at >= '0001-01-01 00:00:00+00' and m1.met_at < '10000-01-01 00:00:00+00' then m1.met_at::timestamptz end)::text, 'null') || ',"interest":' || veil.json_text(m1.interest) || ',"name":' || veil.json_text(case when call.consent_filled and m1.member_id is not null and (select true from consent state where m1.member_id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null then m1.name else encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m1.member_id) || ':' || m1.name, 'UTF8'))), 1, 15), 'base64') end) || ',"email":' || veil.json_text(case when call.consent_filled and m1.member_id is not null and (select true from consent state where m1.member_id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null then m1.email else encode(substr(sha256(call.key || '\x72d90af393d61072'::bytea || sha256(convert_to(concat_ws(',', m1.member_id) || ':' || m1.email, 'UTF8'))), 1, 15), 'base64') end) || ',"phone":' || coalesce('"' || encode(substr(sha256(call.key || '\x2446153cca41c2f3'::bytea || sha256(convert_to(concat_ws(',', m1.member_id) || ':' || m1.phone, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"member":' || coalesce(r4.json, 'null') || '}', ',' order by m1.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', m1.member_id::bigint || ':.0.1.4' || case when call.consent_filled and m1.member_id is not null and (select true from consent state where m1.member_id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null then '.2' else '.3' end, r4.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0))::bigint as rows
        from (
        select m1.email, m1.event, m1.id, m1.interest, m1.member_id, m1.met_at, m1.name, m1.phone, substr(sha256(call.key || '\x452432e9312c8eb1'::bytea || int8send(m1.id)), 1, 8) as tag
            from marketing_contact m1
            where true
            order by substr(sha256(call.key || '\x452432e9312c8eb1'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m3.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m3.id)), 1, 8) as tag offset 0) made) || '"', 'null') || ',"name":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m3.id) || ':' || m3.name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || '}' as json, m3.id::bigint || ':.5' as subjects, 1 as rows
            from member m3
            where m3.id = m1.member_id and m3.destroyed_at is null
            limit 1
        ) r4 on true
    ) r5 on true
    left join lateral (
        select (select count(*) from member m6_all where m6_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m6_all.id::bigint as subject from member m6_all where m6_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s7 on true
    left join lateral (
        select '{"totalCount":' || s7.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m6.tag || int8send(m6.id # ('x' || encode(substr(sha256(call.key || m6.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m6.id) || ':' || m6.name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"email":' || coalesce('"' || encode(substr(sha256(call.key || '\x72d90af393d61072'::bytea || sha256(convert_to(concat_ws(',', m6.id) || ':' || m6.email, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"city":' || veil.json_text(m6.city) || '}', ',' order by m6.registered_at, m6.tag), '') || ']' || '}' as json, string_agg(m6.id::bigint || ':.6.7', ',') as subjects, sum(1)::bigint as rows
        from (
        select m6.city, m6.email, m6.id, m6.name, m6.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m6.id)), 1, 8) as tag
            from member m6
            where m6.destroyed_at is null
            order by m6.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m6.id)), 1, 8)
            limit call.a2
        ) m6
    ) r8 on true
    left join lateral (
        select (select count(*) from buyer_behaviour b9_all where (select true from consent state where b9_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct b9_all.member_id::bigint as subject from buyer_behaviour b9_all where (select true from consent state where b9_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s10 on true
    left join lateral (
        select '{"totalCount":' || s10.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'BuyerBehaviour:~' || encode(b9.tag || int8send(b9.id # ('x' || encode(substr(sha256(call.key || b9.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"ordersPerYear":' || coalesce('"' || case when b9.orders_per_year not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric) then b9.orders_per_year::numeric end || '"', 'null') || '}', ',' order by b9.last_active_at, b9.tag), '') || ']' || '}' as json, string_agg(b9.member_id::bigint || ':.8.9', ',') as subjects, sum(1)::bigint as rows
        from (
        select b9.id, b9.last_active_at, b9.member_id, b9.orders_per_year, substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b9.id)), 1, 8) as tag
            from buyer_behaviour b9
            where (select true from consent state where b9.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)
            order by b9.last_active_at, substr(sha256(call.key || '\x91e711a1a5a437c1'::bytea || int8send(b9.id)), 1, 8)
            limit call.a3
        ) b9
    ) r11 on true
    left join lateral (
        select (select count(*) from browsing_event b12_all where (select true from consent state where b12_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct b12_all.member_id::bigint as subject from browsing_event b12_all where (select true from consent state where b12_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s13 on true
    left join lateral (
        select '{"totalCount":' || s13.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"cookie":' || coalesce('"' || encode(substr(sha256(call.key || '\x9b977298c5ecc41a'::bytea || sha256(convert_to(concat_ws(',', b12.member_id) || ':' || b12.cookie, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"url":' || veil.json_text(b12.url) || '}', ',' order by b12.at, b12.tag), '') || ']' || '}' as json, string_agg(b12.member_id::bigint || ':.10.11', ',') as subjects, sum(1)::bigint as rows
        from (
        select b12.at, b12.cookie, b12.member_id, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b12.id)), 1, 8) as tag, b12.url
            from browsing_event b12
            where (select true from consent state where b12.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and (refusal.kind = 'COOKIES' and (not refusal.given) is not false or (refusal.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (refusal.starts_at <= now()) is not false and (refusal.ends_at > now()) is not false limit 1) is null limit 1)
            order by b12.at, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b12.id)), 1, 8)
            limit call.a4
        ) b12
    ) r14 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
