/**
 * Results as the papers print them, in percent, zero-shot and trained on other data. Quoted, never measured here: see
 * `source`.
 */

/** A quoted row of a set; metrics that the paper's table lacks are absent. */
export type PublishedRow = {
  method: string;
  imageAuroc: number;
  pixelAuroc?: number;
  pro?: number;
  averagePrecision?: number;
  source: string;
};

const ANOMALY_OV = 'Xu et al., Anomaly-OV, CVPR 2025, zero-shot table';
const VMAD = 'Deng et al., VMAD, 2024, zero-shot table';

const SETS = ['MVTec AD', 'VisA', 'AITEX', 'ELPV', 'BTAD', 'MPDD', 'BrainMRI', 'HeadCT', 'Br35H'] as const;

/** Image AUROC per method, in the order of `SETS`. */
const IMAGE_AUROC: Readonly<Record<string, readonly number[]>> = {
  CLIP: [74.1, 66.4, 71.0, 59.2, 34.5, 54.3, 73.9, 56.5, 78.4],
  CoOp: [88.8, 62.8, 66.2, 73.0, 66.8, 55.1, 61.3, 78.4, 86.0],
  WinCLIP: [91.8, 78.8, 73.0, 74.0, 68.2, 63.6, 92.6, 90.0, 80.5],
  'APRIL-GAN': [86.2, 78.0, 57.6, 65.5, 73.6, 73.0, 89.3, 89.1, 93.1],
  AnoVL: [92.5, 79.2, 72.5, 70.6, 80.3, 68.9, 88.7, 81.6, 88.4],
  AnomalyCLIP: [91.5, 82.1, 62.2, 81.5, 88.3, 77.0, 90.3, 93.4, 94.6],
  AdaCLIP: [89.2, 85.8, 64.5, 79.7, 88.6, 76.0, 94.8, 91.4, 97.7],
  'Anomaly-OV': [94.0, 91.1, 72.0, 83.0, 89.0, 81.7, 93.9, 97.6, 95.5],
};

/** Image AUROC, pixel AUROC, PRO, AP of VMAD. */
const VMAD_ROWS: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'MVTec AD': [95.8, 96.1, 91.2, 87.6],
  VisA: [89.7, 93.8, 84.6, 85.2],
  WFDD: [95.3, 96.7, 89.2, 90.1],
};

/** The quoted rows of a published set by its title; none for other sets. */
export function publishedRows(title: string | null): PublishedRow[] {
  const column = SETS.findIndex((set) => set === title);
  const rows: PublishedRow[] = Object.entries(IMAGE_AUROC).flatMap(([method, values]) => {
    const imageAuroc = values[column];
    return imageAuroc === undefined ? [] : [{ method, imageAuroc, source: ANOMALY_OV }];
  });
  const vmad = title === null ? undefined : VMAD_ROWS[title];
  if (vmad) {
    const [imageAuroc, pixelAuroc, pro, averagePrecision] = vmad;
    rows.push({ method: 'VMAD', imageAuroc, pixelAuroc, pro, averagePrecision, source: VMAD });
  }
  return rows;
}
