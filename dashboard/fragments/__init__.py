"""What else the server answers besides pages: pieces that a page asks for, and addresses that pages had before."""
