-- Eén rij per vraag: hoe zij heet in de gegevens, wat er te kiezen is en welk resultaat zij voedt.
-- Private questions are named here, so that everyone can see what is kept; their answers are not.
SELECT q.form, q.name, coalesce(q.label, '') AS label, q.type,
       coalesce((SELECT group_concat(name || ' = ' || label, '; ')
                   FROM (SELECT c.name, c.label FROM choices c
                          WHERE c.form_id = q.form_id AND c.list_name = q.list_name
                          ORDER BY c.position)),
                'register ' || q.list_name, '') AS answers,
       coalesce(q.result, '') AS result,
       CASE q.private WHEN 1 THEN 'ja, nooit in een overzicht' ELSE '' END AS private
  FROM questions q
 ORDER BY q.form_order, q.form_id, q.position
