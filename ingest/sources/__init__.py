"""Where answers come from that nobody asked the source for just now: files, and whoever relays them."""
