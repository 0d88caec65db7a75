"""Pure models on arrays of floats: no file, clock, setting, random state or database inside."""
