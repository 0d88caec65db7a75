"""The part of “My care” that tells of past sessions, and of the first day after the newest."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vernal.web.parts import day
from vernal.workflow.queries import AdviceLine, MyCourse


@dataclass(frozen=True)
class MyCoursePart:
    here: str
    past: list[str]
    advice_title: str
    advice: tuple[AdviceLine, ...]


def my_course_part(course: MyCourse) -> MyCoursePart:
    return MyCoursePart(
        here=_("Session %(number)s is today, and you have arrived.") % {"number": course.here}
        if course.here
        else "",
        past=[_past(each.number, day(each.on), each.was_given) for each in course.past],
        advice_title=_("Tonight and tomorrow, after session %(number)s") % {"number": course.after}
        if course.after
        else "",
        advice=course.advice,
    )


def _past(number: int, on: str, was_given: bool) -> str:
    words = {"number": number, "day": on}
    if was_given:
        return _("Session %(number)s: you had it on %(day)s") % words
    return _("Session %(number)s, %(day)s: no dose was given") % words
