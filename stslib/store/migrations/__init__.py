"""The steps that made the journal's schema what it is; Alembic runs them, ``stslib.store.opening`` starts it."""
