-- The access log: one row for every answer and every refusal, written before it leaves. `veil migrate` puts the types of the
-- marketplace's ids in place of `member_id_type` and `organisation_id_type`.

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
    member_id member_id_type,
    organisation_id organisation_id_type,
    reference text,
    policy text not null,
    plan uuid,
    operation text,
    outcome text not null,
    subjects member_id_type[] not null default '{}',
    -- The classes of what each subject was shown, in the order of `subjects`, or once for all: '0.1 - 2', '0.1'. Of a
    -- subject without a class ('-') nothing was shown: they were counted, or looked at beyond a page.
    shown text not null default '',
    row_count integer not null default 0,
    cross_border boolean,
    trace text,
    -- How many requests a record of a refusal counts: those of one requester that were refused alike within a moment. Null
    -- for an answer, which has a record of its own.
    refusals integer check (refusals > 0),
    -- Of a change that is about to be made where the data is elsewhere: the id of the record that will say what became of it.
    announces text
) partition by range (id);
-- PostgreSQL 18 counts the subjects of a record when it is read, so that no record takes longer to write. Before 18, they
-- are counted when it is written.
do $$ begin
    execute format(
        'alter table veil.access_record add column subject_count integer generated always as (cardinality(subjects)) %s',
        case when current_setting('server_version_num')::integer < 180000 then 'stored' else 'virtual' end
    );
end $$;

create index access_record_at on veil.access_record (at, id);
-- New entries go to the index's pending list. `veil log keep` brings them in, so that no record waits for that.
create index access_record_subjects on veil.access_record using gin (subjects)
    with (fastupdate = on, gin_pending_list_limit = 2147483647);

-- What the officer finds records by, newest first. A record that has nothing of the kind is in none of these, so that it
-- costs less to add. Members are found by `access_record_subjects`, and times by `access_record_at`.

create index access_record_organisation on veil.access_record (organisation_id, at) where organisation_id is not null;
create index access_record_requester on veil.access_record (requester, at) where requester is not null;
create index access_record_reference on veil.access_record (reference, at) where reference is not null;
create index access_record_purpose on veil.access_record (purpose, at) where purpose is not null;
create index access_record_refusals on veil.access_record (at, id) where refusals is not null;
create index access_record_trace on veil.access_record (trace) where trace is not null;

-- What `veil log keep` finds announced changes by, to see which have no outcome yet.
create index access_record_announces on veil.access_record (id) where announces is not null;

-- What no month's partition takes: records of a time for which none was made.
create table veil.access_record_other partition of veil.access_record default
    with (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);
-- A sample of records does not have the rare purposes. PostgreSQL would take all records for those of one purpose, and not
-- use its index.
alter table veil.access_record_other alter column purpose set (n_distinct = 20);

-- The least id of a record whose request came at this time (UUID version 7).
create function veil.first_id(moment timestamptz) returns uuid language sql immutable as $$
    select rpad(lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- Makes the partitions of this month and of the three that follow, where they are missing. Returns how many it made. It
-- does not wait long for those who read the log, because others would wait behind it.
create function veil.add_partitions() returns integer language plpgsql set lock_timeout = '2s' as $$
declare
    made integer := 0;
    first timestamp := date_trunc('month', now() at time zone 'UTC');
    start timestamp;
    partition text;
    bounds uuid[];
    columns text;
begin
    perform pg_advisory_xact_lock(hashtext('veil.add_partitions'));
    for month in 0 .. 3 loop
        start := first + month * interval '1 month';
        partition := 'access_record_' || to_char(start, 'YYYY_MM');
        continue when to_regclass('veil.' || partition) is not null;
        bounds := array[
            veil.first_id(start at time zone 'UTC'), veil.first_id((start + interval '1 month') at time zone 'UTC')
        ];
        execute format(
            'create table veil.%I (like veil.access_record including defaults including constraints including generated)',
            partition
        );
        -- So that records are found in the index by themselves where nothing keeps the log.
        execute format(
            'alter table veil.%I set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000)',
            partition
        );
        execute format('alter table veil.%I alter column purpose set (n_distinct = 20)', partition);
        lock table veil.access_record_other in access exclusive mode;
        if exists (select from veil.access_record_other where id >= bounds[1] and id < bounds[2]) then
            select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
            where attrelid = 'veil.access_record'::regclass and attnum > 0 and not attisdropped and attgenerated = '';
            execute format(
                'with moved as (delete from veil.access_record_other where id >= $1 and id < $2 returning %s)
                insert into veil.%I (%s) select %s from moved', columns, partition, columns, columns
            ) using bounds[1], bounds[2];
        end if;
        execute format(
            'alter table veil.access_record attach partition veil.%I for values from (%L) to (%L)',
            partition, bounds[1], bounds[2]
        );
        made := made + 1;
    end loop;
    return made;
exception when lock_not_available then
    return 0;
end $$;
