"""The policy: grants, the file they are read from, its checks, and what a new version changes."""
