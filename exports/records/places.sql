-- Eén rij per plek: haar code, wat zij is en sinds wanneer zij meedoet.
SELECT name, label, coalesce(kind, '') AS kind, coalesce(wijk, '') AS wijk,
       coalesce(buurt_code, '') AS buurt_code, coalesce(address, '') AS address,
       coalesce(cohort_14, '') AS cohort_14, coalesce(active_from, '') AS active_from,
       coalesce(active_until, '') AS active_until
  FROM places
 ORDER BY name
