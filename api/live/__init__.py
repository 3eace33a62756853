"""The live protocol: counts kept up with the store, and everybody who follows one of them. Lives on the loop."""
