"""Code against what it uses: the documented environment, or the repository's own packages."""
