-- A shop that nobody made for Veil: ids of several types, words of its own, times without zone, no key where one would help.

create schema shop;
create type shop.order_state as enum ('pending', 'shipped', 'canceled');

create table shop.customer (
    customer_id text primary key,
    full_name text not null,
    email text not null,
    mobile text,
    street text,
    city text,
    country text,
    birth_date date,
    password_hash text,
    signed_up timestamptz not null default now()
);
comment on table shop.customer is 'Whoever has an account with us.';

create table shop.product (
    sku text primary key,
    title text not null,
    price numeric not null,
    metadata jsonb
);

create table shop.orders (
    order_no uuid primary key default gen_random_uuid(),
    customer_id text not null references shop.customer,
    state shop.order_state not null,
    "placedAt" timestamp not null,
    total numeric not null,
    ship_to_street text,
    ship_to_city text,
    ip inet,
    channel text check (channel in ('web', 'phone')),
    note text
);
comment on column shop.orders.note is 'What the customer asks of us.';

create table shop.order_line (
    order_no uuid references shop.orders,
    line int,
    sku text references shop.product,
    quantity int not null,
    primary key (order_no, line)
);

create table shop.review (
    review_id bigint generated always as identity primary key,
    customer_id text references shop.customer,
    sku text references shop.product,
    stars int,
    body text,
    created_at timestamptz not null default now()
);

-- Whose row it is only its name says.
create table shop.event (id bigint primary key, customer_id text, session_id text, campaign_id text);

-- It is about persons, and says not about whom.
create table shop.newsletter (id serial primary key, contact text);

create table shop.tagged (sku text, tag text, primary key (sku, tag));
create view shop.totals as select customer_id, sum(total) as total from shop.orders group by customer_id;

insert into shop.customer (customer_id, full_name, email, city)
values ('c1', 'Ada Example', 'ada@example.org', 'Oslo'), ('c2', 'Bob Example', 'bob@example.org', 'Rome');
insert into shop.newsletter (contact) values ('ada@example.org'), ('eve@example.org');
insert into shop.orders (customer_id, state, "placedAt", total, ship_to_street, ship_to_city, ip, channel)
values ('c1', 'shipped', '2026-03-01 10:00', 30.50, '1 Fjord Road', 'Oslo', '192.0.2.7', 'web'),
       ('c2', 'pending', '2026-03-02 11:00', 12.00, '2 Via Appia', 'Rome', '192.0.2.8', 'phone');
