"""How the store gets its tables: numbered SQL files, run once each, described by the contracts."""
