"""Views of a form state: Python traits, one ES module and one style sheet each."""
