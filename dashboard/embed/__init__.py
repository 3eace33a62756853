"""The count on other people's pages: documents without Dash, pictures of them, and the cards that links show."""
