INSERT INTO layer_styles VALUES
    (NULL, '', '', ?1, 'geom', 'forewarn', ?2, ?3, 1, ?4, '', NULL, '1970-01-01T00:00:00.000Z');
