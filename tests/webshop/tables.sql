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
    order_no varchar(40) primary key,
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
    order_no varchar(40) not null references shop."order",
    n integer not null,
    "user" text,
    article_no integer,
    primary key (order_no, n)
);

create table shop.article (
    article_no integer primary key,
    title text
);

create table shop.parcel (
    parcel_id uuid primary key,
    order_no varchar(40) not null references shop."order",
    customer_id bigint not null,
    weight integer,
    sent timestamptz
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
    ('W-10', 1, 2, 'completed', 1250, 7, '2026-01-01Z'),
    ('W:~"11', 1, 3, 'canceled', 99, 8, '2026-01-02Z'),
    ('W-12', 2, 3, 'requires_action', null, 9, '2026-01-03Z');
insert into shop.line values
    ('W-10', 1, 'a teapot', 5), ('W-10', 2, 'a "cup"', 6), ('W:~"11', 1, 'a spoon', 5);
insert into shop.article values (5, 'Porcelain'), (6, 'Glass');
insert into shop.parcel values
    ('0f8fad5b-d9cb-469f-a165-70867728950e', 'W-10', 1, 3, '2026-01-02Z'),
    ('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'W:~"11', 1, 4, '2026-01-03Z');
insert into consents.marketing values (1, 'yes', '2020-01-01Z', null), (2, 'no', '2020-01-01Z', null), (3, 'yes', null, null);
