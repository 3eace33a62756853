"""What every answer is made of: bytes and their codings, headers, bodies, errors, and the rule of each route."""
