"""Links and anchors, as the documentation's builder resolves them."""
