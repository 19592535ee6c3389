"""A generated school, as the files it would export, and a trajectory."""
