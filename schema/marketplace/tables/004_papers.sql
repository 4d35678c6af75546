-- What a paper must say before anything is shown by it: which categories a member's request is about, which claim or injury
-- a finding serves, whether an order names whole cards, and what the buyer of the business has undertaken.

set local search_path = marketplace;

alter table legal_instrument drop constraint legal_instrument_kind_check;
alter table legal_instrument
    add check (kind in ('SUBPOENA', 'COURT_ORDER', 'LEGAL_REQUIREMENT', 'AUTHORITY_REQUEST', 'BREACH_FINDING')),
    add column names_cards boolean not null default false,
    add column serves text check (serves <> '');

-- The buyer's promise to follow the policy.
alter table business_transfer add column undertaking text check (undertaking <> '');

-- A request from before this file is about all eight.
alter table data_subject_request add column categories text[] not null
    default array['REGISTRATION', 'PUBLISHING', 'BUYER', 'PAYMENT', 'ACCOUNT_ACTIVITIES', 'STATISTICAL', 'MARKETING',
        'PERSONAL']
    check (categories <@ array['REGISTRATION', 'PUBLISHING', 'BUYER', 'PAYMENT', 'ACCOUNT_ACTIVITIES', 'STATISTICAL',
        'MARKETING', 'PERSONAL']);
alter table data_subject_request alter column categories drop default;
