"""What a file from outside is by how it starts, and its text as far as it is text."""

from __future__ import annotations

import codecs

from stslib.guarded.answer import RefusedError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TABLES = (b"%pdf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"{\\rtf")
_WEB_PAGES = (b"<?xml", b"<!doctype", b"<html", b"<table")
_MORE_MARKUP = (b"<head", b"<meta", b"<body", b"<div", b"<style", b"<!--")
_SYLK = b"ID;P"

PACKAGE, OLD_WORKBOOK, MARKUP, TEXT = "package", "old workbook", "markup", "text"
"""What a file can be: a workbook in a package, a binary one of before, a web page, or a text."""


def type_of(content: bytes) -> str:
    """What *content* is by how it starts, whatever its name says: one of the four types above.

    Raises:
        RefusedError: ``empty``, or ``sylk`` for a workbook as lines of text.
    """
    if not content.strip():
        raise RefusedError("empty")
    if content.startswith(_OLE):
        return OLD_WORKBOOK
    if content.startswith(b"PK"):
        return PACKAGE
    start = content[:2048].removeprefix(codecs.BOM_UTF8)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    if start.startswith(_SYLK) and b";K" in content[:4096] and b"\nC;" in content[:65536]:
        raise RefusedError("sylk")
    return MARKUP if start.lstrip().lower().startswith((*_WEB_PAGES, *_MORE_MARKUP)) else TEXT


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


def decode(content: bytes, *, markup: bool = False) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8, UTF-16 with its mark, or what Windows writes in Western Europe.

    Args:
        content: the file.
        markup: a web page is text too.

    Raises:
        RefusedError: ``binary`` or ``web_page``.
    """
    start = content[:2048].lstrip().lower()
    if start.startswith(_NO_TABLES):
        raise RefusedError("binary")
    if start.startswith(_WEB_PAGES) and not markup:
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
