-- The shop's own tables. Veil does not make them.
create schema shop;
create schema consents;

create table shop.customer (
    customer_id bigint primary key,
    first_name text not null,
    last_name text,
    email text,
    country_code text,
    "loyaltyTier" text,
    created_at timestamp not null,
    secret text
);

create type shop.order_state as enum ('pending', 'requires_action', 'completed', 'canceled');

create table shop."order" (
    order_no bigint primary key,
    customer_id bigint not null references shop.customer,
    seller_id bigint not null references shop.customer,
    state shop.order_state,
    amount_cents bigint,
    "position" integer,
    placed timestamptz not null
);
create index on shop."order" (customer_id);
create index on shop."order" (seller_id);

create table shop.line (
    order_no bigint not null references shop."order",
    n integer not null,
    "user" text,
    primary key (order_no, n)
);

create table consents.marketing (
    customer bigint not null,
    agreed text,
    since timestamptz,
    until timestamptz
);

insert into shop.customer values
    (1, 'Ada', 'Byron', 'ada@example.com', 'gb', 'g', '2020-01-01 10:00', 'x'),
    (2, 'Bo', null, 'bo@example.com', 'GB', 'silver', '2020-01-02 10:00', 'x'),
    (3, 'Cy', 'Dee', 'cy@example.com', 'FR', null, '2020-01-03 10:00', 'x');
insert into shop."order" values
    (10, 1, 2, 'completed', 1250, 7, '2026-01-01Z'),
    (11, 1, 3, 'canceled', 99, 8, '2026-01-02Z'),
    (12, 2, 3, 'requires_action', null, 9, '2026-01-03Z');
insert into shop.line values (10, 1, 'a teapot'), (10, 2, 'a "cup"'), (11, 1, 'a spoon');
insert into consents.marketing values (1, 'yes', '2020-01-01Z', null), (2, 'no', '2020-01-01Z', null), (3, 'yes', null, null);
