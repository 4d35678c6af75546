"""A log for reports: three plans, and records of a bank, of staff, of a court, of a member and of a refusal."""

from collections.abc import Generator

import pytest

from tests.conftest import Databases, run

BANK, STAFF, FIGURES, COURT, OWN, CHANGE = (f"00000000-0000-0000-0000-00000000000{number}" for number in range(1, 7))

_PLANS = f"""
    insert into veil.access_plan (id, role, purpose, policy, operation, document, fields, classes) values
    ('{BANK}', 'BANK', 'transaction_completion', '2012-06-11', 'BankWasHere', '',
        '[{{"field": "Payment.id", "treatment": "PLAIN"}}, {{"field": "Payment.cardNumber", "treatment": "PLAIN"}}]',
        '[{{"treatment": "PLAIN", "fields": ["Payment.id", "Payment.cardNumber"], "clauses": ["U14"]}}]'),
    ('{STAFF}', 'PLATFORM', 'account_service', '2012-06-11', 'StaffWasHere', '',
        '[{{"field": "Member.name", "treatment": "PLAIN"}}, {{"field": "Payment.cardNumber", "treatment": "PARTIAL"}}]',
        '[{{"treatment": "PLAIN", "fields": ["Member.name"], "clauses": ["U2", "U16"]}},
          {{"treatment": "PARTIAL", "fields": ["Payment.cardNumber"], "clauses": ["U2"]}}]'),
    ('{FIGURES}', 'PUBLIC', 'aggregate_sharing', '2012-06-11', null, '',
        '[{{"field": "Query.orderStatistics", "treatment": "PARTIAL"}}]', '[]'),
    ('{COURT}', 'AUTHORITY', 'court_order', '2012-06-11', 'CourtWasHere', '',
        '[{{"field": "Member.email", "treatment": "PLAIN"}}]',
        '[{{"treatment": "PLAIN", "fields": ["Member.email"], "clauses": ["D3"]}}]'),
    ('{OWN}', 'MEMBER', 'self_service', '2001-01-01', null, '',
        '[{{"field": "Member.shoeSize", "treatment": "PLAIN"}}, {{"field": "Member.email", "treatment": "TOKEN"}}]',
        '[{{"treatment": "PLAIN", "fields": ["Member.shoeSize"], "clauses": ["A1"]}},
          {{"treatment": "TOKEN", "fields": ["Member.email"], "clauses": ["Z9"]}}]')"""

_RECORDS = f"""
    insert into veil.access_record (id, at, requester, role, purpose, member_id, organisation_id, reference, policy,
        plan, operation, outcome, subjects, shown, row_count, cross_border)
    select gen_random_uuid(), day::timestamptz, requester, role, purpose, member, organisation, reference, '2012-06-11',
        plan::uuid, operation, outcome, subjects::bigint[], shown, 1, crossing
    from (values
        ('2025-03-01', 'clerk:7', 'BANK', 'transaction_completion', null::bigint, 10, null, '{BANK}', 'BankWasHere',
            'ANSWERED', '{{3,4}}', '0', true),
        ('2025-03-01 13:00', 'clerk:8', 'BANK', 'transaction_completion', null, 10, null, '{BANK}', 'BankWasHere',
            'ANSWERED', '{{3}}', '0', false),
        ('2025-03-02', 'staff:9', 'PLATFORM', 'account_service', null, 1, null, '{STAFF}', 'StaffWasHere', 'ANSWERED',
            '{{4,3,5}}', '0.1 1 -', null),
        ('2025-03-03', null, 'PUBLIC', 'aggregate_sharing', null, null, null, '{FIGURES}', null, 'ANSWERED', '{{}}', '',
            null),
        ('2025-03-04', 'judge', 'AUTHORITY', 'court_order', null, 20, '=SECRET(1)', '{COURT}', 'CourtWasHere',
            'ANSWERED', '{{3}}', '0', false),
        ('2025-03-05', 'member:3', 'MEMBER', 'self_service', 3, null, null, '{OWN}', null, 'ANSWERED', '{{3}}', '0.1',
            false),
        ('2025-03-06', 'clerk:7', 'BANK', 'credit_assessment', null, 10, null, null, null, 'INVALID', '{{}}', '', null),
        ('2025-03-07', 'clerk:7', 'BANK', 'transaction_completion', null, 10, null, '{BANK}', null, 'DESCRIBED', '{{}}', '',
            null),
        ('2025-04-01', 'clerk:7', 'BANK', 'transaction_completion', null, 10, null, '{BANK}', 'BankWasHere', 'ANSWERED',
            '{{3}}', '-', false)
    ) one (day, requester, role, purpose, member, organisation, reference, plan, operation, outcome, subjects, shown,
        crossing)"""


@pytest.fixture(scope="module")
def logged(databases: Databases) -> Generator[str]:
    """The log, in a database whose policy in force is the marketplace's first."""
    url = databases.make("empty_market")
    run(url, lambda connection: connection.execute(f"{_PLANS}; {_RECORDS}"))
    yield url
    databases.drop(url)


_CHANGES = f"""
    insert into veil.access_plan (id, role, purpose, policy, operation, document, fields, classes) values
    ('{CHANGE}', 'MEMBER', 'self_service', '2012-06-11', null, '',
        '[{{"field": "Member.email", "treatment": "EDITED"}}]',
        '[{{"treatment": "EDITED", "fields": ["Member.email"], "clauses": ["S1"]}}]');
    insert into veil.access_record (id, at, role, purpose, member_id, policy, plan, outcome, subjects, shown, announces)
    select id::uuid, day::timestamptz, 'MEMBER', 'self_service', 6, '2012-06-11', '{CHANGE}', outcome, '{{6}}', '0', announces
    from (values
        ('00000000-0000-0000-0000-0000000000a1', '2025-06-01', 'ANNOUNCED', '00000000-0000-0000-0000-0000000000a2'),
        ('00000000-0000-0000-0000-0000000000a2', '2025-06-01', 'ANSWERED', null),
        ('00000000-0000-0000-0000-0000000000b1', '2025-06-02', 'ANNOUNCED', '00000000-0000-0000-0000-0000000000b2'),
        ('00000000-0000-0000-0000-0000000000b2', '2025-06-02', 'ANNOUNCED_NOT_DONE', null),
        ('00000000-0000-0000-0000-0000000000c1', '2025-06-03', 'ANNOUNCED', '00000000-0000-0000-0000-0000000000c2'),
        ('00000000-0000-0000-0000-0000000000c2', '2025-06-03', 'ANNOUNCED_NOT_KNOWN', null),
        ('00000000-0000-0000-0000-0000000000d1', '2025-06-04', 'ANNOUNCED', '00000000-0000-0000-0000-0000000000d2')
    ) one (id, day, outcome, announces)"""


@pytest.fixture(scope="module")
def announced(databases: Databases) -> Generator[str]:
    """A log of four changes of June: one was made, one was not, one is not known, and one is open."""
    url = databases.make("empty_market")
    run(url, lambda connection: connection.execute(_CHANGES))
    yield url
    databases.drop(url)
