-- The table of a layer, its names quoted by who fills them in.
CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {geometry}, {columns})
