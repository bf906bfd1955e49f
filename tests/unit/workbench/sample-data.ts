import type { ChatMessage, Finding, InspectionPart, MaskPart } from '@/lib/contract';
import type { KnownImage } from '@/lib/workbench/state/images';

export const id = (letter: string) => letter.repeat(22);

export const inspection: InspectionPart = {
  imageId: id('i'),
  inspectionId: id('n'),
  score: 0.87,
  bucket: 'highly',
  verdict: 'anomalous',
  probability: 0.87,
  foreignness: null,
  basis: { kind: 'zero-shot', count: 0 },
  heatmapUrl: `/api/inspections/${id('n')}/heatmap`,
  tiles: { columns: 1, rows: 2, significance: [0.2, 0.7, 0.1] },
  regions: [
    { id: 'r1', bbox: [10, 20, 30, 40], areaPx: 800, areaFraction: 0.032, score: 0.9, place: 'upper left' },
    { id: 'r2', bbox: [80, 90, 5, 5], areaPx: 20, areaFraction: 0.0004, score: 0.2, place: 'lower right' },
  ],
  referenceIds: [],
  bundle: 'looktwice-mini@0.1.0',
  ms: 812,
};

const findings: Finding[] = [
  {
    regionId: 'r1',
    type: 'crack',
    place: 'upper left',
    extentPercent: 3.2,
    areaPx: 800,
    bbox: [10, 20, 30, 40],
    severity: 'severe',
    score: 0.9,
  },
];

export const mask: MaskPart = {
  imageId: id('i'),
  maskId: id('m'),
  rle: { size: [4, 4], counts: [5, 2, 9] },
  bbox: [1, 1, 1, 2],
  areaFraction: 0.125,
  label: 'crack',
  score: 0.9,
  source: 'model',
};

export const image: KnownImage = {
  imageId: id('i'),
  name: 'part.png',
  width: 500,
  height: 400,
  role: 'subject',
  conversationId: id('c'),
  inspection,
  findings,
  masks: [mask],
};

export const question: ChatMessage = {
  id: id('q'),
  role: 'user',
  parts: [
    { type: 'data-image', data: { imageId: id('i'), role: 'subject', name: 'part.png', width: 500, height: 400 } },
    { type: 'text', text: 'Is anything wrong?' },
  ],
  metadata: { parentId: null, createdAt: '2026-01-01T00:00:00.000Z', state: 'complete' },
};

export const answer: ChatMessage = {
  id: id('a'),
  role: 'assistant',
  parts: [
    { type: 'data-inspection', data: inspection },
    { type: 'data-mask', data: mask },
    { type: 'text', text: 'Yes, there is a **crack** in the upper left.' },
    { type: 'data-findings', data: { imageId: id('i'), items: findings } },
    { type: 'data-followups', data: [{ label: 'Impact', prompt: 'What impact does it have?', topic: 'impact' }] },
  ],
  metadata: { parentId: id('q'), createdAt: '2026-01-01T00:00:01.000Z', state: 'complete' },
};
