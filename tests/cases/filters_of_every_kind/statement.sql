with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::integer[], $6::text[], $7::integer[], $8::text[], $9::integer[], $10::text[], $11::integer[], $12::numeric[], $13::integer[], $14::numeric[], $15::integer[], $16::numeric[], $17::integer[], $18::numeric[], $19::integer[], $20::numeric[], $21::numeric[], $22::integer[], $23::text[], $24::integer[], $25::text[], $26::integer[], $27::text[], $28::integer[], $29::boolean[], $30::integer[], $31::boolean[], $32::integer[], $33::text[], $34::integer[], $35::text[]::timestamptz[], $36::text[]::timestamptz[], $37::integer[], $38::boolean[], $39::integer[], $40::text[], $41::text[])
        with ordinality as call (member, organisation, reference, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.n, call.member, call.organisation,
        '{"eq":' || r3.json || ',"in":' || r6.json || ',"none":' || r9.json || ',"greater":' || r12.json || ',"atLeast":' || r15.json || ',"less":' || r18.json || ',"atMost":' || r21.json || ',"between":' || r24.json || ',"prices":' || r27.json || ',"begins":' || r30.json || ',"noWildcard":' || r33.json || ',"unset":' || r36.json || ',"set":' || r39.json || ',"number":' || r42.json || ',"since":' || r45.json || ',"verified":' || r48.json || ',"both":' || r51.json || '}' as json,
        nullif(concat_ws(',', nullif(s2.subjects, ''), r3.subjects, nullif(s5.subjects, ''), r6.subjects, nullif(s8.subjects, ''), r9.subjects, nullif(s11.subjects, ''), r12.subjects, nullif(s14.subjects, ''), r15.subjects, nullif(s17.subjects, ''), r18.subjects, nullif(s20.subjects, ''), r21.subjects, nullif(s23.subjects, ''), r24.subjects, nullif(s26.subjects, ''), r27.subjects, nullif(s29.subjects, ''), r30.subjects, nullif(s32.subjects, ''), r33.subjects, nullif(s35.subjects, ''), r36.subjects, nullif(s38.subjects, ''), r39.subjects, nullif(s41.subjects, ''), r42.subjects, nullif(s44.subjects, ''), r45.subjects, nullif(s47.subjects, ''), r48.subjects, nullif(s50.subjects, ''), r51.subjects), '') as subjects,
        coalesce(s2.rows, 0) + coalesce(r3.rows, 0) + coalesce(s5.rows, 0) + coalesce(r6.rows, 0) + coalesce(s8.rows, 0) + coalesce(r9.rows, 0) + coalesce(s11.rows, 0) + coalesce(r12.rows, 0) + coalesce(s14.rows, 0) + coalesce(r15.rows, 0) + coalesce(s17.rows, 0) + coalesce(r18.rows, 0) + coalesce(s20.rows, 0) + coalesce(r21.rows, 0) + coalesce(s23.rows, 0) + coalesce(r24.rows, 0) + coalesce(s26.rows, 0) + coalesce(r27.rows, 0) + coalesce(s29.rows, 0) + coalesce(r30.rows, 0) + coalesce(s32.rows, 0) + coalesce(r33.rows, 0) + coalesce(s35.rows, 0) + coalesce(r36.rows, 0) + coalesce(s38.rows, 0) + coalesce(r39.rows, 0) + coalesce(s41.rows, 0) + coalesce(r42.rows, 0) + coalesce(s44.rows, 0) + coalesce(r45.rows, 0) + coalesce(s47.rows, 0) + coalesce(r48.rows, 0) + coalesce(s50.rows, 0) + coalesce(r51.rows, 0) as rows
    from call
    left join lateral (
        select (select count(*) from product p1_all where p1_all.withdrawn_at is null and p1_all.currency = call.a2) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p1_all.owner_id::bigint as subject from product p1_all where p1_all.withdrawn_at is null and p1_all.currency = call.a2 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s2 on true
    left join lateral (
        select '{"totalCount":' || case when s2.subjects is null then round(s2.rows, 3 - length(s2.rows::text)) else s2.rows end::text || '}' as json, string_agg(p1.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p1.id, p1.owner_id
            from product p1
            where p1.withdrawn_at is null and p1.currency = call.a2
            order by p1.id
            limit call.a1
        ) p1
    ) r3 on true
    left join lateral (
        select (select count(*) from product p4_all where p4_all.withdrawn_at is null and p4_all.currency in (select each::text from json_array_elements_text(call.a4::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p4_all.owner_id::bigint as subject from product p4_all where p4_all.withdrawn_at is null and p4_all.currency in (select each::text from json_array_elements_text(call.a4::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s5 on true
    left join lateral (
        select '{"totalCount":' || case when s5.subjects is null then round(s5.rows, 3 - length(s5.rows::text)) else s5.rows end::text || '}' as json, string_agg(p4.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p4.id, p4.owner_id
            from product p4
            where p4.withdrawn_at is null and p4.currency in (select each::text from json_array_elements_text(call.a4::json) each)
            order by p4.id
            limit call.a3
        ) p4
    ) r6 on true
    left join lateral (
        select (select count(*) from product p7_all where p7_all.withdrawn_at is null and p7_all.currency in (select each::text from json_array_elements_text(call.a6::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p7_all.owner_id::bigint as subject from product p7_all where p7_all.withdrawn_at is null and p7_all.currency in (select each::text from json_array_elements_text(call.a6::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s8 on true
    left join lateral (
        select '{"totalCount":' || case when s8.subjects is null then round(s8.rows, 3 - length(s8.rows::text)) else s8.rows end::text || '}' as json, string_agg(p7.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p7.id, p7.owner_id
            from product p7
            where p7.withdrawn_at is null and p7.currency in (select each::text from json_array_elements_text(call.a6::json) each)
            order by p7.id
            limit call.a5
        ) p7
    ) r9 on true
    left join lateral (
        select (select count(*) from product p10_all where p10_all.withdrawn_at is null and p10_all.price > call.a8) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p10_all.owner_id::bigint as subject from product p10_all where p10_all.withdrawn_at is null and p10_all.price > call.a8 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s11 on true
    left join lateral (
        select '{"totalCount":' || case when s11.subjects is null then round(s11.rows, 3 - length(s11.rows::text)) else s11.rows end::text || '}' as json, string_agg(p10.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p10.id, p10.owner_id
            from product p10
            where p10.withdrawn_at is null and p10.price > call.a8
            order by p10.id
            limit call.a7
        ) p10
    ) r12 on true
    left join lateral (
        select (select count(*) from product p13_all where p13_all.withdrawn_at is null and p13_all.price >= call.a10) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p13_all.owner_id::bigint as subject from product p13_all where p13_all.withdrawn_at is null and p13_all.price >= call.a10 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s14 on true
    left join lateral (
        select '{"totalCount":' || case when s14.subjects is null then round(s14.rows, 3 - length(s14.rows::text)) else s14.rows end::text || '}' as json, string_agg(p13.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p13.id, p13.owner_id
            from product p13
            where p13.withdrawn_at is null and p13.price >= call.a10
            order by p13.id
            limit call.a9
        ) p13
    ) r15 on true
    left join lateral (
        select (select count(*) from product p16_all where p16_all.withdrawn_at is null and p16_all.price < call.a12) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p16_all.owner_id::bigint as subject from product p16_all where p16_all.withdrawn_at is null and p16_all.price < call.a12 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s17 on true
    left join lateral (
        select '{"totalCount":' || case when s17.subjects is null then round(s17.rows, 3 - length(s17.rows::text)) else s17.rows end::text || '}' as json, string_agg(p16.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p16.id, p16.owner_id
            from product p16
            where p16.withdrawn_at is null and p16.price < call.a12
            order by p16.id
            limit call.a11
        ) p16
    ) r18 on true
    left join lateral (
        select (select count(*) from product p19_all where p19_all.withdrawn_at is null and p19_all.price <= call.a14) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p19_all.owner_id::bigint as subject from product p19_all where p19_all.withdrawn_at is null and p19_all.price <= call.a14 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s20 on true
    left join lateral (
        select '{"totalCount":' || case when s20.subjects is null then round(s20.rows, 3 - length(s20.rows::text)) else s20.rows end::text || '}' as json, string_agg(p19.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p19.id, p19.owner_id
            from product p19
            where p19.withdrawn_at is null and p19.price <= call.a14
            order by p19.id
            limit call.a13
        ) p19
    ) r21 on true
    left join lateral (
        select (select count(*) from product p22_all where p22_all.withdrawn_at is null and p22_all.price >= call.a16 and p22_all.price < call.a17) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p22_all.owner_id::bigint as subject from product p22_all where p22_all.withdrawn_at is null and p22_all.price >= call.a16 and p22_all.price < call.a17 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s23 on true
    left join lateral (
        select '{"totalCount":' || case when s23.subjects is null then round(s23.rows, 3 - length(s23.rows::text)) else s23.rows end::text || '}' as json, string_agg(p22.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p22.id, p22.owner_id
            from product p22
            where p22.withdrawn_at is null and p22.price >= call.a16 and p22.price < call.a17
            order by p22.id
            limit call.a15
        ) p22
    ) r24 on true
    left join lateral (
        select (select count(*) from product p25_all where p25_all.withdrawn_at is null and p25_all.price in (select each::numeric from json_array_elements_text(call.a19::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p25_all.owner_id::bigint as subject from product p25_all where p25_all.withdrawn_at is null and p25_all.price in (select each::numeric from json_array_elements_text(call.a19::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s26 on true
    left join lateral (
        select '{"totalCount":' || case when s26.subjects is null then round(s26.rows, 3 - length(s26.rows::text)) else s26.rows end::text || '}' as json, string_agg(p25.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p25.id, p25.owner_id
            from product p25
            where p25.withdrawn_at is null and p25.price in (select each::numeric from json_array_elements_text(call.a19::json) each)
            order by p25.id
            limit call.a18
        ) p25
    ) r27 on true
    left join lateral (
        select (select count(*) from product p28_all where p28_all.withdrawn_at is null and starts_with(p28_all.title, call.a21)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p28_all.owner_id::bigint as subject from product p28_all where p28_all.withdrawn_at is null and starts_with(p28_all.title, call.a21) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s29 on true
    left join lateral (
        select '{"totalCount":' || case when s29.subjects is null then round(s29.rows, 3 - length(s29.rows::text)) else s29.rows end::text || ',"nodes":' || '[' || coalesce(string_agg('{"title":' || veil.json_text(p28.title) || '}', ',' order by p28.id), '') || ']' || '}' as json, string_agg(p28.owner_id::bigint || ':.0', ',') as subjects, sum(1)::bigint as rows
        from (
        select p28.id, p28.owner_id, p28.title
            from product p28
            where p28.withdrawn_at is null and starts_with(p28.title, call.a21)
            order by p28.id
            limit call.a20
        ) p28
    ) r30 on true
    left join lateral (
        select (select count(*) from product p31_all where p31_all.withdrawn_at is null and starts_with(p31_all.title, call.a23)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p31_all.owner_id::bigint as subject from product p31_all where p31_all.withdrawn_at is null and starts_with(p31_all.title, call.a23) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s32 on true
    left join lateral (
        select '{"totalCount":' || case when s32.subjects is null then round(s32.rows, 3 - length(s32.rows::text)) else s32.rows end::text || '}' as json, string_agg(p31.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p31.id, p31.owner_id
            from product p31
            where p31.withdrawn_at is null and starts_with(p31.title, call.a23)
            order by p31.id
            limit call.a22
        ) p31
    ) r33 on true
    left join lateral (
        select (select count(*) from product p34_all where p34_all.withdrawn_at is null and (p34_all.minimum_order is null) = call.a25) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p34_all.owner_id::bigint as subject from product p34_all where p34_all.withdrawn_at is null and (p34_all.minimum_order is null) = call.a25 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s35 on true
    left join lateral (
        select '{"totalCount":' || case when s35.subjects is null then round(s35.rows, 3 - length(s35.rows::text)) else s35.rows end::text || '}' as json, string_agg(p34.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p34.id, p34.owner_id
            from product p34
            where p34.withdrawn_at is null and (p34.minimum_order is null) = call.a25
            order by p34.id
            limit call.a24
        ) p34
    ) r36 on true
    left join lateral (
        select (select count(*) from product p37_all where p37_all.withdrawn_at is null and (p37_all.minimum_order is null) = call.a27) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p37_all.owner_id::bigint as subject from product p37_all where p37_all.withdrawn_at is null and (p37_all.minimum_order is null) = call.a27 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s38 on true
    left join lateral (
        select '{"totalCount":' || case when s38.subjects is null then round(s38.rows, 3 - length(s38.rows::text)) else s38.rows end::text || '}' as json, string_agg(p37.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p37.id, p37.owner_id
            from product p37
            where p37.withdrawn_at is null and (p37.minimum_order is null) = call.a27
            order by p37.id
            limit call.a26
        ) p37
    ) r39 on true
    left join lateral (
        select (select count(*) from product p40_all where p40_all.withdrawn_at is null and p40_all.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p40_all.owner_id::bigint as subject from product p40_all where p40_all.withdrawn_at is null and p40_all.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s41 on true
    left join lateral (
        select '{"totalCount":' || case when s41.subjects is null then round(s41.rows, 3 - length(s41.rows::text)) else s41.rows end::text || '}' as json, string_agg(p40.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p40.id, p40.owner_id
            from product p40
            where p40.withdrawn_at is null and p40.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each)
            order by p40.id
            limit call.a28
        ) p40
    ) r42 on true
    left join lateral (
        select (select count(*) from product p43_all where p43_all.withdrawn_at is null and p43_all.listed_at >= call.a31 and p43_all.listed_at < call.a32) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct p43_all.owner_id::bigint as subject from product p43_all where p43_all.withdrawn_at is null and p43_all.listed_at >= call.a31 and p43_all.listed_at < call.a32 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s44 on true
    left join lateral (
        select '{"totalCount":' || case when s44.subjects is null then round(s44.rows, 3 - length(s44.rows::text)) else s44.rows end::text || '}' as json, string_agg(p43.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select p43.id, p43.owner_id
            from product p43
            where p43.withdrawn_at is null and p43.listed_at >= call.a31 and p43.listed_at < call.a32
            order by p43.id
            limit call.a30
        ) p43
    ) r45 on true
    left join lateral (
        select (select count(*) from company c46_all where c46_all.withdrawn_at is null and c46_all.verified = call.a34) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c46_all.owner_id::bigint as subject from company c46_all where c46_all.withdrawn_at is null and c46_all.verified = call.a34 limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s47 on true
    left join lateral (
        select '{"totalCount":' || case when s47.subjects is null then round(s47.rows, 3 - length(s47.rows::text)) else s47.rows end::text || '}' as json, string_agg(c46.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c46.id, c46.owner_id
            from company c46
            where c46.withdrawn_at is null and c46.verified = call.a34
            order by c46.id
            limit call.a33
        ) c46
    ) r48 on true
    left join lateral (
        select (select count(*) from company c49_all where c49_all.withdrawn_at is null and c49_all.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c49_all.country in (select each::text from json_array_elements_text(call.a37::json) each)) as rows,
            (
                select coalesce(string_agg(subject::text, ','), '') from (
                    select distinct c49_all.owner_id::bigint as subject from company c49_all where c49_all.withdrawn_at is null and c49_all.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c49_all.country in (select each::text from json_array_elements_text(call.a37::json) each) limit 1002
                ) member having count(subject) <= 1000
            ) as subjects
        offset 0
    ) s50 on true
    left join lateral (
        select '{"totalCount":' || case when s50.subjects is null then round(s50.rows, 3 - length(s50.rows::text)) else s50.rows end::text || '}' as json, string_agg(c49.owner_id::bigint::text, ',') as subjects, sum(1)::bigint as rows
        from (
        select c49.id, c49.owner_id
            from company c49
            where c49.withdrawn_at is null and c49.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c49.country in (select each::text from json_array_elements_text(call.a37::json) each)
            order by c49.id
            limit call.a35
        ) c49
    ) r51 on true
)
select n, convert_to(json, 'UTF8') as json, subjects, rows,
    null::boolean as cross_border
from answer
