"""What keeps a dose away, or a patient here, in sentences: how it stands, then why it is asked.

The title of a gate is what must hold, that of a screened condition what must not be.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from vernal.knowledge import monitoring
from vernal.rules.findings import Finding, Unjudged
from vernal.rules.sessions import Criterion
from vernal.workflow.spoken import spoken


def is_hazard(each: Finding | Unjudged) -> bool:
    """Whether its title names what must not be: a rule of the screening gave it, also where it is
    told in one line with the gate that stands for it."""
    return all(each.title != gate.title for gate in monitoring.of_kind("gate"))


def why_no_dose(each: Finding | Unjudged) -> str:
    """One thing that keeps a dose away, as a sentence."""
    title = {"title": spoken(each.title)}
    if is_hazard(each):
        ruled_out = _("%(title)s: not ruled out yet.")
        return (ruled_out if isinstance(each, Unjudged) else _("%(title)s.")) % title
    known = _("%(title)s: not so.")
    return (_("%(title)s: not known yet.") if isinstance(each, Unjudged) else known) % title


def still_open(criterion: Criterion) -> str:
    """One thing that keeps a patient here, as a sentence."""
    words = {"title": spoken(criterion.title), "reason": spoken(criterion.reason)}
    if criterion.is_told:
        return _("%(title)s: %(reason)s") % words
    return _("%(title)s (why: %(reason)s)") % {**words, "reason": words["reason"].rstrip(".")} + "."
