"""The reusable part of the Glue jobs: contracts, row rules, order of rows, guarded writes to Delta."""
