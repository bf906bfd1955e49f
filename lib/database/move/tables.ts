/** How a table is read in an order of its own, and what a row needs to be written again. */
export type MovedTable = {
  /** As Prisma's client calls it. */
  model: string;
  /** Primary key, in the order of the index. */
  key: readonly string[];
  /** The column that refers to another row of the same table. */
  own?: string;
  /** Columns with JSON; `?` at the end of the name: they may be empty. */
  json?: readonly string[];
};

const id = ['id'] as const;

/** Every table but Installation, each after those that it refers to. A test compares it with the schema. */
export const TABLES: readonly MovedTable[] = [
  { model: 'user', key: id },
  { model: 'session', key: id },
  { model: 'account', key: id },
  { model: 'verification', key: id },
  { model: 'invitation', key: id },
  { model: 'apiKey', key: id },
  { model: 'conversation', key: id },
  { model: 'engineConsent', key: id },
  { model: 'image', key: id },
  { model: 'message', key: id, own: 'parentId', json: ['parts', 'settings?', 'context?'] },
  { model: 'messageEvent', key: ['messageId', 'seq'], json: ['chunks'] },
  { model: 'messageImage', key: ['messageId', 'position'] },
  { model: 'checklistTick', key: ['messageId', 'itemId'] },
  { model: 'inspection', key: id, json: ['payload'] },
  { model: 'mask', key: id, own: 'supersedesId', json: ['rle', 'bbox', 'parts?'] },
  { model: 'share', key: id, json: ['snapshot?'] },
  { model: 'shareImage', key: ['shareId', 'imageId'] },
  { model: 'dataset', key: id, json: ['calibration?'] },
  { model: 'datasetItem', key: id, json: ['exchanges?', 'judgement?'] },
  { model: 'assignment', key: ['itemId', 'reviewerId'] },
  { model: 'itemComment', key: id },
  { model: 'importJob', key: id },
  { model: 'importProblem', key: ['jobId', 'seq'] },
  { model: 'batchJob', key: id, json: ['referenceIds'] },
  { model: 'batchResult', key: ['jobId', 'itemId'], json: ['judgement?'] },
  { model: 'draftJob', key: id, json: ['fields'] },
  { model: 'itemDraft', key: ['jobId', 'itemId'] },
  { model: 'imageFeature', key: ['imageId', 'bundle'] },
  { model: 'referenceSet', key: id },
  { model: 'referenceSetImage', key: ['referenceSetId', 'imageId'] },
  { model: 'part', key: id, json: ['area?'] },
  { model: 'partSample', key: id, json: ['bbox?'] },
  { model: 'partCorrection', key: id, json: ['bbox?', 'before?'] },
  { model: 'review', key: id, own: 'supersedesId', json: ['before?'] },
  { model: 'auditEvent', key: id, json: ['detail?'] },
];
