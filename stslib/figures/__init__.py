"""An indicator -> a figure card: sentence, picture, table, explanation."""
