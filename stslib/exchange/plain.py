"""Text that any program can take in: no signs that files cannot hold, one kind of line end."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")


def plain_text(text: str) -> str:
    """*text* with every line end as a line feed, without control characters; what no file can hold becomes U+FFFD.

    Doing it twice changes nothing more. Emoji, joiners and marks of direction stay.
    """
    return _BROKEN.sub("\ufffd", _UNFIT.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """``plain_text`` on one line, with single spaces."""
    return " ".join(plain_text(text).split())


def same_words(text: str) -> str:
    """What two texts share when they read alike: case, spacing and the way letters are composed do not count."""
    return unicodedata.normalize("NFC", one_line(text).casefold())
