with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::integer[], $7::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"members":' || r3.json || ',"orders":' || r10.json || ',"browsingEvents":' || r15.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r10.subjects, nullif(s12.subjects, ''), r15.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r10.rows, 0) + coalesce(s12.rows, 0) + coalesce(r15.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from member m1_all where (select true from consent state where m1_all.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m1_all.id as subject from member m1_all where (select true from consent state where m1_all.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Member:~' || encode(m1.tag || int8send(m1.id # ('x' || encode(substr(sha256(call.key || m1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"name":' || coalesce('"' || encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', m1.id) || ':' || m1.name, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"country":' || veil.json_text(m1.country) || '}', ',' order by m1.registered_at, m1.tag), '') || ']' || '}' as json, string_agg(m1.id || ':.0.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select m1.country, m1.id, m1.name, m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8) as tag
            from member m1
            where (select true from consent state where m1.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            order by m1.registered_at, substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m1.id)), 1, 8)
            limit call.a1
        ) m1
    ) r3 on true
    left join lateral (
        select (select count(*) from trade_order o4_all where ((select true from consent state where o4_all.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) or (select true from consent state where o4_all.seller_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1))) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    (select distinct o4_all.buyer_id as subject from trade_order o4_all where ((select true from consent state where o4_all.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) or (select true from consent state where o4_all.seller_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) limit 2002)
                    union
                    (select distinct o4_all.seller_id as subject from trade_order o4_all where ((select true from consent state where o4_all.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) or (select true from consent state where o4_all.seller_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) limit 2002)
                ) member having count(subject) <= 2000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || s5.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Order:~' || encode(o4.tag || int8send(o4.id # ('x' || encode(substr(sha256(call.key || o4.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"buyer":' || coalesce(r7.json, 'null') || ',"seller":' || coalesce(r9.json, 'null') || ',"deliveryName":' || coalesce('"' || case when (select true from consent state where o4.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) then encode(substr(sha256(call.key || '\xeaa5893227310099'::bytea || sha256(convert_to(concat_ws(',', o4.buyer_id) || ':' || o4.delivery_name, 'UTF8'))), 1, 15), 'base64') end || '"', 'null') || '}', ',' order by o4.placed_at, o4.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', o4.buyer_id || ':.2' || coalesce(case when (select true from consent state where o4.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) then '.3' end, ''), o4.seller_id || ':.2', r7.subjects, r9.subjects), ''), ',') as subjects, sum(1 + coalesce(r7.rows, 0) + coalesce(r9.rows, 0))::bigint as rows
        from (
        select o4.buyer_id, o4.delivery_name, o4.id, o4.placed_at, o4.seller_id, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8) as tag
            from trade_order o4
            where ((select true from consent state where o4.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) or (select true from consent state where o4.seller_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1))
            order by o4.placed_at, substr(sha256(call.key || '\x6be090825c997103'::bytea || int8send(o4.id)), 1, 8)
            limit call.a2
        ) o4
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m6.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m6.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m6.id || ':.4' as subjects, 1 as rows
            from member m6
            where m6.id = o4.buyer_id and (select true from consent state where o4.buyer_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) and (select true from consent state where m6.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            limit 1
        ) r7 on true
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m8.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m8.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m8.id || ':.4' as subjects, 1 as rows
            from member m8
            where m8.id = o4.seller_id and (select true from consent state where o4.seller_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) and (select true from consent state where m8.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            limit 1
        ) r9 on true
    ) r10 on true
    left join lateral (
        select (select count(*) from browsing_event b11_all where (select true from consent state where b11_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct b11_all.member_id as subject from browsing_event b11_all where (select true from consent state where b11_all.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s12 on true
    left join lateral (
        select '{"totalCount":' || s12.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'BrowsingEvent:~' || encode(b11.tag || int8send(b11.id # ('x' || encode(substr(sha256(call.key || b11.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"url":' || veil.json_text(b11.url) || ',"ipAddress":' || coalesce('"' || encode(substr(sha256(call.key || '\x860d59d1fca88f96'::bytea || sha256(convert_to(concat_ws(',', b11.member_id) || ':' || b11.ip_address, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"cookie":' || coalesce('"' || encode(substr(sha256(call.key || '\x9b977298c5ecc41a'::bytea || sha256(convert_to(concat_ws(',', b11.member_id) || ':' || b11.cookie, 'UTF8'))), 1, 15), 'base64') || '"', 'null') || ',"member":' || coalesce(r14.json, 'null') || '}', ',' order by b11.at, b11.tag), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', b11.member_id || ':.5.6', r14.subjects), ''), ',') as subjects, sum(1 + coalesce(r14.rows, 0))::bigint as rows
        from (
        select b11.at, b11.cookie, b11.id, b11.ip_address, b11.member_id, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b11.id)), 1, 8) as tag, b11.url
            from browsing_event b11
            where (select true from consent state where b11.member_id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            order by b11.at, substr(sha256(call.key || '\x73938f3bbc63d7ac'::bytea || int8send(b11.id)), 1, 8)
            limit call.a3
        ) b11
        left join lateral (
            select '{"id":' || coalesce('"' || (select 'Member:~' || encode(made.tag || int8send(m13.id # ('x' || encode(substr(sha256(call.key || made.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') from (select substr(sha256(call.key || '\x7c968fb71f50e335'::bytea || int8send(m13.id)), 1, 8) as tag offset 0) made) || '"', 'null') || '}' as json, m13.id || ':.4' as subjects, 1 as rows
            from member m13
            where m13.id = b11.member_id and (select true from consent state where m13.id = state.member_id and state.kind = 'COOKIES' and state.given and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now()) and (select true from consent refusal where refusal.member_id = state.member_id and refusal.kind = 'COOKIES' and not refusal.given and refusal.starts_at <= now() and (refusal.ends_at is null or refusal.ends_at > now()) limit 1) is null limit 1)
            limit 1
        ) r14 on true
    ) r15 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where member.country <> 'HK') as cross_border
from answer
