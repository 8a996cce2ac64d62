"""What every surface shares: keys, errors, links, work, metrics."""
