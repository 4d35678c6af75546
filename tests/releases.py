"""Releases of figures that tests read: made up, so that nothing of them is by chance.

A real release is drawn with noise, so no answer that is compared to the byte could stand on one.
"""

import re
from pathlib import Path
from typing import Any

from gateway.policy import in_force
from schema.catalog import Catalog

MONTHS = ("2026-04", "2026-05", "2026-06")

# Members, count and sum of each cell in its first month; each month after it has a tenth more.
CELLS = """\
('order_fact', 'CNY', '', null, 180, 240, 12600000), ('order_fact', 'CNY', 'month', '$month', 60, 70, 3000000.5),
('order_fact', 'CNY', 'status', 'DELIVERED', 140, 190, 9900000), ('order_fact', 'CNY', 'status', 'SHIPPED', 30, 30, 810),
('order_fact', 'CNY', 'country', 'CN', 60, 80, 4000000), ('order_fact', 'CNY', 'country', null, 20, 20, 7),
('order_fact', 'CNY', 'category', 'Odd "words", \\ and 数据', 10, 10, 0),
('order_fact', 'USD', '', null, 120, 150, 1500000), ('order_fact', 'USD', 'country', 'US', 50, 70, 640000),
('order_fact', 'USD', 'status', 'DELIVERED', 90, 110, 1100000),
('visit_fact', '', '', null, 690, 1200, 23000), ('visit_fact', '', 'month', '$month', 100, 110, 2000),
('visit_fact', '', 'browser', 'Chrome', 340, 560, 7000), ('visit_fact', '', 'browser', 'Safari', 220, 280, 3100),
('visit_fact', '', 'country', 'CN', 150, 290, 5000), ('visit_fact', '', 'operating_system', 'Windows', 230, 230, 6100),
('buyer_fact', '', '', null, 810, 810, 2180), ('buyer_fact', '', 'country', 'CN', 100, 100, 317),
('buyer_fact', '', 'category', 'Apparel', 110, 110, 0), ('buyer_fact', '', 'category', null, 40, 40, 31)"""


async def activate_for_few(connection: Any, catalog: Catalog, directory: Path) -> str:
    """Puts a policy in force with the largest budget there may be, so that sixty members are enough; its version."""
    text = catalog.marketplace.first_policy.read_text("utf-8")
    for key, value in {"version": '"for-few"', "epsilon": "50", "months": "36", "share": "0.33"}.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    file = directory / "for-few.toml"
    file.write_text(text, "utf-8")
    await in_force.activate(connection, str(file), catalog, "a test")
    return "for-few"


async def store(connection: Any) -> None:
    """Stores the releases of three months."""
    for late, month in enumerate(MONTHS):
        await connection.execute(
            "insert into veil.figure_release (month, policy, record) values ($1, '2012-06-11', gen_random_uuid())",
            month,
        )
        await connection.execute(
            "insert into veil.figure (facts, unit, dimension, month, key, members, count, sum)"
            " select facts, unit, dimension, $1, key, members * (10 + $2) / 10, count * (10 + $2) / 10, sum * (10 + $2) / 10"
            f" from (values {CELLS.replace('$month', month)})"
            " as cell (facts, unit, dimension, key, members, count, sum)",
            month,
            late,
        )
