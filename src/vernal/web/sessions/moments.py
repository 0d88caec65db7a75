"""Times that people type: the day that a clock time must mean, and a day and time together."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vernal.knowledge.sessions import span

A_DAY = timedelta(days=1)
MINUTES = "%Y-%m-%dT%H:%M"  # as a browser's picker writes it


class MomentField(forms.Field):
    """A day and a time at the clinic: what is told days later has no day of its own."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)
    default_error_messages = {"invalid": gettext_lazy("Give the day and the time.")}

    def __init__(self, zone: ZoneInfo, **options: object) -> None:
        super().__init__(**options)
        self.zone = zone

    def to_python(self, value: str | None) -> datetime | None:
        if value in self.empty_values:
            return None
        day, separator, clock = value.strip().partition("T")
        try:
            at = datetime.fromisoformat(f"{day}T{clock}" if separator else "")
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"]) from None
        return at if at.utcoffset() is not None else at.replace(tzinfo=self.zone)


def clock_field() -> forms.TimeField:
    """Hour and minute alone; the form finds the day."""
    return forms.TimeField(
        required=False,
        label=_("When, if it was not just now"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


def until(told: time, latest: datetime, *, since: datetime | None) -> datetime:
    """The moment of that clock time on the day of `latest` (in the clinic's zone), or on the day
    before where the session was under way then; what is ahead stays ahead, and is refused so."""
    a_little = span("clock_ahead")
    same_day = datetime.combine(latest.date(), told, tzinfo=latest.tzinfo)
    day_before = datetime.combine(latest.date() - A_DAY, told, tzinfo=latest.tzinfo)
    is_ahead = same_day > latest + a_little
    was_there = since is not None and day_before >= since - a_little
    return day_before if is_ahead and was_there else same_day


def nearest(told: time, moment: datetime) -> datetime:
    """The moment of that clock time next to another one: a slip of the pen is no day long."""
    days = (moment.date() + days * A_DAY for days in (-1, 0, 1))
    found = (datetime.combine(day, told, tzinfo=moment.tzinfo) for day in days)
    return min(found, key=lambda each: abs(each - moment))
