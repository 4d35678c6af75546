-- The seals of the access log: each vouches for the records after the seal before it, up to its own last one, for the
-- plans they point to, and for the seal before it. The gateway has no part in them: only the owner seals and verifies.

create table veil.access_seal (
    id bigint primary key check (id > 0),
    first_at timestamptz not null,
    first_id uuid not null,
    last_at timestamptz not null,
    last_id uuid not null,
    count integer not null check (count > 0),
    sealed_at timestamptz not null,
    key text,
    previous bytea unique check (octet_length(previous) = 32),
    digest bytea not null unique check (octet_length(digest) = 32),
    check ((previous is null) = (id = 1))
);
