-- What the officer finds records by, newest first. A record that has nothing of the kind is in none of these, so that it
-- costs less to add. Members are found by `access_record_subjects`, and times by `access_record_at`.

create index access_record_organisation on veil.access_record (organisation_id, at) where organisation_id is not null;
create index access_record_requester on veil.access_record (requester, at) where requester is not null;
create index access_record_reference on veil.access_record (reference, at) where reference is not null;
create index access_record_trace on veil.access_record (trace) where trace is not null;
