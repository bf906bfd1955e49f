UPDATE DatasetItem SET modelVerdict = 'unsure', judgement = '{"verdict":"unsure","probability":0.55,"foreignness":null,"basis":{"kind":"set","count":9}}';
UPDATE BatchResult SET judgement = '{"verdict":"unsure","probability":0.55,"foreignness":null,"basis":{"kind":"set","count":9}}';
UPDATE Conversation SET engine = 'hall-4';
INSERT INTO EngineConsent (id, engine, address, conversationId, userId) SELECT 'consent', 'hall-4', 'http://127.0.0.1:8000/v1', c.id, c.ownerId FROM Conversation c LIMIT 1;
