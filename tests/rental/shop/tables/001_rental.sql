-- A rental of equipment, as somebody else made it.

create schema rental;

create table rental.workshop (
    code text primary key,
    name text not null,
    country text not null
);

create table rental.tool (
    id uuid primary key default gen_random_uuid(),
    title text not null,
    sort text not null,
    rate numeric(10, 2) not null
);

create table rental.renter (
    ref text primary key,
    first_name text not null,
    last_name text not null,
    mail text not null,
    phone text,
    licence text,
    street text,
    town text,
    country text,
    joined timestamptz not null default now()
);
create index renter_joined on rental.renter (joined, ref);

create table rental.booking (
    number text primary key,
    renter text not null references rental.renter,
    tool uuid not null references rental.tool,
    state text not null,
    begins timestamptz not null,
    price numeric(10, 2) not null,
    note text
);
create index booking_begins on rental.booking (begins, number);
create index booking_renter on rental.booking (renter, begins, number);

create table rental.repair (
    id integer generated always as identity primary key,
    renter text not null references rental.renter,
    workshop text not null references rental.workshop,
    state text not null
);
create index repair_workshop on rental.repair (workshop, renter);

create table rental.dropoff (
    code text primary key,
    renter text not null references rental.renter,
    mail text not null,
    phone text,
    street text,
    town text,
    note varchar(60)
);
create index dropoff_renter on rental.dropoff (renter);
