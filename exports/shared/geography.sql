-- Eén rij per gebied: hoe het CBS en het stelsel van de stad noemen waar wij over tellen.
-- Bouwlust and Vrederust are one wijk of the CBS together (WK051833), so they go by buurt; division
-- of 2019. `geolevel` and `geoitem` are what the table for Swing says: the city has its own names
-- for them, so change them here. `level` and `key` are those of every sheet.
SELECT column1 AS level, column2 AS key, column3 AS label, column4 AS cbs,
       column5 AS geolevel, column6 AS geoitem
  FROM (VALUES
    ('wijk', 'bouwlust', 'Bouwlust', 'BU05183387 BU05183396', 'rdzw_wijk', 'bouwlust'),
    ('wijk', 'vrederust', 'Vrederust', 'BU05183398 BU05183399', 'rdzw_wijk', 'vrederust'),
    ('wijk', 'morgenstond', 'Morgenstond', 'WK051834', 'rdzw_wijk', 'morgenstond'),
    ('wijk', 'moerwijk', 'Moerwijk', 'WK051836', 'rdzw_wijk', 'moerwijk'),
    ('total', '', 'Zuidwest', 'WK051833 WK051834 WK051836', 'rdzw_gebied', 'zuidwest'))
