"""Edits of official pages: cells, notebook files, catalogues, patches."""
