INSERT INTO Installation (id, key, starts, checkedAt) VALUES (1, 'installation-1', 4, '2026-11-30T08:00:00.000+00:00');
UPDATE ImportJob SET attempts = 1;
