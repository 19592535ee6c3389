"""What stands in an archive, as plain data: cover, one page, every instrument, how it was counted."""
