"""Clinical rules as pure functions: they know no file, clock, database or person."""
