INSERT INTO Message (id, conversationId, parentId, role, state, parts, text, context, createdAt)
  VALUES ('answer-3', 'conversation-1', 'question-2', 'assistant', 'complete', '[]', 'Yes.', '{"transcript":"Yes. <seg> [1 region]"}', '2026-11-24T08:02:00.001+00:00');
