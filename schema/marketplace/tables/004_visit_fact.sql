-- What figures about visits are made of: a row for each, with its member, its moment and coarse dimensions.
-- The gateway does not read it. Releases are made from it, once a month.

set local search_path = marketplace;

create view visit_fact as
    select visit.id, visit.at, visit.member_id, member.country,
           to_char(visit.at at time zone 'UTC', 'YYYY-MM') as month, visit.browser, visit.operating_system,
           visit.pages_viewed::numeric as measure
    from visit join member on member.id = visit.member_id and member.destroyed_at is null;
