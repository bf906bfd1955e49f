import { POST as upload } from '@/app/api/images/route';
import { imageSchema, newId, type StoredPart } from '@/lib/contract';
import { createMask } from '@/lib/database/masks';
import { putInspection } from '@/lib/database/inspections';
import { storeTurn } from './conversations';
import { call } from './request';

/** A block of 60 x 40 px at (100, 50) in 320 x 240 px. */
export const rle = {
  size: [240, 320] as [number, number],
  counts: [
    100 * 240 + 50,
    ...Array.from({ length: 119 }, (_, i) => (i % 2 === 0 ? 40 : 200)),
    160 * 240 + 240 - 50 - 40 - 240,
  ],
};
const used = rle.counts.slice(0, -1).reduce((sum, count) => sum + count, 0);
rle.counts[rle.counts.length - 1] = 240 * 320 - used;

const bundle = 'looktwice-mini@0.1.0';

export type DefectConversation = {
  conversationId: string;
  imageId: string;
  maskId: string;
  inspectionId: string;
  firstAnswer: string;
  lastAnswer: string;
};

/**
 * Stores a conversation of two turns about an uploaded image of 320 x 240 px: inspection, mask, findings, checklist,
 * source.
 */
export async function storeDefectConversation(
  name: string,
  image: Uint8Array,
  question: string,
): Promise<DefectConversation> {
  const [conversationId, maskId, inspectionId] = [newId(), newId(), newId()];
  const uploaded = await call(upload, `/api/images?name=${encodeURIComponent(name)}`, { body: image });
  const imageId = imageSchema.parse(await uploaded.json()).id;
  const mask = {
    imageId,
    maskId,
    rle,
    bbox: [100, 50, 60, 40] as [number, number, number, number],
    areaFraction: 2400 / 76800,
    label: 'scratch',
    score: 0.8,
  };
  const answer: StoredPart[] = [
    {
      type: 'data-inspection',
      data: {
        imageId,
        inspectionId,
        score: 0.93,
        bucket: 'highly',
        verdict: 'anomalous',
        probability: 0.93,
        foreignness: null,
        basis: { kind: 'zero-shot', count: 0 },
        heatmapUrl: `/api/inspections/${inspectionId}/heatmap`,
        tiles: { columns: 0, rows: 0, significance: [] },
        regions: [],
        referenceIds: [],
        bundle,
        ms: 5,
      },
    },
    { type: 'data-mask', data: { ...mask, source: 'model' } },
    { type: 'text', text: 'Yes, there is **a scratch** in the centre.\n\n- It is long\n- It is dark | deep' },
    {
      type: 'data-findings',
      data: {
        imageId,
        items: [
          {
            regionId: 'r1',
            type: 'scratch',
            place: 'centre',
            extentPercent: 3.1,
            areaPx: 2400,
            bbox: [100, 50, 60, 40],
            severity: 'moderate',
            score: 0.8,
          },
        ],
      },
    },
    {
      type: 'data-checklist',
      data: {
        topic: 'actions',
        title: 'Corrective actions',
        items: [
          { id: 'a1', text: 'Quarantine the lot', group: 'containment', done: true },
          { id: 'a2', text: 'Check the fixture', group: 'corrective', done: false },
        ],
      },
    },
    {
      type: 'data-sources',
      data: [
        { kind: 'playbook', id: 'scratch-metal', title: 'Scratch on metal', text: 'Scratches come from handling.' },
      ],
    },
  ];
  const inspection = answer.find((part) => part.type === 'data-inspection');
  await putInspection({
    ...{ id: inspectionId, imageId, bundle, score: 0.93, mapKey: 'b'.repeat(64), referenceIds: [] },
    payload: inspection?.data ?? {},
  });
  const first = await storeTurn({ conversationId, question, answer, imageIds: [imageId], imageName: name });
  const second = await storeTurn({
    conversationId,
    parentId: first.answerId,
    question: 'Anything else?',
    answer: [{ type: 'text', text: 'No.' }],
  });
  const { maskId: id, ...row } = mask;
  await createMask({ ...row, id, messageId: first.answerId, inspectionId, source: 'model' });
  return {
    ...{ conversationId, imageId, maskId, inspectionId },
    firstAnswer: first.answerId,
    lastAnswer: second.answerId,
  };
}
