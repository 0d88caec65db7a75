"""People, roles and sites: who logs in, what they may do, where."""
