-- Eén rij per regel van een blad: elke plek die meedoet, elke wijk, en alles samen.
-- `level` and `key` name it; totals have no `code`; `part_of` is the wijk that it counts towards.
WITH active AS (
  SELECT p.name, p.label, p.wijk, coalesce(k.label, p.kind) AS kind_label, k.position AS kind_order,
         coalesce(w.label, p.wijk) AS wijk_label, w.position AS wijk_order
    FROM places p
    LEFT JOIN choices k ON k.form_id = 'place' AND k.list_name = 'kind' AND k.name = p.kind
    LEFT JOIN choices w ON w.form_id = 'place' AND w.list_name = 'wijk' AND w.name = p.wijk
   WHERE coalesce(p.active_from, '') <= :until
     AND coalesce(nullif(p.active_until, ''), '9999') >= :from
),
listed AS (
  SELECT 1 AS part, 'place' AS level, name AS key, name AS code, label, kind_label AS kind,
         wijk_label AS wijk, wijk AS part_of, kind_order AS first, name AS then_by
    FROM active
   UNION ALL
  SELECT DISTINCT 2, 'wijk', wijk, '', wijk_label || ' totaal', '', wijk_label, wijk, wijk_order, ''
    FROM active
   UNION ALL
  SELECT DISTINCT 3, 'total', '', '', 'Zuidwest totaal', '', '', '', 0, ''
    FROM active
)
SELECT level, key, code, label, kind, wijk, part_of,
       row_number() OVER (ORDER BY part, first, then_by, key) AS position
  FROM listed
