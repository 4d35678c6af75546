"""When the rental shows what it holds."""

from schema.conditions import Condition, IsRequester, IsWord, SubjectHas, SubjectIsRequester

OWN = Condition(name="OWN", phrase="the renter is the requester", holds_if=SubjectIsRequester())

IN_REPAIR = Condition(
    name="IN_REPAIR",
    phrase="a tool of the renter is in repair with the requester",
    holds_if=SubjectHas(
        table="repair",
        subject="renter",
        where=(IsRequester("workshop"), IsWord("state", ("in",), ("in", "done"))),
    ),
)

CONDITIONS = (OWN, IN_REPAIR)
