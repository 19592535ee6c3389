"""What a session holds, as text in the first response of a page: readable before any kernel answers, replaced by the fields."""
