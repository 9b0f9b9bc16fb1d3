"""What can be asked of the software at a terminal; a DAG asks the same."""
