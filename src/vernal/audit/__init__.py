"""The append-only chain of everything done and every chart read."""
