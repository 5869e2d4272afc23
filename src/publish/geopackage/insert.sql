-- One feature of it; every value is a parameter.
INSERT INTO {table} VALUES (NULL, {marks})
