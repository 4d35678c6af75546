-- How many subjects a record has is counted whenever it is read, so that no record takes longer to write for it; but
-- PostgreSQL can do so from 18 on. Before, it stays what the database counts when it writes.

do $$ begin
    if current_setting('server_version_num')::integer >= 180000 then
        execute 'alter table veil.access_record drop column subject_count';
        execute 'alter table veil.access_record '
            'add column subject_count integer generated always as (cardinality(subjects)) virtual';
    end if;
end $$;
