"""Where an index is held: in a folder of this machine, or in a PostgreSQL database that many machines share."""
