"""The solver: the best places for the posts of a week, and why there are none when there are none."""
