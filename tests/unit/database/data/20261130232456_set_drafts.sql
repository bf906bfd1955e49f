INSERT INTO DraftJob (id, ownerId, datasetId, engine, label, address, allowed, fields, scope, state, total, done)
  SELECT 'drafts-1', 'local', id, 'seer', 'Seer', 'https://seer.example/v1', 1, '["description"]', 'labelled', 'done', 1, 1 FROM Dataset LIMIT 1;
INSERT INTO ItemDraft (jobId, itemId, description)
  SELECT 'drafts-1', id, 'Yes, a scratch.' FROM DatasetItem LIMIT 1;
