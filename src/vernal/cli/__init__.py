"""The `vernal` command."""
