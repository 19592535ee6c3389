"""The saved answers of the session that a page is asked for, made beside the event loop. Imports nothing heavy until then."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from stslib.errors import StsError

if TYPE_CHECKING:
    from stslib.server.saved.pages import SavedPages

log = logging.getLogger("stslib.server")


class SavedText:
    """Reads the journal of one data folder for the first response of its pages.

    Reading happens in one thread of its own: the event loop goes on, and the journal is never read by two at once.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sts-text")
        self._pages: SavedPages | None = None

    async def of(self, page: str, query: str) -> bytes:
        """The text of *page* as a piece of HTML in UTF-8, ready to be sent.

        Args:
            page: the route of an app.
            query: what stands behind the ``?`` of its address, without the token.

        Returns:
            Nothing for a page without such text, for an unknown session, and when the journal or the content cannot be read:
            the page then tells it itself, once its kernel answers.
        """
        asked = dict(parse_qsl(query, keep_blank_values=True))
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._made, page, asked.get("sessie", ""))

    def warm_up(self) -> None:
        """Read ahead what every page needs, beside the event loop; faults are told when a page is asked for."""
        self._reader.submit(self._made, "", "")

    def close(self) -> None:
        """Start no reading any more."""
        self._reader.shutdown(wait=False, cancel_futures=True)

    def _made(self, page: str, session: str) -> bytes:
        try:
            if self._pages is None:
                from stslib.server.saved.pages import SavedPages

                self._pages = SavedPages(self._data)
                self._pages.warm_up()
            return self._pages.text(page, session)
        except StsError:
            return b""
        except Exception as error:
            # The text of an error may hold what somebody typed.
            log.error("De bewaarde antwoorden van %s konden niet vooraf getoond worden (%s).", page, type(error).__name__)
            return b""
