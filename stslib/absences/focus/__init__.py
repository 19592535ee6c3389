"""Focus candidates: parts of a school's absence that a team could choose to work on, side by side (phase 2 of the fiche).

``segments`` counts every part, ``shown`` says which may be shown, ``candidates`` keeps those that are worth showing.
"""

from stslib.absences.focus.candidates import find_focus
from stslib.absences.focus.model import Focus, FocusCandidate, FocusRules

__all__ = ["Focus", "FocusCandidate", "FocusRules", "find_focus"]
