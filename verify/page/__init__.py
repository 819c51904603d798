"""The one page model, and what reads pages: notebooks, Markdown, reStructuredText."""
