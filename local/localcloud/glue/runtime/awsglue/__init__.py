"""Stand-in for the part of AWS Glue's own library that the jobs import; on Glue the real one is there."""
