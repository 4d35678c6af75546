-- When something of what was held can be destroyed: of the rows that a line counts, and of all that a request names.

alter table marketplace.destruction_line add column free_from timestamptz;
alter table marketplace.data_subject_request add column held_until timestamptz;
create index data_subject_request_held_until on marketplace.data_subject_request (held_until)
    where held_until is not null;
