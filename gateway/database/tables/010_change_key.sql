-- What clients have named their mutations by, for a day: a request that is sent again is answered again, and changes nothing
-- more. An answer has the names of fields and versions of rows, and no data.

create table veil.change_key (
    -- The digest of who asked and of the key.
    id bytea primary key,
    -- The digest of what was asked.
    request bytea not null,
    answer bytea not null default '',
    at timestamptz not null default now()
);
create index change_key_at on veil.change_key (at);
