"""Who is who: school.toml and staff.csv read into core types, each mistake by file and line."""
