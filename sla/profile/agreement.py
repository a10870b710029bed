"""What has to hold between the tables of one profile."""

from collections.abc import Collection, Iterable

from sla.profile.papers import DeliverableRow
from sla.profile.scoring import ScoringTable
from sla.profile.values import Keyed, once_each


def rows(**tables: Iterable[Keyed]) -> None:
    """Within a table every key stands once."""
    for name, table in tables.items():
        try:
            once_each(table)
        except ValueError as error:
            raise ValueError(f"{name} 中 {error}") from error


def scored(scoring: ScoringTable | None, levels: Collection[str], deliverables: Iterable[DeliverableRow]) -> None:
    """A score names levels and papers of this contract, and a paper names items of the score."""
    items = {item.key for item in scoring.items} if scoring else set()
    for paper in deliverables:
        if paper.missing_item and paper.missing_item not in items:
            raise ValueError(
                f"deliverables 中 {paper.key} 的 missing_item “{paper.missing_item}” 不是 scoring.items 中的一项"
                f"；可用：{'、'.join(sorted(items))}"
            )
    if scoring is None:
        return
    named = {
        "scoring.repair_rate_severities": scoring.repair_rate_severities,
        "scoring.total_deduction.levels": scoring.total_deduction.levels,
    }
    for key, severities in named.items():
        strange = [level for level in severities if level not in levels]
        if strange:
            raise ValueError(f"{key} 中的 “{strange[0]}” 不是 levels 中的级别；可用：{'、'.join(levels)}")
