"""Doses, weights, volumes, rates and times: exact decimals, and units that never mix silently.

Substance is part of a dose: racemic ketamine and esketamine, base and hydrochloride are four
different units (`units.dose`). Each conversion has one named function.
"""
