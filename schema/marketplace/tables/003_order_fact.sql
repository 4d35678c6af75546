-- What figures about orders are made of: a row for each, with its buyer and seller, its moment and coarse dimensions.
-- An order one of whose sides is destroyed is no fact any more. The gateway does not read it. Releases are made from it, once a month.

set local search_path = marketplace;

create view order_fact as
    select trade_order.id, trade_order.placed_at as at, trade_order.buyer_id as member_id, trade_order.seller_id,
           trade_order.delivery_country as country,
           to_char(trade_order.placed_at at time zone 'UTC', 'YYYY-MM') as month, first_product.category,
           trade_order.status, trade_order.currency, trade_order.total as measure
    from trade_order
    left join order_item on order_item.order_id = trade_order.id and order_item.line = 1
    left join product first_product on first_product.id = order_item.product_id
    where trade_order.buyer_id is not null and trade_order.seller_id is not null;
