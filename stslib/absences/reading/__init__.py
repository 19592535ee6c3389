"""Files that a school brings -> used, repaired and rejected rows.

The path of a file: ``guard`` refuses what is too large or of a wrong kind, ``child`` parses it in a process of its own,
``screen`` judges every row, ``report`` holds what came of it. ``export.read_export`` is the way in.
"""
