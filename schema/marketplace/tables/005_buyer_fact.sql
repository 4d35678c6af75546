-- What figures about buyers are made of: a row for each, with the member and coarse dimensions.
-- The gateway does not read it. Releases are made from it, once a month.

set local search_path = marketplace;

create view buyer_fact as
    select buyer_behaviour.id, member.registered_at as at, buyer_behaviour.member_id, member.country,
           buyer_behaviour.top_categories[1] as category, buyer_behaviour.orders_per_year as measure
    from buyer_behaviour join member on member.id = buyer_behaviour.member_id and member.destroyed_at is null;
