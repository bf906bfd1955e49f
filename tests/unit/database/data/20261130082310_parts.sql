INSERT INTO Part (id, ownerId, name, number, revision, material, notes, pxPerMm, area, shared, threshold, version)
  VALUES ('part-1', 'local', 'Housing', 'H-100', 'B', 'aluminium', 'Tool marks are allowed.', 12.5, '{"include":[0,0,1,1]}', 1, 0.62, 3);
INSERT INTO PartSample (id, partId, imageId, kind, view, defectType, bbox, authorId, score, scoreKey)
  SELECT 'sample-1', 'part-1', id, 'defect', 'front', 'scratch', '[1,2,30,4]', 'local', 0.9, 'bank' FROM Image LIMIT 1;
INSERT INTO PartCorrection (id, partId, imageId, authorId, kind, sampleKind, defectType, thresholdBefore, thresholdAfter)
  SELECT 'correction-1', 'part-1', id, 'local', 'missed', 'defect', 'scratch', 0.7, 0.62 FROM Image LIMIT 1;
