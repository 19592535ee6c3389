"""The published indicators: one module each, pure Narwhals expressions over the tables of ``stslib.absences.tables``.

``enrolled``: (school,) pupil, start_year, first, last, class, grade, year, stream, level, a row per pupil and stay in a class.
``calendar``: (school,) start_year and ``calendar.CALENDAR_COLUMNS``, a row per possible half day.
``facts``: the columns of both, with code, subcode and status, a row per half day that has a code.

No engine derives a number from a date of its own: weeks, weekdays and distances to holidays come from the calendar table.
"""
