with in_force as materialized (
    select version from veil.policy_activation order by id desc limit 1
), call as materialized (
    select call.*
    from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::integer[], $9::text[], $10::integer[], $11::text[], $12::integer[], $13::text[], $14::integer[], $15::numeric[], $16::integer[], $17::numeric[], $18::integer[], $19::numeric[], $20::integer[], $21::numeric[], $22::integer[], $23::numeric[], $24::numeric[], $25::integer[], $26::text[], $27::integer[], $28::text[], $29::integer[], $30::text[], $31::integer[], $32::boolean[], $33::integer[], $34::boolean[], $35::integer[], $36::text[], $37::integer[], $38::text[]::timestamptz[], $39::text[]::timestamptz[], $40::integer[], $41::boolean[], $42::integer[], $43::text[], $44::text[])
        with ordinality as call (record, requester, member, organisation, reference, trace, key, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, n)
    where '2012-06-11' = (select version from in_force)
), answer as materialized (
    select call.*,
        '{"eq":' || r2.json || ',"in":' || r4.json || ',"none":' || r6.json || ',"greater":' || r8.json || ',"atLeast":' || r10.json || ',"less":' || r12.json || ',"atMost":' || r14.json || ',"between":' || r16.json || ',"prices":' || r18.json || ',"begins":' || r20.json || ',"noWildcard":' || r22.json || ',"unset":' || r24.json || ',"set":' || r26.json || ',"number":' || r28.json || ',"since":' || r30.json || ',"verified":' || r32.json || ',"both":' || r34.json || '}' as json,
        nullif(concat_ws(',', r2.subjects, r4.subjects, r6.subjects, r8.subjects, r10.subjects, r12.subjects, r14.subjects, r16.subjects, r18.subjects, r20.subjects, r22.subjects, r24.subjects, r26.subjects, r28.subjects, r30.subjects, r32.subjects, r34.subjects), '') as subjects,
        coalesce(r2.rows, 0) + coalesce(r4.rows, 0) + coalesce(r6.rows, 0) + coalesce(r8.rows, 0) + coalesce(r10.rows, 0) + coalesce(r12.rows, 0) + coalesce(r14.rows, 0) + coalesce(r16.rows, 0) + coalesce(r18.rows, 0) + coalesce(r20.rows, 0) + coalesce(r22.rows, 0) + coalesce(r24.rows, 0) + coalesce(r26.rows, 0) + coalesce(r28.rows, 0) + coalesce(r30.rows, 0) + coalesce(r32.rows, 0) + coalesce(r34.rows, 0) as rows
    from call
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p1_all where p1_all.currency = call.a2)::text || '}' as json, nullif(concat_ws(',', string_agg(p1.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p1_all.owner_id::text as subject from product p1_all
                    where p1_all.currency = call.a2
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p1.id, p1.owner_id
            from product p1
            where p1.currency = call.a2
            order by p1.id
            limit call.a1
        ) p1
    ) r2 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p3_all where p3_all.currency in (select each::text from json_array_elements_text(call.a4::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(p3.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p3_all.owner_id::text as subject from product p3_all
                    where p3_all.currency in (select each::text from json_array_elements_text(call.a4::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p3.id, p3.owner_id
            from product p3
            where p3.currency in (select each::text from json_array_elements_text(call.a4::json) each)
            order by p3.id
            limit call.a3
        ) p3
    ) r4 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p5_all where p5_all.currency in (select each::text from json_array_elements_text(call.a6::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(p5.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p5_all.owner_id::text as subject from product p5_all
                    where p5_all.currency in (select each::text from json_array_elements_text(call.a6::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p5.id, p5.owner_id
            from product p5
            where p5.currency in (select each::text from json_array_elements_text(call.a6::json) each)
            order by p5.id
            limit call.a5
        ) p5
    ) r6 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p7_all where p7_all.price > call.a8)::text || '}' as json, nullif(concat_ws(',', string_agg(p7.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p7_all.owner_id::text as subject from product p7_all
                    where p7_all.price > call.a8
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p7.id, p7.owner_id
            from product p7
            where p7.price > call.a8
            order by p7.id
            limit call.a7
        ) p7
    ) r8 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p9_all where p9_all.price >= call.a10)::text || '}' as json, nullif(concat_ws(',', string_agg(p9.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p9_all.owner_id::text as subject from product p9_all
                    where p9_all.price >= call.a10
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p9.id, p9.owner_id
            from product p9
            where p9.price >= call.a10
            order by p9.id
            limit call.a9
        ) p9
    ) r10 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p11_all where p11_all.price < call.a12)::text || '}' as json, nullif(concat_ws(',', string_agg(p11.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p11_all.owner_id::text as subject from product p11_all
                    where p11_all.price < call.a12
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p11.id, p11.owner_id
            from product p11
            where p11.price < call.a12
            order by p11.id
            limit call.a11
        ) p11
    ) r12 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p13_all where p13_all.price <= call.a14)::text || '}' as json, nullif(concat_ws(',', string_agg(p13.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p13_all.owner_id::text as subject from product p13_all
                    where p13_all.price <= call.a14
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p13.id, p13.owner_id
            from product p13
            where p13.price <= call.a14
            order by p13.id
            limit call.a13
        ) p13
    ) r14 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p15_all where p15_all.price >= call.a16 and p15_all.price < call.a17)::text || '}' as json, nullif(concat_ws(',', string_agg(p15.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p15_all.owner_id::text as subject from product p15_all
                    where p15_all.price >= call.a16 and p15_all.price < call.a17
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p15.id, p15.owner_id
            from product p15
            where p15.price >= call.a16 and p15.price < call.a17
            order by p15.id
            limit call.a15
        ) p15
    ) r16 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p17_all where p17_all.price in (select each::numeric from json_array_elements_text(call.a19::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(p17.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p17_all.owner_id::text as subject from product p17_all
                    where p17_all.price in (select each::numeric from json_array_elements_text(call.a19::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p17.id, p17.owner_id
            from product p17
            where p17.price in (select each::numeric from json_array_elements_text(call.a19::json) each)
            order by p17.id
            limit call.a18
        ) p17
    ) r18 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p19_all where starts_with(p19_all.title, call.a21))::text || ',"nodes":' || '[' || coalesce(string_agg('{"title":' || veil.json_text(p19.title) || '}', ',' order by p19.id), '') || ']' || '}' as json, nullif(concat_ws(',', string_agg(p19.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p19_all.owner_id::text as subject from product p19_all
                    where starts_with(p19_all.title, call.a21)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p19.id, p19.owner_id, p19.title
            from product p19
            where starts_with(p19.title, call.a21)
            order by p19.id
            limit call.a20
        ) p19
    ) r20 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p21_all where starts_with(p21_all.title, call.a23))::text || '}' as json, nullif(concat_ws(',', string_agg(p21.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p21_all.owner_id::text as subject from product p21_all
                    where starts_with(p21_all.title, call.a23)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p21.id, p21.owner_id
            from product p21
            where starts_with(p21.title, call.a23)
            order by p21.id
            limit call.a22
        ) p21
    ) r22 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p23_all where (p23_all.minimum_order is null) = call.a25)::text || '}' as json, nullif(concat_ws(',', string_agg(p23.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p23_all.owner_id::text as subject from product p23_all
                    where (p23_all.minimum_order is null) = call.a25
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p23.id, p23.owner_id
            from product p23
            where (p23.minimum_order is null) = call.a25
            order by p23.id
            limit call.a24
        ) p23
    ) r24 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p25_all where (p25_all.minimum_order is null) = call.a27)::text || '}' as json, nullif(concat_ws(',', string_agg(p25.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p25_all.owner_id::text as subject from product p25_all
                    where (p25_all.minimum_order is null) = call.a27
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p25.id, p25.owner_id
            from product p25
            where (p25.minimum_order is null) = call.a27
            order by p25.id
            limit call.a26
        ) p25
    ) r26 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p27_all where p27_all.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(p27.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p27_all.owner_id::text as subject from product p27_all
                    where p27_all.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p27.id, p27.owner_id
            from product p27
            where p27.minimum_order in (select each::integer from json_array_elements_text(call.a29::json) each)
            order by p27.id
            limit call.a28
        ) p27
    ) r28 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from product p29_all where p29_all.listed_at >= call.a31 and p29_all.listed_at < call.a32)::text || '}' as json, nullif(concat_ws(',', string_agg(p29.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select p29_all.owner_id::text as subject from product p29_all
                    where p29_all.listed_at >= call.a31 and p29_all.listed_at < call.a32
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select p29.id, p29.owner_id
            from product p29
            where p29.listed_at >= call.a31 and p29.listed_at < call.a32
            order by p29.id
            limit call.a30
        ) p29
    ) r30 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c31_all where c31_all.verified = call.a34)::text || '}' as json, nullif(concat_ws(',', string_agg(c31.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select c31_all.owner_id::text as subject from company c31_all
                    where c31_all.verified = call.a34
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select c31.id, c31.owner_id
            from company c31
            where c31.verified = call.a34
            order by c31.id
            limit call.a33
        ) c31
    ) r32 on true
    left join lateral (
        select '{"totalCount":' || (select count(*) from company c33_all where c33_all.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c33_all.country in (select each::text from json_array_elements_text(call.a37::json) each))::text || '}' as json, nullif(concat_ws(',', string_agg(c33.owner_id::text, ','), (
                select string_agg(subject, ',') from (
                    select c33_all.owner_id::text as subject from company c33_all
                    where c33_all.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c33_all.country in (select each::text from json_array_elements_text(call.a37::json) each)
                    limit 10
                ) few having count(*) < 10
            )), '') as subjects, sum(1)::bigint as rows
        from (
        select c33.id, c33.owner_id
            from company c33
            where c33.verified in (select each::boolean from json_array_elements_text(call.a36::json) each) and c33.country in (select each::text from json_array_elements_text(call.a37::json) each)
            order by c33.id
            limit call.a35
        ) c33
    ) r34 on true
), log as (
    insert into veil.access_record (id, requester, role, purpose, member_id, organisation_id, reference, policy, plan,
        operation, outcome, subjects, row_count, cross_border, trace)
    select answer.record, answer.requester, 'PUBLIC', 'public_browsing', answer.member, answer.organisation, answer.reference, '2012-06-11',
        '2f05804b-23fd-c821-6f1c-99772eabd88c'::uuid, null, 'ANSWERED', told.subjects, answer.rows,
        null::boolean, answer.trace
    from answer cross join lateral (
        select coalesce(array_agg(distinct subject), array[]::bigint[]) as subjects
        from (select unnest(('{' || answer.subjects || '}')::bigint[]) as subject) each
    ) told
)
select n, convert_to(json, 'UTF8') as json from answer
