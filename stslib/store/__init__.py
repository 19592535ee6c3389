"""Trajectories and sessions at rest: the journal."""
