"""Correcting an entry: the form asks what the entry answered, and keeps what it does not ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vernal.knowledge.facts import facts
from vernal.rules.sessions import Entry, Kind
from vernal.rules.sessions.payloads import SCALES
from vernal.web.sessions.entries import title_of, typed
from vernal.web.sessions.forms import TOLD, EventForm
from vernal.web.sessions.moments import nearest
from vernal.web.sessions.submitting import options
from vernal.workflow.queries import SessionView


class CorrectionForm(EventForm):
    """What an entry should say, or that it should not stand at all."""

    def __init__(self, entry: Entry, **options: Any) -> None:
        self.entry = entry
        super().__init__(entry.kind, **options)
        self.fields["why"] = forms.CharField(
            label=_("Why it is corrected"), widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields["strike"] = forms.BooleanField(
            label=_("Strike it out: it did not happen"), required=False
        )

    def correction(self) -> dict[str, Any]:
        reason = {"reason": self.cleaned_data["why"]}
        if self.cleaned_data["strike"]:
            return reason
        return {**reason, "replacement": self.entries()[0].payload}

    def payload(self) -> dict[str, Any]:
        """What was typed, beside what the entry says and this form does not ask."""
        told = super().payload()
        if kept := self.entry.payload.get("answers"):
            told["answers"] = {**kept, **told.get("answers", {})}
        return told

    def _scales(self) -> Iterable[str]:
        """The one the entry is of: another score is another entry."""
        return [name for name in SCALES if name == self.entry.payload.get("scale")]

    def _moment(self, told: time) -> datetime:
        """A time that was left as it is stays to the second; another is one near the entry's."""
        known = self.entry.payload.get(TOLD)
        if known is not None and f"{told:%H:%M}" == self.initial.get(TOLD):
            return known
        return nearest(told, self.entry.at.astimezone(self.zone))


def correction_form(
    entry: Entry, view: SessionView, *, at: datetime, data: Mapping[str, Any] | None
) -> CorrectionForm:
    known = options(entry.kind, view, at=at)
    answered = entry.payload.get("answers", {})
    asked = dict.fromkeys((*known["questions"], *answered))
    known["questions"] = tuple(name for name in asked if name in facts())
    if entry.kind == Kind.alarm_acknowledged:  # it stays about the alarms it was about
        known["names"] = [(name, title_of(name)) for name in entry.payload.get("rules", ())]
    initial = typed(entry, view.head.site.time_zone)
    return CorrectionForm(entry, data=data, initial=initial, **known)
