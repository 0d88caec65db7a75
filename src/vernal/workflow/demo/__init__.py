"""The demo clinic: made-up people, one at each step, built through the same acts as real ones."""

from vernal.workflow.demo.clinic import LOGINS, load

__all__ = ["LOGINS", "load"]
