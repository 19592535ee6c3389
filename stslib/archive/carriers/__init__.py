"""What an archive, or the poster of a session, looks like elsewhere: on paper, on a wall, in a workbook."""

from __future__ import annotations

from stslib.archive.carriers.browser import find_browser
from stslib.archive.carriers.pdf import pdf_of
from stslib.archive.carriers.poster import poster_of
from stslib.archive.carriers.workbook import workbook_of

__all__ = ["find_browser", "pdf_of", "poster_of", "workbook_of"]
