"""The letter to a member: who was shown what of them, when, for what and on which basis (GDPR article 15).

It names organisations and never a person. It has no name of an operation, because a requester chooses that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString

from gateway.log.organisations import organisation_names
from gateway.log.search import Window
from gateway.log.snapshot import log_snapshot
from gateway.policy.in_force import activated_policies, current_policy
from gateway.reports.report import Report, ReportTable
from gateway.reports.telling import may_be_told_sql
from gateway.reports.usage import UsedPlan, clauses_table, in_categories, used_plans
from resolvers.sql.pieces import name, sql
from schema.access_record import ANNOUNCED, NOT_KNOWN
from schema.catalog import Catalog
from schema.identities import Identity
from schema.policy.grants import Policy
from schema.policy.sentences import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterScope:
    """Whose letter, of which time, and without which legal instruments."""

    member: Identity
    window: Window
    withheld: Sequence[str]
    """References of instruments of which the member must not be told, whatever the marketplace's own table says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Access:
    """Accesses of one day that showed the same of a member to the same recipient."""

    day: date
    role: str
    purpose: str
    organisation: Identity | None
    is_own: bool
    reference: str | None
    plan: Any
    classes: str
    is_in_doubt: bool
    """Whether it is a change that was announced, and not known to have been made."""
    times: int


_ACCESSES: Final[LiteralString] = """\
with call as (select {}), found as materialized (
    select id, at, role, purpose, organisation_id, member_id, reference, plan, subjects, shown,
        outcome <> 'ANSWERED' as is_in_doubt
    from veil.access_record record
    where subjects @> $5 and (outcome in ('ANSWERED', $6) or outcome = $7
        and not exists (select from veil.access_record ended where ended.id = record.announces::uuid))
)
select (at at time zone 'UTC')::date as day, role, purpose, organisation_id as organisation,
    coalesce(member_id = $1, false) as is_own, reference, plan,
    case when strpos(shown, ' ') > 0 then split_part(shown, ' ', array_position(subjects, $1)) else shown end as classes,
    is_in_doubt, count(*) as times
from found cross join call
where at >= coalesce($2::timestamptz, '-infinity') and at <= coalesce($3::timestamptz, 'infinity')
  and (at < $3) is not false and (reference <> all($4::text[])) is not false and {}
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
order by 1, 2, 3, 4, 5, 6, 7, 8, 9"""

_IN_DOUBT: Final = "announced, and not known whether it was done: "


async def letter(connection: Any, catalog: Catalog, scope: LetterScope) -> Report:
    """The letter. Raises `PolicyError` if no policy in force can be read."""
    window = scope.window
    asked = sql(_ACCESSES, *await may_be_told_sql(connection, catalog, "found"))
    async with log_snapshot(connection):
        await connection.fetchval(
            "select set_config('search_path', $1, true)", f"pg_catalog, {name(catalog.marketplace.schema).text}"
        )
        rows = await connection.fetch(
            asked.text,
            scope.member,
            window.since,
            window.until,
            list(scope.withheld),
            [scope.member],
            NOT_KNOWN,
            ANNOUNCED,
        )
        accesses = [_Access(**dict(row)) for row in rows]
        plans = await used_plans(connection, (each.plan for each in accesses))
        named = await organisation_names(
            connection, catalog, [each.organisation for each in accesses if each.organisation]
        )
        policies = await activated_policies(connection, catalog)
        current = await current_policy(connection, catalog)
    told = _Telling(catalog=catalog, plans=plans, organisations=named, policy=current)
    cited = [
        (plans[each.plan].policy, clause)
        for each in accesses
        if each.plan in plans
        for shown in plans[each.plan].shown(each.classes)
        for clause in shown.clauses
    ]
    return Report(
        title=f"Who was shown data of member {scope.member}",
        paragraphs=list(_paragraphs(scope, current)),
        tables=(
            told.summary([each for each in accesses if not each.is_in_doubt]),
            told.days(accesses),
            clauses_table(cited, policies),
        ),
    )


def _paragraphs(scope: LetterScope, policy: Policy | None) -> Sequence[str]:
    since, until = scope.window.since, scope.window.until
    start = f"from {since:%-d %B %Y %H:%M} " if since else "from the beginning "
    end = f"until {until:%-d %B %Y %H:%M} " if until else "until today "
    return [
        f"This letter is about the time {start}{end}(UTC).",
        "It says on which days data of the member were in an answer: to whom, for which purpose, which data, on which basis.",
        "A basis is a clause of the privacy policy, or a legal instrument. The clauses are explained at the end.",
        "Data shown in part cannot be recognised as a whole. A pseudonym is another one for each recipient.",
        "Where nothing was shown, the member was counted, or looked at while a list was made.",
        f"Questions go to {policy.contact}." if policy else "Questions go to the marketplace.",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """Puts accesses into words."""

    catalog: Catalog
    plans: Mapping[Any, UsedPlan]
    organisations: Mapping[Identity, str]
    policy: Policy | None

    def summary(self, accesses: Sequence[_Access]) -> ReportTable:
        """By recipient and purpose."""
        groups: dict[tuple[str, str], list[_Access]] = {}
        for each in accesses:
            groups.setdefault((self._recipient(each), in_words(each.purpose)), []).append(each)
        rows = [
            (*group, sum(each.times for each in found), f"{found[0].day}", f"{found[-1].day}", self._data(found))
            for group, found in sorted(groups.items())
        ]
        columns = ("recipient", "purpose", "times", "first", "last", "data")
        return ReportTable(heading="In short", columns=columns, rows=rows, empty="nobody was shown anything")

    def days(self, accesses: Sequence[_Access]) -> ReportTable:
        """By day."""
        rows = [
            (
                f"{each.day}",
                self._recipient(each),
                in_words(each.purpose),
                each.times,
                f"{_IN_DOUBT if each.is_in_doubt else ''}{self._data([each])}",
                self._basis(each),
            )
            for each in accesses
        ]
        columns = ("day", "recipient", "purpose", "times", "data", "basis")
        return ReportTable(heading="Day by day", columns=columns, rows=rows, empty="nobody was shown anything")

    def _recipient(self, access: _Access) -> str:
        if access.is_own:
            return "the member"
        role = self.catalog.marketplace.role_named(access.role)
        if role and role.is_own:
            # Of staff nobody is told who, nor who oversees them.
            return self._description(self.catalog.marketplace.own_role)
        if access.organisation is None:
            return "another member" if role and role.is_member else "the public"
        named = self.organisations.get(access.organisation, f"organisation {access.organisation}")
        return f"{named} ({self._description(access.role)})"

    def _description(self, role: str) -> str:
        """Who a role is. A role is a text too, and compares as one."""
        descriptions = {
            str(each): words.description
            for each, words in (self.policy.role_descriptions.items() if self.policy else ())
        }
        return descriptions.get(role, in_words(role))

    def _data(self, accesses: Sequence[_Access]) -> str:
        shown = [
            (field, each.treatment)
            for access in accesses
            if access.plan in self.plans
            for each in self.plans[access.plan].shown(access.classes)
            for field in each.fields
        ]
        return ". ".join(in_categories(shown, self.catalog)) or "nothing was shown"

    def _basis(self, access: _Access) -> str:
        plan = self.plans.get(access.plan)
        clauses = dict.fromkeys(
            clause for each in (plan.shown(access.classes) if plan else ()) for clause in each.clauses
        )
        instrument = [f"instrument {access.reference}"] if access.reference else []
        return ", ".join([*clauses, *instrument]) or "–"
