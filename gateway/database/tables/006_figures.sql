-- Released figures. A month is released once, with noise, and what was released never changes.

create table veil.figure_release (
    month text primary key check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    policy text not null,
    record uuid not null,
    released_at timestamptz not null default now()
);

-- A cell: of a table of facts, by one of its dimensions (or by none: ''), in a unit (or in none: ''), for one key.
create table veil.figure (
    facts text not null,
    unit text not null,
    dimension text not null,
    month text not null references veil.figure_release,
    key text,
    members bigint not null check (members >= 10),
    count bigint not null check (count >= 0),
    sum numeric not null,
    unique nulls not distinct (facts, unit, dimension, month, key)
);

create function veil.released_once() returns trigger language plpgsql as $$
begin
    raise exception 'what was released never changes' using errcode = 'integrity_constraint_violation';
end $$;

create trigger released_once before update or delete or truncate on veil.figure_release
    for each statement execute function veil.released_once();
create trigger released_once before update or delete or truncate on veil.figure
    for each statement execute function veil.released_once();
