"""The page of the record of processing (GDPR article 30): what the policy grants, beside what was used of it; prints, and CSV.

Made of what the log has counted of sealed records, a calendar year at a time.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from starlette.responses import Response

from gateway.pages.csv_files import csv_headers
from gateway.pages.desk.log_lists import planned_operations, uses_between
from gateway.pages.desk.officer import OVERSIGHT, OfficerView
from gateway.pages.visiting import PageVisit
from gateway.reports.processing import Processing, ProcessingUse, record_of_processing
from gateway.reports.report import Report
from gateway.reports.usage import RecordedClass, UsedPlan
from gateway.reports.writing import ReportFormat, write_report

_YEAR: Final = re.compile("2[0-9]{3}")
_TABLES: Final = ("recipients", "granted", "unused", "earlier", "transfers", "clauses")
"""What the strings call the report's tables, in their order."""


async def processing_record_page(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessUses"):
        return visit.page("desk/who_has_seen.html", has_log=False)
    year = _asked_year(visit)
    report = await _report(visit, view, year)
    return visit.page(
        "desk/processing.html",
        year=year,
        is_last=year >= datetime.now(UTC).year,
        policy=view.compiler.policy,
        tables=list(zip(_TABLES, report.tables, strict=True)),
    )


async def processing_record_csv(visit: PageVisit) -> Response:
    view = await OfficerView.of(visit, OVERSIGHT)
    if not view.shows("Query", "accessUses"):
        return await processing_record_page(visit)
    year, written = _asked_year(visit), io.StringIO()
    write_report(await _report(visit, view, year), ReportFormat.CSV, written)
    return Response(written.getvalue(), headers=csv_headers(f"record-of-processing-{year}"), media_type="text/csv")


def _asked_year(visit: PageVisit) -> int:
    """The year of the address; this one where it names none."""
    named = visit.parameter("year") or ""
    return int(named) if _YEAR.fullmatch(named) else datetime.now(UTC).year


async def _report(visit: PageVisit, view: OfficerView, year: int) -> Report:
    used = await uses_between(visit, date(year, 1, 1).isoformat(), date(year + 1, 1, 1).isoformat())
    processing = Processing(
        used=[_use(each) for each in used if each["plan"]],
        plans={each["id"]: _plan(each) for each in await planned_operations(visit, with_classes=True)},
        period=visit.words("processing.year", year=str(year)),
    )
    return record_of_processing(view.compiler.policy, visit.ground.catalog, processing)


def _use(counted: Mapping[str, Any]) -> ProcessingUse:
    return ProcessingUse(
        plan=counted["plan"]["id"],
        classes=counted["classes"],
        answers=counted["answers"],
        crossing=counted["crossBorder"],
        last=datetime.fromisoformat(counted["last"]),
    )


def _plan(planned: Mapping[str, Any]) -> UsedPlan:
    return UsedPlan(
        role=planned["role"],
        purpose=planned["purpose"],
        policy=planned["policy"],
        fields=dict.fromkeys(planned["fields"], ""),
        classes=[
            RecordedClass(
                fields=tuple(each["fields"]), treatment=each["treatment"], clauses=tuple(each["clauses"] or ())
            )
            for each in planned["classes"]
        ],
    )
