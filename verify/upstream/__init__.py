"""The official pages where they are kept: repositories, versions, copies in the cache."""
