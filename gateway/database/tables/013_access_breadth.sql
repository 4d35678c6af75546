-- Whom each requester was shown in a day (in UTC), for the roles that the policy limits. `veil log keep` adds to it in the
-- transaction in which it seals, and removes the days before yesterday.
create table veil.access_breadth (
    day date,
    requester text,
    role text,
    subject bigint,
    primary key (day, requester, role, subject)
);

-- How many persons that were. The gateway reads it to see who is over the limit.
create table veil.access_breadth_count (
    day date,
    requester text,
    role text,
    persons integer not null,
    primary key (day, requester, role)
);
create index access_breadth_count_persons on veil.access_breadth_count (day, persons);
