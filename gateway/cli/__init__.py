"""The command line, `veil`."""
