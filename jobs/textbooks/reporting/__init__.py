"""The weekly reports on textbooks and their QR codes."""
