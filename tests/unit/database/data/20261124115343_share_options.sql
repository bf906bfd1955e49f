INSERT INTO Image (id, ownerId, sha256, name, mime, width, height, bytes, receivedAt, createdAt)
  VALUES ('image-shared', 'local', 'ee', 'shared.png', 'image/png', 640, 480, 1000, '2026-11-24T12:00:00.000+00:00', '2026-11-24T08:00:00.000+00:00');
INSERT INTO Share (id, conversationId, ownerId, tokenHash, snapshot, live, includeNames, includeMetadata, passwordHash, views, lastViewedAt, createdAt, expiresAt)
  VALUES ('share-2', 'conversation-1', 'local', 'ff', '{"version":1,"title":"Scratch","messages":[]}', 0, 1, 1, 'scrypt', 3, '2026-11-24T12:01:00.000+00:00', '2026-11-24T12:00:00.000+00:00', '2026-12-24T12:00:00.000+00:00');
INSERT INTO ShareImage (shareId, imageId) VALUES ('share-2', 'image-shared');
INSERT INTO Share (id, conversationId, ownerId, tokenHash, live, createdAt, revokedAt)
  VALUES ('share-3', 'conversation-1', 'local', 'gg', 1, '2026-11-24T12:02:00.000+00:00', '2026-11-24T12:03:00.000+00:00');
