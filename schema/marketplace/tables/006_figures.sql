-- An order is about two members: figures of orders are shown only where there are enough buyers and enough sellers.

set local search_path = marketplace;

create or replace view order_fact as
    select trade_order.buyer_id as member_id, trade_order.delivery_country as country,
           to_char(trade_order.placed_at at time zone 'UTC', 'YYYY-MM') as month, first_product.category,
           trade_order.status, trade_order.currency, trade_order.total as measure, trade_order.seller_id
    from trade_order
    left join order_item on order_item.order_id = trade_order.id and order_item.line = 1
    left join product first_product on first_product.id = order_item.product_id
    where trade_order.placed_at < date_trunc('month', now(), 'UTC');
