"""What a request may have, before anything is made for it."""
