-- The access log: one row for every answer and every refusal, written before it leaves.

create schema if not exists veil;

create table veil.access_plan (
    id uuid primary key,
    role text not null,
    purpose text not null,
    policy text not null,
    operation text,
    document text not null,
    fields jsonb not null,
    -- What a person may be shown, as (treatment, fields, clauses); a record names these by their place, from 0.
    classes jsonb not null default '[]'
);

-- No foreign key from record to plan: a plan is stored before its first record, and rows of neither are ever
-- changed, so the look-up would only cost every request its time.
create table veil.access_record (
    id uuid primary key,
    at timestamptz not null default clock_timestamp(),
    requester text,
    role text,
    purpose text,
    member_id bigint,
    organisation_id bigint,
    reference text,
    policy text not null,
    plan uuid,
    operation text,
    outcome text not null,
    subjects bigint[] not null default '{}',
    -- The classes of what each subject was shown, in the order of `subjects`, or once for all: '0.1 - 2', '0.1'. Of a
    -- subject without a class ('-') nothing was shown: they were counted, or looked at beyond a page.
    shown text not null default '',
    row_count integer not null default 0,
    cross_border boolean,
    trace text
);
-- PostgreSQL 18 counts the subjects of a record when it is read, so that no record takes longer to write. Before 18, they
-- are counted when it is written.
do $$ begin
    execute format(
        'alter table veil.access_record add column subject_count integer generated always as (cardinality(subjects)) %s',
        case when current_setting('server_version_num')::integer < 180000 then 'stored' else 'virtual' end
    );
end $$;

create index access_record_at on veil.access_record (at, id);
create index access_record_subjects on veil.access_record using gin (subjects);
