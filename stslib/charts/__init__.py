"""Values -> matplotlib figures."""
