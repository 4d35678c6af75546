-- Records that were exported and then removed: those of partitions whose requests came before a time.
create table veil.retirement (
    id bigint generated always as identity primary key,
    before timestamptz not null,
    records bigint not null,
    -- SHA-256 of the file they were exported to.
    export text not null check (export ~ '^[0-9a-f]{64}$'),
    retired_at timestamptz not null default now()
);

-- The proof of the access log: a Merkle tree (RFC 9162) whose leaves are records, plans, activations of policies and
-- retirements, in the order in which `veil log keep` saw them. Only the owner writes here.
create table veil.proof_leaf (
    position bigint primary key check (position >= 0),
    record uuid,
    plan uuid,
    activation bigint,
    retirement bigint,
    -- The earlier leaf of a record that names one person fewer since.
    replaces bigint,
    -- Null once the content is erased. The hash stays, and nobody can guess the content from it.
    salt bytea check (octet_length(salt) = 16),
    hash bytea not null check (octet_length(hash) = 32),
    check (num_nonnulls(record, plan, activation, retirement) = 1)
);
create unique index proof_leaf_record on veil.proof_leaf (record, coalesce(replaces, -1)) where record is not null;
create unique index proof_leaf_replaces on veil.proof_leaf (replaces) where replaces is not null;
create unique index proof_leaf_plan on veil.proof_leaf (plan) where plan is not null;
create unique index proof_leaf_activation on veil.proof_leaf (activation) where activation is not null;
create unique index proof_leaf_retirement on veil.proof_leaf (retirement) where retirement is not null;

-- The hashes of full subtrees: level 8 is of 256 leaves each, level 16 of 65,536, and so on.
create table veil.proof_tile (
    level smallint check (level > 0 and level % 8 = 0),
    position bigint check (position >= 0),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (level, position)
);

-- The signed checkpoints: how many leaves there were, and their root. `at` is when the look began that found the last.
create table veil.checkpoint (
    size bigint primary key check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    at timestamptz not null,
    note text not null
);
create index checkpoint_at on veil.checkpoint (at);
