"""Who alleges what against whom in an article, who answered, and on what evidence."""
