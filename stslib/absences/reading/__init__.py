"""Files that a school brings -> kept, repaired and rejected rows."""
