"""Files that a school brings -> used, repaired and rejected rows.

The path of a file: ``guard`` refuses what is too large or of a wrong kind; ``plain`` splits the plainest texts, ``child``
parses all else in a process of its own; ``layout`` finds headers and shape, ``headers`` knows their names. ``whole_rows``
judges what holds for a row, then ``half_days``, ``periods``, ``matrix`` or ``totals`` what it says in its shape; ``screen``
sums up, ``findings`` tells, ``report`` holds what came of it. ``export.read_export`` is the way in, ``preview.preview_export``
shows a file before that; ``reconcile`` explains a school's own total, ``give_back`` writes rejected rows beside their reason.
"""
