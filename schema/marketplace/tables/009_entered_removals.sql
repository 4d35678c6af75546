-- Which of what parents and guardians have handed in has led to a request about a member.

alter table marketplace.data_subject_request add column removal_request_id bigint references marketplace.removal_request;
create index data_subject_request_removal on marketplace.data_subject_request (removal_request_id, starts_at, id);
