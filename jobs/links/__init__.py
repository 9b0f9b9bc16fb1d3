"""The small public server behind mailed links."""
