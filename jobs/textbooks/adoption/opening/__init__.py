"""What an adoption file is judged with: its tenant, its adopter, its rows and the textbooks."""
