"""A closed session -> one HTML file that can be verified."""
