with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"legalInstruments":' || r9.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r9.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r9.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from legal_paper l1_all where true) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct unnest(l1_all.members) as subject from legal_paper l1_all where true limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || s2.rows::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'LegalInstrument:' || l1.id::bigint || '"', 'null') || ',"kind":' || veil.json_text(case when l1.kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING') then l1.kind end) || ',"reference":' || veil.json_text(l1.reference) || ',"organisation":' || coalesce(r4.json, 'null') || ',"serves":' || veil.json_text(l1.serves) || ',"named":' || r8.json || '}', ',' order by l1.id), '') || ']' || '}' as json, string_agg(nullif(concat_ws(',', (select string_agg(each::bigint || ':.0', ',') from unnest(l1.members) each), r8.subjects), ''), ',') as subjects, sum(1 + coalesce(r4.rows, 0) + coalesce(r8.rows, 0))::bigint as rows
        from (
        select l1.id, l1.kind, l1.members, l1.organisation_id, l1.reference, l1.serves
            from legal_paper l1
            where true
            order by l1.id
            limit call.a1
        ) l1
        left join lateral (
            select '{"name":' || veil.json_text(o3.name) || '}' as json, null::text as subjects, 1 as rows
            from organisation o3
            where o3.id = l1.organisation_id
            limit 1
        ) r4 on true
        left join lateral (
            select '[' || coalesce(string_agg('{"writtenAs":' || veil.json_text(n5.written_as) || ',"member":' || coalesce(r7.json, 'null') || '}', ',' order by n5.member_id), '') || ']' as json, nullif(concat_ws(',', case when count(*) > 0 then concat_ws(',', (select string_agg(each::bigint || ':.2', ',') from unnest(l1.members) each)) end, string_agg(r7.subjects, ',')), '') as subjects, sum(1 + coalesce(r7.rows, 0))::bigint as rows
            from legal_paper_member n5
            left join lateral (
                select '{"id":' || coalesce('"' || 'Member:' || m6.id::bigint || '"', 'null') || ',"name":' || veil.json_text(m6.name) || '}' as json, m6.id::bigint || ':.1' as subjects, 1 as rows
                from member m6
                where m6.id = n5.member_id and m6.destroyed_at is null
                limit 1
            ) r7 on true
            where n5.instrument_id = l1.id
        ) r8 on true
    ) r9 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> 'HK') as cross_border
from answer
