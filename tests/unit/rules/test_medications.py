"""The medication walk and the arithmetic of doses, on a small list and on the real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vernal.knowledge import medications as knowledge
from vernal.rules.conditions import Compare, Unknown
from vernal.rules.findings import Level
from vernal.rules.medications import (
    DiazepamEquivalent,
    DoseFrom,
    DoseRange,
    Ingredient,
    Matches,
    MedicationRule,
    Medicine,
    MedicineTaken,
    SessionDay,
    dose_is_adequate,
    facts_from,
    find_medicine,
    medication_findings,
)
from vernal.rules.medicines import convert, dose_as_typed, still_acts, unit_named

D = Decimal
DAY = date(2026, 11, 24)
ROUTES = ("iv", "sublingual", "nasal", "oral", "im", "sc")
NO_DOSE = Unknown.of("medicine_dose")
DAILY = "benzodiazepine_diazepam_mg_per_day"


def ingredient(name: str, *classes: str) -> Ingredient:
    return Ingredient(name, name, frozenset(classes))


def medicine(name: str = "calmol", *classes: str, **fields: object) -> Medicine:
    fields = {"units": ("mg",), "ingredients": (ingredient(name, *classes),), **fields}
    return Medicine(id=name, version=1, name=name, **fields)  # type: ignore[arg-type]


def taken(of: Medicine | None, dose: str | None = "10", unit: str = "mg", **fields: object):
    return MedicineTaken(
        medicine=of,
        typed_as=fields.pop("typed_as", "something"),  # type: ignore[arg-type]
        dose=D(dose) if dose else NO_DOSE,
        unit=unit,
        times_per_day=fields.pop("times", D(1)),  # type: ignore[arg-type]
        **fields,  # type: ignore[arg-type]
    )


def rule(key: str = "R-1", level: Level = Level.caution, **fields: object) -> MedicationRule:
    fields = {
        "condition": key,
        "title": f"Title of {key}",
        "subject": "taken",
        "about": "medicine",
        "matches": Matches(everything=True),
        "drugs": frozenset({"ketamine", "esketamine"}),
        "levels": dict.fromkeys(ROUTES, level),
        "reason": "Reason.",
        "action": "Action.",
        "sources": (f"source-of-{key}",),
        "standing": "verified",
        **fields,
    }
    return MedicationRule(id=key, version=1, **fields)  # type: ignore[arg-type]


UNLISTED = rule(
    "R-UNLISTED",
    Level.weigh,
    subject="unlisted",
    matches=Matches(),
    when=Compare("medicine_identity", "is", False),
)
NO_LIST = rule(
    "R-LIST",
    Level.weigh,
    subject="list",
    matches=Matches(),
    when=Compare("medicines_listed", "is", False),
)


def judged(entries, *rules, facts=None, drug="ketamine", route="iv", indication="trd"):
    return medication_findings(
        entries,
        facts or {},
        (*rules, UNLISTED, NO_LIST),
        drug=drug,
        route=route,
        indication=indication,
        on=DAY,
    )


def only(entries, *rules, **fields):
    (each,) = judged(entries, *rules, **fields).medicines
    return each


class TestMatching:
    def test_second_ingredient_counts_as_much_as_the_first(self):
        both = medicine(
            "both", ingredients=(ingredient("upperol", "antidepressant"), ingredient("blocker"))
        )

        (finding,) = only([taken(both)], rule(matches=Matches(ingredients={"blocker"}))).found

        assert finding.title == "Title of R-1: both (contains blocker)"

    def test_class_matches_and_an_exception_spares_only_its_own_ingredient(self):
        pair = medicine("pair", ingredients=(ingredient("a", "nsaid"), ingredient("b", "nsaid")))
        nsaid = Matches(classes=frozenset({"nsaid"}), except_ingredients=frozenset({"a"}))

        assert [each.id for each in nsaid.found_in(pair)] == ["b"]
        assert not nsaid.found_in(medicine("a", "nsaid"))

    def test_excepted_class_is_spared(self):
        matches = Matches(classes=frozenset({"opioid"}), except_classes=frozenset({"oat"}))

        assert not matches.found_in(medicine("m", "opioid", "oat"))
        assert matches.found_in(medicine("m", "opioid"))

    def test_together_needs_every_ingredient_in_one_product(self):
        matches = Matches(together=frozenset({"a", "b"}))
        pair = medicine("pair", ingredients=(ingredient("a"), ingredient("b")))

        assert len(matches.found_in(pair)) == 2
        assert not matches.found_in(medicine("a"))

    def test_form_narrows_a_rule(self):
        matches = Matches(everything=True, forms=frozenset({"depot"}))

        assert matches.found_in(medicine(form="depot"))
        assert not matches.found_in(medicine(form="oral"))


class TestScope:
    def test_level_follows_the_route(self):
        by_route = rule(levels={**dict.fromkeys(ROUTES, Level.note), "oral": Level.weigh})

        assert only([taken(medicine())], by_route).found[0].level == Level.note
        assert only([taken(medicine())], by_route, route="oral").found[0].level == Level.weigh

    def test_rule_for_one_drug_or_indication_is_silent_elsewhere(self):
        narrow = rule(drugs=frozenset({"esketamine"}), indications=frozenset({"trd"}))

        assert only([taken(medicine())], narrow, drug="esketamine").found
        assert not only([taken(medicine())], narrow).found
        assert not only(
            [taken(medicine())], narrow, drug="esketamine", indication="chronic_pain"
        ).found

    def test_extra_condition_uses_facts_of_the_patient(self):
        seizures = rule(when=Compare("seizures", "is", True))

        assert only([taken(medicine())], seizures, facts={"seizures": True}).found
        assert not only([taken(medicine())], seizures, facts={"seizures": False}).found
        assert only([taken(medicine())], seizures).unjudged[0].needs == {"seizures"}


class TestOneFindingPerConditionAndMedicine:
    def test_strictest_rule_speaks_and_the_others_are_named(self):
        mild = rule("R-1", Level.note, condition="c")
        strict = rule("R-2", Level.weigh, condition="c")

        (finding,) = only([taken(medicine())], mild, strict).found

        assert finding.level == Level.weigh
        assert finding.rules == (("R-2", 1), ("R-1", 1))
        assert finding.sources == ("source-of-R-2", "source-of-R-1")
        assert finding.condition == "c/calmol"

    def test_same_medicine_typed_twice_is_one_finding(self):
        each = only([taken(medicine()), taken(medicine(), "20")], rule())

        assert len(each.found) == 1
        assert len(each.entries) == 2

    def test_open_question_stays_beside_a_milder_finding(self):
        mild = rule("R-1", Level.note, condition="c")
        open_ = rule("R-2", Level.weigh, condition="c", when=Compare("x", "is", True))

        each = only([taken(medicine())], mild, open_)

        assert [item.level for item in each.found] == [Level.note]
        assert [item.level for item in each.unjudged] == [Level.weigh]

    def test_open_question_that_could_not_be_stricter_is_left_out(self):
        found = rule("R-1", Level.weigh, condition="c")
        open_ = rule("R-2", Level.caution, condition="c", when=Compare("x", "is", True))

        assert not only([taken(medicine())], found, open_).unjudged

    def test_findings_are_gathered_strictest_first(self):
        rules = (rule("R-1", Level.note), rule("R-2", Level.weigh))

        findings = judged([taken(medicine())], *rules).findings

        assert [item.level for item in findings.found] == [Level.weigh, Level.note]


class TestVerdict:
    @pytest.mark.parametrize(
        ("level", "verdict"),
        [(Level.note, "may_continue"), (Level.caution, "with_care"), (Level.weigh, "weigh")],
    )
    def test_verdict_follows_the_strictest_finding(self, level, verdict):
        assert only([taken(medicine())], rule(level=level)).verdict == verdict

    def test_medicine_no_rule_speaks_of(self):
        assert only([taken(medicine())]).verdict == "nothing_found"

    def test_note_about_a_stopped_medicine_does_not_say_that_it_may_continue(self):
        stopped = taken(medicine(acts_after_stop_days=9), stopped_on=DAY)

        each = only([stopped], rule(level=Level.note, subject="stopped"))

        assert (each.subject, each.verdict) == ("stopped", "nothing_found")

    def test_open_question_stricter_than_what_was_found(self):
        open_ = rule(level=Level.weigh, when=Compare("x", "is", True))

        assert only([taken(medicine())], open_).verdict == "cannot_be_judged"

    def test_missing_dose_of_the_entry_alone_leaves_the_verdict(self):
        entry = rule("R-2", Level.weigh, about="entry", when=Compare("x", "is", True))

        each = only([taken(medicine())], rule(level=Level.note), entry)

        assert each.verdict == "may_continue"
        assert each.unjudged

    def test_may_continue_needs_a_rule_that_says_so(self):
        says = rule(level=Level.caution, may_continue=True)

        assert only([taken(medicine())], says).may_continue
        assert not only([taken(medicine())], rule()).may_continue
        assert not only([taken(medicine())], says, rule("R-2", Level.weigh)).may_continue

    def test_advice_for_the_day_is_gathered_once(self):
        hold = SessionDay("hold", "Hold it.", "house")

        each = only(
            [taken(medicine())],
            rule("R-1", session_day=hold),
            rule("R-2", session_day=hold),
            rule("R-3"),
        )

        assert each.session_day == (hold,)


class TestNotKnowing:
    def test_list_nobody_has_taken_is_never_no_findings(self):
        findings = judged(Unknown.of("medicines"), rule())

        (open_,) = findings.findings.unjudged
        assert open_.level == Level.weigh
        assert open_.needs == {"medicines"}
        assert findings.medicines[0].verdict == "cannot_be_judged"

    def test_empty_list_is_an_answer(self):
        assert judged([], rule()).findings.unjudged == ()

    def test_medicine_not_on_the_list_is_never_silent(self):
        each = only([taken(None, typed_as="Little  White pill")], rule())

        assert each.unjudged[0].needs == {"medicine_identity"}
        assert each.unjudged[0].condition == "R-UNLISTED/little white pill"
        assert each.verdict == "cannot_be_judged"

    def test_two_unlisted_medicines_are_two_questions(self):
        entries = [taken(None, typed_as="one"), taken(None, typed_as="two")]

        assert len(judged(entries).findings.unjudged) == 2

    @pytest.mark.parametrize("entries", [Unknown.of("medicines"), [taken(None)]])
    def test_rules_that_would_be_silent_about_it_are_refused(self, entries):
        with pytest.raises(ValueError, match="cannot be judged"):
            medication_findings(
                entries, {}, (rule(),), drug="ketamine", route="iv", indication="trd", on=DAY
            )


class TestUnits:
    @pytest.mark.parametrize(
        ("typed", "unit"),
        [("µg", "mcg"), ("MG", "mg"), ("IU", "units"), ("mL", "mL"), ("tabs.", "tablet")],
    )
    def test_spellings(self, typed, unit):
        assert unit_named(typed) == unit

    def test_conversion(self):
        assert convert(D("0.1"), "mg", "mcg") == D(100)
        assert convert(D(3), "puffs", "puffs") == D(3)
        assert convert(D(3), "puffs", "mg") is None
        assert convert(D(3), "mg", "puffs") is None

    @pytest.mark.slow
    @given(
        st.decimals(min_value="0.000001", max_value="1000000", places=6),
        st.sampled_from(("mcg", "mg", "g")),
        st.sampled_from(("mcg", "mg", "g")),
    )
    def test_conversion_there_and_back_is_exact(self, dose, unit, to):
        assert convert(convert(dose, unit, to), to, unit) == dose

    @pytest.mark.parametrize("wrong", [{"dose": "-1"}, {"times": D(0)}])
    def test_dose_and_times_are_above_zero(self, wrong):
        with pytest.raises(ValueError, match="above zero"):
            taken(medicine(), **wrong)

    def test_range_runs_upwards(self):
        with pytest.raises(ValueError, match="least to most"):
            DoseRange(D(2), D(1), "mg", "day")

    def test_stronger_table_needs_fewer_milligrams(self):
        with pytest.raises(ValueError, match="stronger table"):
            DiazepamEquivalent(D(1), D(2), "verified")


THYROID = medicine(
    "thyroid", units=("mcg", "tablet"), plausible=DoseRange(D("12.5"), D(500), "mcg", "day")
)
WEEKLY = medicine("weekly", plausible=DoseRange(D(1), D(10), "mg", "dose"))


class TestDoseAsTyped:
    @pytest.mark.parametrize(
        ("of", "dose", "unit", "answer"),
        [
            (THYROID, "100", "mcg", "plausible"),
            (THYROID, "0.1", "mg", "plausible"),
            (THYROID, "100", "mg", "other_unit"),
            (THYROID, "100", "puffs", "other_unit"),
            (THYROID, "7000", "mcg", "outside_range"),
            (THYROID, "1", "tablet", "plausible"),
            (THYROID, "100", "", Unknown.of("medicine_unit")),
            (THYROID, None, "mcg", NO_DOSE),
            (WEEKLY, "5", "mg", "plausible"),
            (medicine("plain"), "5000", "mg", "plausible"),
            (medicine("herb", units=()), None, "", "plausible"),
            (None, "5", "mg", Unknown.of("medicine_identity")),
        ],
    )
    def test_answer(self, of, dose, unit, answer):
        assert dose_as_typed(taken(of, dose, unit)) == answer

    def test_range_of_a_day_counts_every_dose(self):
        assert dose_as_typed(taken(THYROID, "200", "mcg", times=D(3))) == "outside_range"

    def test_dose_that_is_not_daily_needs_no_times(self):
        assert dose_as_typed(taken(WEEKLY, "5", times=Unknown.of("t"))) == "plausible"

    def test_daily_dose_names_all_it_needs(self):
        assert taken(THYROID, None, times=Unknown.of("t")).daily_dose.needs == {
            "medicine_dose",
            "t",
        }


class TestStillActing:
    @pytest.mark.parametrize(("days", "acts"), [(0, True), (13, True), (14, False), (-1, True)])
    def test_for_as_many_days_as_the_list_says(self, days, acts):
        entry = taken(medicine(acts_after_stop_days=14), stopped_on=DAY - timedelta(days=days))

        assert still_acts(entry, DAY) is acts

    def test_without_such_days_it_ends_at_once(self):
        assert still_acts(taken(medicine(), stopped_on=DAY), DAY) is False

    def test_unknown_day_or_medicine_is_unknown(self):
        no_day = taken(medicine(acts_after_stop_days=14), stopped_on=Unknown.of("when"))

        assert still_acts(no_day, DAY) == Unknown.of("medicine_stopped_on")
        assert still_acts(taken(None, stopped_on=DAY), DAY) == Unknown.of("medicine_identity")


class TestAdequateDose:
    UPPEROL = medicine("upperol", adequate_daily=DoseFrom(D(50), "mg", "house"))

    @pytest.mark.parametrize(("dose", "adequate"), [("49.9", False), ("50", True)])
    def test_limit_counts(self, dose, adequate):
        assert dose_is_adequate(self.UPPEROL, D(dose), "mg") is adequate

    def test_not_knowing(self):
        assert dose_is_adequate(self.UPPEROL, NO_DOSE, "mg") == NO_DOSE
        assert dose_is_adequate(self.UPPEROL, D(1), "puffs") == Unknown.of("medicine_unit")
        assert dose_is_adequate(medicine(), D(1), "mg") == Unknown.of("medicine_adequate_dose")


LORAZEPAM = medicine(
    "lorazepam", "benzodiazepine", diazepam=DiazepamEquivalent(D(2), D(1), "verified")
)
CLORAZEPATE = medicine(
    "clorazepate", "benzodiazepine", diazepam=DiazepamEquivalent(D(15), D(15), "verified")
)


class TestFacts:
    def test_nothing_is_known_without_a_list(self):
        facts = facts_from(Unknown.of("medicines"), DAY)

        assert set(facts) == set(facts_from([], DAY))
        assert set(facts.values()) == {Unknown.of("medicines")}

    def test_empty_list_answers_everything(self):
        facts = facts_from([], DAY)

        assert facts["takes_maoi"] is False
        assert facts[DAILY] == D(0)

    def test_takes_counts_what_still_acts(self):
        maoi = medicine("m", "maoi", acts_after_stop_days=14)

        assert facts_from([taken(maoi, stopped_on=DAY)], DAY)["takes_maoi"] is True
        long_ago = taken(maoi, stopped_on=DAY - timedelta(days=30))
        assert facts_from([long_ago], DAY)["takes_maoi"] is False

    def test_unidentified_medicine_could_be_anything_unless_another_settles_it(self):
        facts = facts_from([taken(None), taken(medicine("m", "maoi"))], DAY)

        assert facts["takes_maoi"] is True
        assert facts["takes_glp1"] == Unknown.of("medicine_identity")
        assert facts["takes_mood_stabiliser"] == Unknown.of("medicine_identity")
        assert facts[DAILY] == Unknown.of("medicine_identity")

    @pytest.mark.parametrize(
        ("entry", "stabilises"),
        [
            (taken(medicine("lithium", "mood_stabiliser"), None), True),
            (taken(medicine("lithium", "mood_stabiliser"), stopped_on=DAY), False),
            (taken(medicine("other")), False),
        ],
    )
    def test_mood_stabiliser(self, entry, stabilises):
        assert facts_from([entry], DAY)["takes_mood_stabiliser"] is stabilises

    @pytest.mark.parametrize(
        ("dose", "stabilises"), [("25", False), ("300", True), (None, NO_DOSE)]
    )
    def test_antipsychotic_stabilises_only_at_a_dose(self, dose, stabilises):
        quetiapine = medicine(
            "q", "mood_stabiliser", mood_stabiliser_from=DoseFrom(D(300), "mg", "house")
        )

        assert facts_from([taken(quetiapine, dose)], DAY)["takes_mood_stabiliser"] == stabilises

    @pytest.mark.parametrize(
        ("entries", "two"),
        [
            ([], False),
            ([taken(medicine("a", "qt_prolonging"))] * 2, False),
            ([taken(medicine("a", "qt_prolonging")), taken(medicine("b", "qt_prolonging"))], True),
            ([taken(medicine("a", "qt_prolonging")), taken(medicine("b"))], False),
            ([taken(None)], False),
            (
                [taken(None), taken(medicine("a", "qt_prolonging"))],
                Unknown.of("medicine_identity"),
            ),
        ],
    )
    def test_two_medicines_that_lengthen_qt(self, entries, two):
        assert facts_from(entries, DAY)["takes_two_qt_prolonging"] == two

    def test_tables_that_disagree_give_both_ends(self):
        facts = facts_from([taken(LORAZEPAM, "0.5", times=D(2))], DAY)

        assert facts[DAILY] == D(10)
        assert facts[f"{DAILY}_weaker_table"] == D(5)

    def test_sums_of_thirds_are_exact(self):
        thirds = [taken(CLORAZEPATE, "1"), taken(CLORAZEPATE, "11")]

        assert facts_from(thirds, DAY)[DAILY] == D(8)

    def test_known_part_stays_when_a_dose_is_missing(self):
        facts = facts_from([taken(LORAZEPAM, "1"), taken(CLORAZEPATE, None)], DAY)

        assert facts[DAILY] == NO_DOSE
        assert facts[f"{DAILY}_weaker_table"] == NO_DOSE
        assert facts[f"{DAILY}_known_part"] == D(10)

    @pytest.mark.parametrize(
        ("entry", "needs"),
        [
            (taken(LORAZEPAM, "1", "tablet"), "medicine_unit"),
            (taken(medicine("new", "benzodiazepine")), "medicine_diazepam_equivalent"),
        ],
    )
    def test_benzodiazepine_that_cannot_be_converted(self, entry, needs):
        assert facts_from([entry], DAY)[DAILY] == Unknown.of(needs)

    def test_stopped_benzodiazepine_is_not_counted(self):
        assert facts_from([taken(LORAZEPAM, stopped_on=DAY)], DAY)[DAILY] == D(0)


class TestFindMedicine:
    LIST = (
        medicine("sertraline", other_names=("Zoloft",)),
        medicine("dextromethorphan/bupropion", other_names=("Auvelity",)),
        medicine("St. John's wort"),
        medicine("naltrexone depot", other_names=("Vivitrol",)),
    )

    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("  SERTRALINE ", "sertraline"),
            ("zoloft", "sertraline"),
            ("Bupropion / Dextromethorphan", "dextromethorphan/bupropion"),
            ("bupropion and dextromethorphan", "dextromethorphan/bupropion"),
            ("St Johns  Wort", "St. John's wort"),
        ],
    )
    def test_exact(self, typed, name):
        assert find_medicine(typed, self.LIST).exact.name == name

    @pytest.mark.parametrize(
        ("typed", "name"),
        [("sertralin", "sertraline"), ("sert", "sertraline"), ("naltrexone", "naltrexone depot")],
    )
    def test_close_ones_are_offered_and_never_taken(self, typed, name):
        search = find_medicine(typed, self.LIST)

        assert search.exact is None
        assert name in [each.name for each in search.suggestions]

    def test_other_forms_are_offered_beside_an_exact_one(self):
        drops = medicine("drops", ingredients=(ingredient("calmol"),))
        tablet = medicine("calmol", ingredients=(ingredient("calmol"),))

        search = find_medicine("calmol", [tablet, drops])

        assert (search.exact, search.suggestions) == (tablet, (drops,))

    @pytest.mark.parametrize("typed", ["", "  / ", "xyzzy"])
    def test_nothing_like_it(self, typed):
        assert find_medicine(typed, self.LIST).suggestions == ()


MEDICINES = tuple(knowledge.medicines().values())
ENTRIES = st.builds(
    MedicineTaken,
    medicine=st.sampled_from(MEDICINES),
    typed_as=st.just("typed"),
    dose=st.sampled_from((D("0.5"), D(2), D(50), D(400), NO_DOSE)),
    unit=st.sampled_from(("mg", "mcg", "tablet", "")),
    times_per_day=st.sampled_from((D(1), D(3), Unknown.of("medicine_times_per_day"))),
    stopped_on=st.sampled_from((None, None, DAY - timedelta(days=5), Unknown.of("when"))),
)
CHECK = {
    "drug": st.sampled_from(("ketamine", "esketamine")),
    "route": st.sampled_from(ROUTES),
    "indication": st.sampled_from(("trd", "bipolar", "chronic_pain")),
}


def shipped(entries, **check):
    return medication_findings(entries, {}, knowledge.rules(), on=DAY, **check).findings


def by_condition(items) -> dict[str, Level]:
    return {item.condition: item.level for item in items}


@pytest.mark.slow
class TestWhatMustAlwaysHold:
    @settings(deadline=None, max_examples=40)
    @given(st.lists(ENTRIES, max_size=3), ENTRIES, st.fixed_dictionaries(CHECK))
    def test_another_medicine_never_removes_a_finding(self, entries, more, check):
        before = by_condition(shipped(entries, **check).found)
        after = by_condition(shipped([*entries, more], **check).found)

        assert all(after.get(condition, 0) >= level for condition, level in before.items())

    @settings(deadline=None, max_examples=40)
    @given(st.lists(ENTRIES, min_size=1, max_size=3), st.fixed_dictionaries(CHECK))
    def test_missing_dose_never_turns_a_finding_into_silence(self, entries, check):
        without = [replace(entries[0], dose=NO_DOSE), *entries[1:]]

        before = shipped(entries, **check)
        after = shipped(without, **check)

        assert set(by_condition(before.found)) <= {
            *by_condition(after.found),
            *by_condition(after.unjudged),
        }

    @settings(deadline=None, max_examples=40)
    @given(ENTRIES, st.fixed_dictionaries(CHECK))
    def test_missing_identity_is_never_silence(self, entry, check):
        before = shipped([entry], **check)
        after = shipped([replace(entry, medicine=None)], **check)

        strictest = max((item.level for item in before.found), default=Level.note)
        assert max(item.level for item in after.unjudged) >= strictest

    @settings(deadline=None, max_examples=40)
    @given(st.lists(ENTRIES, max_size=4), st.fixed_dictionaries(CHECK))
    def test_one_finding_for_each_condition_and_medicine(self, entries, check):
        findings = shipped(entries, **check)

        for items in (findings.found, findings.unjudged):
            assert len(by_condition(items)) == len(items)
