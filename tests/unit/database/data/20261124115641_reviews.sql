INSERT INTO Review (id, itemId, reviewerId, verdict, revision, before, createdAt)
  SELECT 'review-before-1', id, 'local', 'undone', 2, '{"verdict":"accepted"}', '2026-11-24T09:00:00.000+00:00' FROM DatasetItem LIMIT 1;
