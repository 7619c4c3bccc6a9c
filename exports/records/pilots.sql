-- Eén rij per pilot: haar code, wie haar uitvoert en sinds wanneer zij loopt.
SELECT name, label, coalesce(wijk, '') AS wijk, coalesce(run_by, '') AS run_by,
       coalesce(active_from, '') AS active_from, coalesce(active_until, '') AS active_until
  FROM pilots
 ORDER BY name
