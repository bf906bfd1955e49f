INSERT INTO User (id, name, email, role, createdAt) VALUES ('local', 'You', NULL, 'admin', '2026-11-24T08:00:00.000+00:00');
INSERT INTO Image (id, ownerId, sha256, name, mime, width, height, bytes, createdAt)
  VALUES ('image-1', 'local', 'aa', 'part.png', 'image/png', 640, 480, 1000, '2026-11-24T08:00:00.000+00:00');
INSERT INTO Conversation (id, ownerId, title, pinned, leafId, createdAt, updatedAt)
  VALUES ('conversation-1', 'local', 'Scratch on a housing', 1, 'answer-1', '2026-11-24T08:00:00.000+00:00', '2026-11-24T08:00:00.000+00:00');
INSERT INTO Message (id, conversationId, parentId, role, state, parts, text, createdAt)
  VALUES ('question-1', 'conversation-1', NULL, 'user', 'complete', '[{"type":"text","text":"Any defects?"}]', 'Any defects?', '2026-11-24T08:00:00.000+00:00');
INSERT INTO Message (id, conversationId, parentId, role, state, parts, text, bundle, createdAt, finishedAt)
  VALUES ('answer-1', 'conversation-1', 'question-1', 'assistant', 'complete', '[{"type":"text","text":"Yes."}]', 'Yes.', 'looktwice-mini@0.1.0', '2026-11-24T08:00:00.001+00:00', '2026-11-24T08:00:02.000+00:00');
INSERT INTO Message (id, conversationId, parentId, role, state, parts, text, createdAt)
  VALUES ('question-2', 'conversation-1', 'answer-1', 'user', 'complete', '[]', 'Why?', '2026-11-24T08:01:00.000+00:00');
INSERT INTO Message (id, conversationId, parentId, role, state, parts, text, createdAt)
  VALUES ('answer-2', 'conversation-1', 'question-2', 'assistant', 'running', '[]', '', '2026-11-24T08:01:00.001+00:00');
INSERT INTO MessageEvent (messageId, seq, chunks) VALUES ('answer-2', 0, '[{"type":"text-start","id":"0"}]');
INSERT INTO MessageImage (messageId, imageId, position, role) VALUES ('question-1', 'image-1', 0, 'subject');
INSERT INTO ChecklistTick (messageId, itemId, done, updatedAt) VALUES ('answer-1', 'actions-1', 1, '2026-11-24T08:02:00.000+00:00');
INSERT INTO Inspection (id, imageId, bundle, referenceKey, score, payload, mapKey, createdAt)
  VALUES ('inspection-1', 'image-1', 'looktwice-mini@0.1.0', '', 0.91, '{}', 'bb', '2026-11-24T08:00:01.000+00:00');
INSERT INTO Mask (id, imageId, inspectionId, messageId, rle, bbox, areaFraction, label, score, source, createdAt)
  VALUES ('mask-1', 'image-1', 'inspection-1', 'answer-1', '{"size":[480,640],"counts":[307200]}', '[0,0,0,0]', 0.0, 'scratch', 0.8, 'model', '2026-11-24T08:00:02.000+00:00');
INSERT INTO Mask (id, imageId, supersedesId, rle, bbox, areaFraction, label, score, source, createdAt)
  VALUES ('mask-2', 'image-1', 'mask-1', '{"size":[480,640],"counts":[307200]}', '[0,0,0,0]', 0.0, 'scratch', 1.0, 'human', '2026-11-24T08:03:00.000+00:00');
INSERT INTO Share (id, conversationId, ownerId, tokenHash, snapshot, createdAt)
  VALUES ('share-1', 'conversation-1', 'local', 'cc', '[]', '2026-11-24T08:04:00.000+00:00');
INSERT INTO ShareImage (shareId, imageId) VALUES ('share-1', 'image-1');
INSERT INTO Dataset (id, ownerId, name, format, createdAt, updatedAt)
  VALUES ('dataset-1', 'local', 'Bottles', 'mvtec', '2026-11-24T08:05:00.000+00:00', '2026-11-24T08:05:00.000+00:00');
INSERT INTO DatasetItem (id, datasetId, imageId, path, split, label, maskId, createdAt)
  VALUES ('item-1', 'dataset-1', 'image-1', 'test/scratch/000.png', 'test', 'anomalous', 'mask-1', '2026-11-24T08:05:00.000+00:00');
INSERT INTO ReferenceSet (id, ownerId, datasetId, name, createdAt) VALUES ('set-1', 'local', 'dataset-1', 'Good ones', '2026-11-24T08:05:00.000+00:00');
INSERT INTO ReferenceSetImage (referenceSetId, imageId) VALUES ('set-1', 'image-1');
INSERT INTO Review (id, itemId, reviewerId, verdict, maskId, createdAt) VALUES ('review-1', 'item-1', 'local', 'rejected', 'mask-2', '2026-11-24T08:06:00.000+00:00');
INSERT INTO Review (id, itemId, reviewerId, verdict, supersedesId, createdAt)
  VALUES ('review-2', 'item-1', 'local', 'accepted', 'review-1', '2026-11-24T08:07:00.000+00:00');
INSERT INTO AuditEvent (id, actorId, action, targetType, targetId, createdAt)
  VALUES ('event-1', 'local', 'share.create', 'share', 'share-1', '2026-11-24T08:04:00.000+00:00');
