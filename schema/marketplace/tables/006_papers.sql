-- Legal instruments as papers, each with the members whom it names.

set local search_path = marketplace;

create view legal_paper as
    select legal_instrument.*,
           array(
               select member_id from legal_instrument_subject
               where instrument_id = legal_instrument.id order by member_id
           ) as members
    from legal_instrument;

create view legal_paper_member as
    select instrument_id, member_id, 'Member:' || member_id as written_as from legal_instrument_subject;
