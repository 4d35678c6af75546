-- What a record shows: as a whole the most of each field (without a subject), and of each subject what they were shown.
-- One who was erased is null there, and is left out.
create view veil.access_field as
    select record.id as record, null as subject, entry.ordinality as line, entry.field ->> 'field' as field,
           entry.field ->> 'treatment' as treatment, null::text as clauses
    from veil.access_record record join veil.access_plan plan on plan.id = record.plan
    cross join lateral jsonb_array_elements(plan.fields) with ordinality as entry (field)
    union all
    select record.id, seen.subject, row_number() over (partition by record.id, seen.subject order by field.name),
           field.name, class.value ->> 'treatment',
           (select string_agg(clause, ' ') from jsonb_array_elements_text(class.value -> 'clauses') clause)
    from veil.access_record record join veil.access_plan plan on plan.id = record.plan
    cross join lateral unnest(record.subjects) with ordinality as seen (subject, place)
    cross join lateral unnest(string_to_array(
        case when strpos(record.shown, ' ') > 0 then split_part(record.shown, ' ', seen.place::integer)
             else record.shown end, '.')) as named (class)
    cross join lateral (
        select plan.classes -> case when named.class ~ '^[0-9]+$' then named.class::integer end as value
    ) class
    cross join lateral jsonb_array_elements_text(class.value -> 'fields') as field (name)
    where seen.subject is not null;
