-- What figures are made of: one row for each order, visit or buyer, with its member, its moment and coarse dimensions.
-- The gateway reads none of these. Releases are made from them, once a month.

set local search_path = marketplace;

create view order_fact as
    select trade_order.id, trade_order.placed_at as at, trade_order.buyer_id as member_id, trade_order.seller_id,
           trade_order.delivery_country as country,
           to_char(trade_order.placed_at at time zone 'UTC', 'YYYY-MM') as month, first_product.category,
           trade_order.status, trade_order.currency, trade_order.total as measure
    from trade_order
    left join order_item on order_item.order_id = trade_order.id and order_item.line = 1
    left join product first_product on first_product.id = order_item.product_id;

create view visit_fact as
    select visit.id, visit.at, visit.member_id, member.country,
           to_char(visit.at at time zone 'UTC', 'YYYY-MM') as month, visit.browser, visit.operating_system,
           visit.pages_viewed::numeric as measure
    from visit join member on member.id = visit.member_id;

create view buyer_fact as
    select buyer_behaviour.id, member.registered_at as at, buyer_behaviour.member_id, member.country,
           buyer_behaviour.top_categories[1] as category, buyer_behaviour.orders_per_year as measure
    from buyer_behaviour join member on member.id = buyer_behaviour.member_id;
