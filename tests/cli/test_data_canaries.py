"""Twenty canary pupils through import, list, copy and removal: nothing of them in any file, stream or temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from absences.absence_factories import LONG, write_csv, write_xlsx

import stslib

HEADER = ("Leerlingnummer", "Naam", "Voornaam", "Rijksregisternummer", "Geboortedatum", "Adres", "Opmerking", *LONG[1:])


def national(number: int) -> str:
    body = f"8501{number % 28 + 1:02d}{100 + number:03d}"
    return f"{body}{97 - int(body) % 97:02d}"


CANARIES = [
    (f"90{number:05d}77", f"Kanarieachternaam{number}", f"Kanarievoornaam{number}", national(number)) for number in range(20)
]


def rows(day: str) -> list[tuple[str, ...]]:
    found = [
        (number, name, first, secret, "01/02/2010", f"Kanariestraat {name}", f"Kanarieopmerking {name}", "1A", day, "VM", "B")
        for number, name, first, secret in CANARIES
    ]
    return [*found, (CANARIES[0][0], *found[0][1:8], "99/99/Kanariedatum", "VM", "B")]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below *folder* as its bytes, and every Parquet table also as text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()
            if path.suffix == ".parquet":
                yield path.name, pl.read_parquet(path).write_csv().encode()


def traces(content: bytes) -> set[str]:
    """The canaries that can be read in *content*, as text of one or two bytes a sign."""
    secrets = ["anarie", *(number for number, _, _, _ in CANARIES), *(secret for *_, secret in CANARIES)]
    return {secret for secret in secrets if secret.encode() in content or secret.encode("utf-16-le") in content}


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_nothing_of_a_pupil_is_left_anywhere(tmp_path: Path, write) -> None:
    data, temporary, copies = tmp_path / "data", tmp_path / "tmp", tmp_path / "kopieen"
    temporary.mkdir()
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    environment = {**os.environ, **places, "STS_DATA": str(data), "PYTHONPATH": str(Path(stslib.__file__).parents[1])}
    told: list[bytes] = []

    def sts(*arguments: object, status: int = 0) -> None:
        command = [sys.executable, "-m", "stslib", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, timeout=120)
        told.extend((done.stdout, done.stderr))
        assert done.returncode == status, done.stderr.decode()

    school = ("--school", "De Kooi")
    for name, day in (("een", "01/09/2025"), ("twee", "02/09/2025")):
        path = write(tmp_path / f"{name}.bin", HEADER, rows(day))
        sts("import", path, *school, "--school-year", "2025-2026", "--keep-until", "01/09/2025")
        path.unlink()
    sts("data", "list")
    sts("data", "list", "--json")
    sts("data", "export", *school, "--to", copies / "zonder", "--older")
    sts("data", "export", *school, "--to", copies / "parquet", "--format", "parquet", "--json")
    sts("data", "export", *school, "--to", copies / "met", "--with-link", status=1)
    sts("data", "delete", *school, status=1)
    sts("data", "delete", *school, "--older", "--yes")
    found = [(name, traces(content)) for folder in (data, temporary, copies) for name, content in contents(folder)]
    assert {name for name, _ in found} >= {"half_days.parquet", "link.bin", "removals.jsonl", "halve-dagen.csv", "inhoud.json"}
    assert [one for one in found if one[1]] == []

    sts("data", "export", *school, "--to", copies / "met", "--with-link", "--yes")
    shown = [(name, len(found)) for name, content in contents(copies / "met") if (found := traces(content))]
    assert shown == [("koppeling.csv", len(CANARIES))]
    sts("data", "delete", "--overdue", "--yes")
    left = {name: traces(content) for folder in (data, temporary) for name, content in contents(folder)}
    assert set(left) == {".lock", "removals.jsonl"}
    assert not set().union(*left.values())
    assert traces(b"".join(told)) == set()
