with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from consent limit 1) as consent_filled
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::integer[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"optedOut":' || coalesce(r2.json, 'null') || ',"noLonger":' || coalesce(r4.json, 'null') || ',"agreed":' || coalesce(r6.json, 'null') || ',"neverAsked":' || coalesce(r8.json, 'null') || ',"members":' || r11.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, nullif(s10.subjects, ''), r11.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(s10.rows, 0) + coalesce(r11.rows, 0) as rows
    from call
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m1.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m1.name) || '}' as json, m1.id::bigint || ':.0' as subjects, 1 as rows
        from member m1
        where m1.id = call.a1 and call.consent_filled and m1.id is not null and (select true from consent state where m1.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m1.destroyed_at is null
        limit 1
    ) r2 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m3.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m3.name) || ',"email":' || veil.json_text(m3.email) || '}' as json, m3.id::bigint || ':.1' as subjects, 1 as rows
        from member m3
        where m3.id = call.a2 and call.consent_filled and m3.id is not null and (select true from consent state where m3.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m3.destroyed_at is null
        limit 1
    ) r4 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m5.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m5.name) || ',"email":' || veil.json_text(m5.email) || '}' as json, m5.id::bigint || ':.1' as subjects, 1 as rows
        from member m5
        where m5.id = call.a3 and call.consent_filled and m5.id is not null and (select true from consent state where m5.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m5.destroyed_at is null
        limit 1
    ) r6 on true
    left join lateral (
        select '{"id":' || coalesce('"' || 'Member:' || m7.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m7.name) || ',"email":' || veil.json_text(m7.email) || ',"phone":' || veil.json_text(m7.phone) || ',"address":' || veil.json_text(m7.address) || ',"hiddenFields":' || '[' || concat_ws(',', case when not (m7.kind in ('BUYER', 'SUPPLIER', 'BOTH')) then '"kind"' end, case when not (m7.registered_at >= '0001-01-01 00:00:00+00' and m7.registered_at < '10000-01-01 00:00:00+00') then '"registeredAt"' end) || ']' || '}' as json, m7.id::bigint || ':.2' as subjects, 1 as rows
        from member m7
        where m7.id = call.a4 and call.consent_filled and m7.id is not null and (select true from consent state where m7.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m7.destroyed_at is null
        limit 1
    ) r8 on true
    left join lateral (
        select (select count(*) from member m9_all where call.consent_filled and m9_all.id is not null and (select true from consent state where m9_all.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m9_all.destroyed_at is null) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct m9_all.id::bigint as subject from member m9_all where call.consent_filled and m9_all.id is not null and (select true from consent state where m9_all.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m9_all.destroyed_at is null limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s10 on true
    left join lateral (
        select '{"totalCount":' || s10.rows::text || '}' as json, string_agg(m9.id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select m9.id, m9.registered_at
            from member m9
            where call.consent_filled and m9.id is not null and (select true from consent state where m9.id = state.member_id and (state.kind = 'CONTACT_BY_MARKETPLACE' and (not state.given) is not false or (state.kind in ('CONTACT_BY_MEMBERS', 'CONTACT_BY_MARKETPLACE', 'STATISTICAL_SHARING', 'COOKIES')) is not true) and (state.starts_at <= now()) is not false and (state.ends_at > now()) is not false limit 1) is null and m9.destroyed_at is null
            order by m9.registered_at, m9.id
            limit call.a5
        ) m9
    ) r11 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
