-- How many requests a record of a refusal counts: those of one requester that were refused alike within a moment. Null for
-- an answer, which has a record of its own.
alter table veil.access_record add column refusals integer check (refusals > 0);
