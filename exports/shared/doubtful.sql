-- Eén rij per persoon die misschien ook op een andere plek is geteld.
SELECT DISTINCT person FROM memberships WHERE possibly_double = 1
