-- What an officer reads of the log beside its records: which operations were asked, what each can show, and how many
-- persons each requester was shown in a day.

create view veil.planned_operation as
    select id, role, purpose, policy, operation,
           array(select entry ->> 'field' from jsonb_array_elements(fields) entry) as fields
    from veil.access_plan;

create view veil.planned_class as
    select plan.id as plan, class.place::integer - 1 as number, class.value ->> 'treatment' as treatment,
           array(select jsonb_array_elements_text(class.value -> 'fields')) as fields,
           array(select jsonb_array_elements_text(class.value -> 'clauses')) as clauses
    from veil.access_plan plan cross join lateral jsonb_array_elements(plan.classes) with ordinality as class (value, place);

create view veil.requester_breadth as
    select id, day::timestamp at time zone 'UTC' as day, role, requester, persons from veil.access_breadth_count;
