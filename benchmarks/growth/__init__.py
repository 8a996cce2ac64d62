"""How the work on a hostile input grows with its length: inputs, readers and the measuring of both."""
