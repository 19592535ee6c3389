"""An instrument and a journal -> something to fill in."""
