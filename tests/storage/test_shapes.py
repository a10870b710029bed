"""Values to JSON and back, and text that every database can keep."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla import events
from sla.terms import Clock
from sla.ticket import Ask, AskKind, Hold, HoldKind, Rung, Stage, Ticket
from storage import ledger, shapes
from storage.columns import instant, microseconds
from tests.storage import samples
from tests.storage.samples import NOW, minutes


def rich() -> Ticket:
    """A ticket in which every kind of field is filled."""
    return samples.ticket(
        stage=Stage.EN_ROUTE,
        handlers=("engineer-1", "engineer-2"),
        holds=(Hold(kind=HoldKind.PAUSE, began_at=NOW, ended_at=minutes(3), reason="等备件", confirmed=True),),
        asks=(Ask(kind=AskKind.LOWER_LEVEL, by="engineer-1", at=NOW, version=2, value="general"),),
        rungs={Clock.RESPONSE: Rung(clock=Clock.RESPONSE, warned=2, breached_at=minutes(11))},
        record={"cause_analysis": "电源老化"},
        satisfied=False,
    )


def test_a_ticket_survives() -> None:
    """What was dumped and went through JSON text is loaded as an equal ticket."""
    data = json.loads(shapes.canonical(shapes.dump(rich())))
    assert shapes.load(Ticket, data) == rich()


@pytest.mark.parametrize("fact", events.FACTS, ids=ledger.kind_of)
def test_every_fact_can_be_loaded(fact: type[events.Deed]) -> None:
    """No fact has a field that JSON cannot hold."""
    known: dict[str, object] = {"at": NOW.isoformat(), "by": "reporter-1", "kind": "fault", "clock": "arrival"}
    times = {"received_at": NOW.isoformat(), "due_at": NOW.isoformat()}
    data = {name: (known | times).get(name, "") for name in fact.__dataclass_fields__}
    loaded = shapes.load(fact, data)
    assert shapes.load(fact, shapes.dump(loaded)) == loaded


def test_times_are_written_in_utc() -> None:
    """A time of another zone is the same instant, written in UTC."""
    beijing = datetime(2026, 11, 21, 10, 30, tzinfo=timezone(timedelta(hours=8)))
    dumped = shapes.dump(samples.ticket(reported_at=beijing))
    assert dumped["reported_at"] == "2026-11-21T02:30:00+00:00"
    assert shapes.load(Ticket, dumped).reported_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody can say which instant it is."""
    with pytest.raises(ValueError, match="zone"):
        shapes.dump(samples.ticket(reported_at=datetime(2026, 11, 21)))  # noqa: DTZ001 -- that is the mistake


def test_older_rows_stay_readable() -> None:
    """A key that the class has no more is ignored, one that it has since takes the default."""
    data = shapes.dump(rich())
    del data["reopened"], data["rungs"]
    loaded = shapes.load(Ticket, {**data, "mood": "calm"})
    assert (loaded.reopened, loaded.rungs) == (0, {})


SINCE = ("onsite_requested_at", "visit_waived_by", "interrupted", "progress_at")


def test_a_ticket_that_was_kept_before_visits_could_be_asked_for_is_readable() -> None:
    """Nothing was asked for, nothing waived, no meeting held, and nobody will be asked for a report."""
    ticket = samples.ticket(acknowledged_at=NOW, onsite_requested_at=NOW, visit_waived_by="officer-1", progress_at=NOW)
    data = {name: value for name, value in shapes.dump(ticket).items() if name not in SINCE}
    loaded = shapes.load(Ticket, data)
    assert [getattr(loaded, name) for name in SINCE] == [None] * len(SINCE)
    assert loaded.acknowledged_at == NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Fields that a ticket does not have."""

    clocks: frozenset[Clock] = frozenset()
    maybe: Rung | None = None
    names: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def test_sets_are_written_in_one_order() -> None:
    """Equal sets are equal texts."""
    sets = Sets(clocks=frozenset({Clock.RESPONSE, Clock.ARRIVAL}), names={"a": (1, 2)})
    assert shapes.dump(sets)["clocks"] == ["arrival", "response"]
    assert shapes.load(Sets, shapes.dump(sets)) == sets


def test_what_json_cannot_tell_is_refused() -> None:
    """A field whose kind could not be told on the way back is found when it is first used."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Vague:
        value: datetime | Rung

    with pytest.raises(TypeError, match="which"):
        shapes.load(Vague, {})
    with pytest.raises(TypeError, match="no JSON"):
        shapes.dump(samples.ticket(record={"a": object()}))
    with pytest.raises(TypeError, match="key"):
        shapes.dump(samples.ticket(record={1: "a"}))


def test_the_canonical_text_is_one_text() -> None:
    """Keys in order, no spaces, Chinese as it is, no number that is none."""
    assert shapes.canonical({"b": [1, None], "a": "屏"}) == '{"a":"屏","b":[1,null]}'
    with pytest.raises(ValueError, match="JSON"):
        shapes.canonical(float("nan"))


@given(st.text(st.characters()))
def test_any_text_becomes_storable(text: str) -> None:
    """Only what no database can keep is replaced, and what is storable stays as it is."""
    stored = shapes.storable(text)
    stored.encode()
    assert "\0" not in stored
    assert shapes.storable(stored) == stored
    if "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert stored == text


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_keep_their_microseconds(time: datetime) -> None:
    """The stored number gives back the very instant."""
    assert instant(microseconds(time)) == time
