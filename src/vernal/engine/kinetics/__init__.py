"""Dose to concentration: compartment models, regimens, exact solutions, the band across models.

Time is hours, amounts are mg of base, concentrations ng/mL of base.
"""
