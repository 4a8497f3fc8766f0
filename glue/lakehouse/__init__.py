"""The reusable part of the Glue jobs: contracts, row rules, ordering of rows, guarded writes to Delta tables."""
