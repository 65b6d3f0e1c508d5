"""What belongs together: accounts of one person, posts of one message."""
