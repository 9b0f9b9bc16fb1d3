"""The nightly reconciliation: built by Spark, then checked and published in one transaction."""
