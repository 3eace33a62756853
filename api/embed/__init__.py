"""The count on other people's pages: embeds, their pictures, cards, oEmbed, and the same as static files."""
