"""Focus candidates: parts of a school's absence that a team could choose to work on, side by side (phase 2 of the fiche).

``segments`` counts every part, ``candidates`` keeps those that may be shown and are worth showing.
"""

from stslib.absences.focus.candidates import Focus, FocusCandidate, FocusRules, find_focus

__all__ = ["Focus", "FocusCandidate", "FocusRules", "find_focus"]
