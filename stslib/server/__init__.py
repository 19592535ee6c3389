"""Voilà with our template, routes and guards."""
