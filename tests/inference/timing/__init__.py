"""What an attacker learns from how long an answer takes."""
