"""A school's absence exports -> stored half days -> indicators."""
