"""What is done around a change of shift: the hand-over card, the check before a shift, and swaps."""

from datetime import timedelta
from typing import Self

from pydantic import Field, field_validator, model_validator

from sla.profile.fields import GROUP, Duration, Selector, Table


class HandoverTable(Table):
    """How shifts change.

    - ``lead``: so long before the end of a shift its person gets the hand-over card; without it there are no cards.
    - ``remind_every``: a card, or an order to stand in, that nobody accepts is sent again at these intervals.
    - ``repeats_before_then``: so many times, before those named by ``then`` are told.
    - ``then``: who is told of what nobody accepted, and of shifts that may stay empty. Roles, not groups.
    - ``check_before``: so long before a shift its person is asked to press a button; without it nobody is asked.
    - ``answer_by``: whoever has not pressed so long before the shift is looked for by other ways.
    - ``swap_by``: a request to swap that is not answered so long before the earlier of the shifts expires.
    """

    lead: Duration | None = None
    remind_every: Duration = timedelta(minutes=15)
    repeats_before_then: int = Field(default=2, ge=0)
    then: tuple[Selector, ...] = ("technical_lead", "project_manager")
    check_before: Duration | None = None
    answer_by: Duration = timedelta(minutes=10)
    swap_by: Duration = timedelta(minutes=30)

    @field_validator("then")
    @classmethod
    def _people(cls, then: tuple[str, ...]) -> tuple[str, ...]:
        if not then or any(selector.startswith(GROUP) for selector in then):
            raise ValueError('then 应为角色，例如 ["technical_lead", "project_manager"]，不能是群')
        return then

    @field_validator("remind_every")
    @classmethod
    def _not_all_the_time(cls, every: timedelta) -> timedelta:
        if every < timedelta(minutes=1):
            raise ValueError("remind_every 不能短于 1 分钟")
        return every

    @model_validator(mode="after")
    def _there_is_time_to_answer(self) -> Self:
        if self.check_before is not None and self.answer_by >= self.check_before:
            raise ValueError("answer_by 应短于 check_before，否则来不及回答")
        return self
