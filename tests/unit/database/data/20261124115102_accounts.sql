INSERT INTO User (id, name, email, role, emailVerified, createdAt)
  VALUES ('user-1', 'Ada', 'ada@example.com', 'engineer', 1, '2026-11-24T12:00:00.000+00:00');
INSERT INTO Session (id, userId, token, expiresAt) VALUES ('session-1', 'user-1', 'token', '2026-12-01T12:00:00.000+00:00');
INSERT INTO Account (id, userId, accountId, providerId, password) VALUES ('account-1', 'user-1', 'user-1', 'credential', 'salt:hash');
INSERT INTO Verification (id, identifier, value, expiresAt) VALUES ('verification-1', 'state', '{}', '2026-11-24T12:10:00.000+00:00');
INSERT INTO Invitation (id, tokenHash, email, role, invitedById, expiresAt)
  VALUES ('invitation-1', 'dd', 'bob@example.com', 'reviewer', 'local', '2026-12-01T12:00:00.000+00:00');
INSERT INTO ApiKey (id, userId, name, keyHash, hint) VALUES ('key-1', 'user-1', 'line 4', 'ee', 'lt_abcd');
