"""The doors: one outside thing each, and none knows another."""
