"""YAML in content/ -> model objects, with every fault listed by file, line, value and remedy."""
