"""What keeps one bad request from stopping the others."""
