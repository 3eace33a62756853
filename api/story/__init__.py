"""How a count came to stand as it does: earlier versions, why a number changed, the turning points, the queue."""
