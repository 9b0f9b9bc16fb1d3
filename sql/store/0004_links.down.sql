-- Links, undone: mailed links open nothing any more, and their counts are gone.

DROP TABLE IF EXISTS operations.link_opening;

DROP TABLE IF EXISTS operations.link;
