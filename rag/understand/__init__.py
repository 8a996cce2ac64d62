"""A question to a Query: everything that is read from its words is read here."""
