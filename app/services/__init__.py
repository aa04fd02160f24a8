"""What the system can do: one function a use case; verbs change, nouns look; nobody commits here."""
