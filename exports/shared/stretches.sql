-- Eén rij per periode en stuk tijd daarin.
SELECT p.period, d.stretch
  FROM periods p JOIN dates d ON d.day BETWEEN p.since AND p.until AND d.day = d.stretch
