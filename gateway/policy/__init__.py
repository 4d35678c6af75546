"""The policy in force, and the policy explained to people."""
