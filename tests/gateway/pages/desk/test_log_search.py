"""What an officer looks for in the log."""

from gateway.pages.desk.log_search import LogFilter


def test_only_what_is_asked_is_compared() -> None:
    asked = LogFilter(since="2025-01-01", organisation="Organisation:4", field="Member.email", outcome="refused")
    assert asked.as_input == {
        "organisation": {"eq": "Organisation:4"},
        "at": {"gte": "2025-01-01T00:00:00Z"},
        "fields": {"field": "Member.email"},
        "refusals": {"gte": 1},
    }
    assert LogFilter(outcome="described").as_input == {"outcome": {"eq": "DESCRIBED"}}
    assert LogFilter(outcome="made up").as_input == {}


def test_its_address_has_what_was_asked() -> None:
    assert LogFilter(member="Member:~1", until="2025-01-31").parameters == {
        "member": "Member:~1",
        "until": "2025-01-31",
    }
