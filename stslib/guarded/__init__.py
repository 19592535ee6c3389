"""A file from outside is read by a process that may die, within limits that the caller sets.

``parent`` starts that process and says what came of it; ``child`` is what the process does around the parsing; ``answer`` is
what goes between them, a refusal included. ``workbook`` and ``text`` know the files themselves, ``sentences`` says a refusal in
Dutch. Which columns matter, and what a row means, is the business of who reads: nothing here knows.

The process runs without ``site``, so all but ``parent`` and ``sentences`` get by on the standard library and on each other.
``workbook`` and the parser behind it are for a script to import once there is a workbook: they take longer than the rest.
"""
