INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, 4326, 0, 0);
