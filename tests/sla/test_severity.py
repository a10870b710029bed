"""Which level of a contract serves which kind."""

import pytest

from sla import severity
from sla.terms import Kind
from tests.sla import contract


@pytest.mark.parametrize(
    ("kind", "level"), [(Kind.FAULT, "major"), (Kind.CONSULTATION, "consultation"), (Kind.OTHER, "other")]
)
def test_each_kind_has_its_level(kind: Kind, level: str) -> None:
    """The gravest level of a kind serves it."""
    found = severity.level_of_kind(kind, contract.terms())
    assert found is not None
    assert found.key == level


def test_the_usual_fault_is_the_mildest_one() -> None:
    """What an unclear message is taken for, also where a contract has one fault level only."""
    assert severity.usual_fault(contract.terms()).key == "general"
    assert severity.usual_fault(contract.terms(contract.GOV_CLOUD)).key == "normal"
