"""What the house talks about: frozen objects, made of the standard library and pydantic only."""
