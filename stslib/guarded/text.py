"""What a file from outside is by how it starts, and its text as far as it is text."""

from __future__ import annotations

import codecs

from stslib.guarded.answer import RefusedError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")
_WEB_PAGES = (b"<?xml", b"<!doctype", b"<html", b"<table")


def is_workbook(content: bytes) -> bool:
    """Whether *content* is packed as a workbook is; otherwise it may be text.

    Raises:
        RefusedError: ``empty`` or ``old_workbook``.
    """
    if not content.strip():
        raise RefusedError("empty")
    if content.startswith(_OLE):
        raise RefusedError("old_workbook")
    return content.startswith(b"PK")


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16 with its mark, or what Windows writes in Western Europe.

    Raises:
        RefusedError: ``binary`` or ``web_page``.
    """
    start = content[:2048].lstrip().lower()
    if start.startswith(_NO_TABLES):
        raise RefusedError("binary")
    if start.startswith(_WEB_PAGES):
        raise RefusedError("web_page")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "utf-16"
    if b"\x00" in content:
        raise RefusedError("binary")
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252"), "cp1252"
        except UnicodeDecodeError:
            return content.decode("latin-1"), "latin-1"
