with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*,
        (select true from organisation_suspension suspension where suspension.organisation_id = call.organisation and (suspension.starts_at <= now()) is not false and (suspension.ends_at > now()) is not false limit 1) as suspended
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[])
        with ordinality as call (member, organisation, reference, key, a1, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation, call.suspended,
        '{"payments":' || r3.json || ',"paymentProfiles":' || r6.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) as rows
    from call
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p1_found on true
    left join lateral (
        select (select count(*) from payment p1_all where p1_all.buyer_id = any (p1_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p1_all.buyer_id::bigint as subject from payment p1_all where p1_all.buyer_id = any (p1_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"id":' || coalesce('"' || 'Payment:~' || encode(p1.tag || int8send(p1.id # ('x' || encode(substr(sha256(call.key || p1.tag), 1, 8), 'hex'))::bit(64)::bigint), 'hex') || '"', 'null') || ',"billingName":' || veil.json_text(p1.billing_name) || '}', ',' order by p1.tag), '') || ']' || '}' as json, string_agg(p1.buyer_id::bigint || ':.0.1', ',') as subjects, sum(1)::bigint as rows
        from (
        select p1.billing_name, p1.buyer_id, p1.id, substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p1.id)), 1, 8) as tag
            from payment p1
            where p1.buyer_id = any (p1_found.found1)
            order by substr(sha256(call.key || '\x7048f38b33f135df'::bytea || int8send(p1.id)), 1, 8)
            limit call.a1
        ) p1
    ) r3 on true
    left join lateral (
        select array(select state.member_id as value from credit_assessment state where state.organisation_id = call.organisation and state.starts_at <= now() and (state.ends_at is null or state.ends_at > now())) as found1
        offset 0
    ) p4_found on true
    left join lateral (
        select (select count(*) from payment_profile p4_all where p4_all.member_id = any (p4_found.found1)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p4_all.member_id::bigint as subject from payment_profile p4_all where p4_all.member_id = any (p4_found.found1) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || '}' as json, string_agg(p4.member_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.member_id, substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8) as tag
            from payment_profile p4
            where p4.member_id = any (p4_found.found1)
            order by substr(sha256(call.key || '\x2208f516ee0e8a9d'::bytea || int8send(p4.id)), 1, 8)
            limit call.a1
        ) p4
    ) r6 on true
)
select n, convert_to(case when suspended is null then json end, 'UTF8') as json, subjects, rows,
    suspended,
    case when (select upper(country) from organisation where id = answer.organisation) is not null then exists (select from unnest(string_to_array(answer.subjects, ',')) entry join member on member.id = split_part(entry, ':', 1)::bigint where upper(member.country) <> (select upper(country) from organisation where id = answer.organisation)) end as cross_border
from answer
