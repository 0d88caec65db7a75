"""Reviewed clinical files and the only code that reads them.

Each step has a module with the shape of its files and the functions that return them as values
of `vernal.rules` and `vernal.engine`: `knowledge.screening.rules()`.
"""

from vernal.knowledge.load import ContentError, version

__all__ = ["ContentError", "version"]
