"""The register of issuers: who issues, who signs, and with which signature."""
