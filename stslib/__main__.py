"""``python -m stslib`` is the ``sts`` command."""

from stslib.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
