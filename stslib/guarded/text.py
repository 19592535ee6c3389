"""The text in a file from outside, as far as it is text."""

from __future__ import annotations

import codecs

from stslib.guarded.answer import RefusedError

_NO_TABLES = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")
_WEB_PAGES = (b"<?xml", b"<!doctype", b"<html", b"<table")


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
