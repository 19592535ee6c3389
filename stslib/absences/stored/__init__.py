"""Figures at rest: what is stored of a school, for how long, and how it goes away again.

``DATA/absences/<school>/<school year>/v0001/`` holds a version: Parquet tables and ``meta.json`` with the digest of each. A
version is written beside and renamed into place, never changed; the highest one counts, and the older ones stay until they
are dropped. Beside the versions ``keep.json`` says until when the school year is kept, where somebody chose a day.

``DATA/absences/<school>/link.bin`` holds the link between pupil numbers and pseudonyms, encrypted with the key in
``DATA/keys/``; throwing it away leaves all figures as they are. ``profile.json`` tells how the exports of this school read.
``DATA/removals.jsonl`` notes what was removed and when.
"""
