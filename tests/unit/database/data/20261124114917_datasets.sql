UPDATE DatasetItem SET description = 'A crack.', revision = 1, verdict = 'accepted', score = 0.9, disagreement = 0.1, uncertainty = 0.2, scoreJobId = 'batch-1';
INSERT INTO Assignment (itemId, reviewerId, createdAt) SELECT id, 'local', '2026-11-24T09:00:00.000+00:00' FROM DatasetItem LIMIT 1;
INSERT INTO ItemComment (id, itemId, authorId, text, createdAt) SELECT 'comment-1', id, 'local', 'Look again.', '2026-11-24T09:00:00.000+00:00' FROM DatasetItem LIMIT 1;
INSERT INTO ImportJob (id, ownerId, datasetId, source, directory, format, createdAt)
  SELECT 'import-1', 'local', id, 'parts.zip', '/data/imports/import-1', 'mvtec', '2026-11-24T09:00:00.000+00:00' FROM Dataset LIMIT 1;
INSERT INTO ImportProblem (jobId, seq, code, place, message) VALUES ('import-1', 0, 'missing_mask', 'a.png', 'The mask of a.png does not exist.');
INSERT INTO BatchJob (id, ownerId, datasetId, mode, referenceIds, createdAt)
  SELECT 'batch-1', 'local', id, 'mutual', '[]', '2026-11-24T09:00:00.000+00:00' FROM Dataset LIMIT 1;
INSERT INTO BatchResult (jobId, itemId, score, createdAt) SELECT 'batch-1', id, 0.9, '2026-11-24T09:00:00.000+00:00' FROM DatasetItem LIMIT 1;
INSERT INTO ImageFeature (imageId, bundle, vector) VALUES ('image-1', 'looktwice-mini@0.1.0', X'0000803F');
