"""The one Spark application between the raw tables and everything that is cut from them."""
