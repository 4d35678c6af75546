-- The documents that the owner trusts, each for one role and purpose. The gateway compiles them from here.

create table veil.trusted_document (
    id bigint generated always as identity primary key,
    digest text not null,
    role text not null,
    purpose text not null,
    document text not null,
    operations text[] not null,
    added_by text not null,
    added_at timestamptz not null default now(),
    unique (role, purpose, digest),
    check (digest = encode(sha256(convert_to(document, 'UTF8')), 'hex'))
);
