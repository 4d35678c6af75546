-- What figures are made of: one row for each order, visit or buyer, with its member and coarse dimensions. Only months
-- that are over count, so that asking again a moment later tells nothing of what happened in between.

set local search_path = marketplace;

-- An order is about two members: figures of orders are shown only where there are enough buyers and enough sellers.
create view order_fact as
    select trade_order.buyer_id as member_id, trade_order.delivery_country as country,
           to_char(trade_order.placed_at at time zone 'UTC', 'YYYY-MM') as month, first_product.category,
           trade_order.status, trade_order.currency, trade_order.total as measure, trade_order.seller_id
    from trade_order
    left join order_item on order_item.order_id = trade_order.id and order_item.line = 1
    left join product first_product on first_product.id = order_item.product_id
    where trade_order.placed_at < date_trunc('month', now(), 'UTC');

create view visit_fact as
    select visit.member_id, member.country, to_char(visit.at at time zone 'UTC', 'YYYY-MM') as month, visit.browser,
           visit.operating_system, visit.pages_viewed::numeric as measure
    from visit join member on member.id = visit.member_id
    where visit.at < date_trunc('month', now(), 'UTC');

create view buyer_fact as
    select buyer_behaviour.member_id, member.country, buyer_behaviour.top_categories[1] as category,
           buyer_behaviour.orders_per_year as measure
    from buyer_behaviour join member on member.id = buyer_behaviour.member_id
    where member.registered_at < date_trunc('month', now(), 'UTC');
