import { type LayoutName } from './types';

/** A data set of the papers: how its folder is read and where a user gets it (docs/datasets.md says more). */
export type PublishedSet = { title: string; layout: LayoutName; source: string; licence: string };

/** By the name that `--format` takes. */
export const PUBLISHED_SETS = {
  'mvtec-ad': {
    title: 'MVTec AD',
    layout: 'mvtec',
    source: 'MVTec Software GmbH, data set page "MVTec AD"',
    licence: 'CC BY-NC-SA 4.0',
  },
  visa: {
    title: 'VisA',
    layout: 'visa',
    source: 'Amazon Science, repository spot-diff',
    licence: 'CC BY 4.0',
  },
  wfdd: {
    title: 'WFDD',
    layout: 'mvtec',
    source: 'repository cqylunlun/GLASS',
    licence: 'see the repository; research use',
  },
  riad: {
    title: 'RIAD',
    layout: 'manifest',
    source: 'described in the VMAD paper',
    licence: 'not stated',
  },
  aitex: {
    title: 'AITEX',
    layout: 'aitex',
    source: 'AITEX Fabric Image Database',
    licence: 'research use, see its page',
  },
  elpv: {
    title: 'ELPV',
    layout: 'elpv',
    source: 'PyPI package elpv-dataset, repository zae-bayern/elpv-dataset',
    licence: 'CC BY-NC-SA 4.0',
  },
  btad: {
    title: 'BTAD',
    layout: 'mvtec',
    source: 'beanTech anomaly detection data set, VT-ADL paper',
    licence: 'CC BY-NC-SA 4.0',
  },
  ksdd2: {
    title: 'KolektorSDD2',
    layout: 'masks',
    source: 'ViCoS Lab, University of Ljubljana, page "Kolektor Surface-Defect Dataset 2"',
    licence: 'CC BY-NC-SA 4.0',
  },
  mpdd: {
    title: 'MPDD',
    layout: 'mvtec',
    source: 'repository stepanje/MPDD',
    licence: 'CC BY-NC-SA 4.0',
  },
  brainmri: {
    title: 'BrainMRI',
    layout: 'yes-no',
    source: 'Kaggle, Brain MRI Images for Brain Tumor Detection',
    licence: 'not stated by the uploader',
  },
  headct: {
    title: 'HeadCT',
    layout: 'headct',
    source: 'Kaggle, Head CT - hemorrhage',
    licence: 'CC0 1.0 as stated by the uploader',
  },
  br35h: {
    title: 'Br35H',
    layout: 'yes-no',
    source: 'Kaggle, Br35H :: Brain Tumor Detection 2020',
    licence: 'not stated by the uploader',
  },
} as const satisfies Record<string, PublishedSet>;

export type PublishedSetName = keyof typeof PUBLISHED_SETS;
export type FormatName = LayoutName | PublishedSetName;

const LAYOUTS: readonly LayoutName[] = [
  'manifest',
  'mvtec',
  'visa',
  'aitex',
  'elpv',
  'headct',
  'yes-no',
  'folder',
  'masks',
];

/** Every name that `--format` takes besides `auto`. */
export const FORMAT_NAMES: readonly FormatName[] = [
  ...new Set<FormatName>([...LAYOUTS, ...(Object.keys(PUBLISHED_SETS) as PublishedSetName[])]),
];

/** The layout of a format's name. */
export function layoutOf(format: FormatName): LayoutName {
  return format in PUBLISHED_SETS ? PUBLISHED_SETS[format as PublishedSetName].layout : (format as LayoutName);
}

/** The title of the published set that a format or, failing that, a folder names; null for any other set. */
export function publishedTitle(format: string, folder: string): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (format in PUBLISHED_SETS) {
    return PUBLISHED_SETS[format as PublishedSetName].title;
  }
  const names = Object.entries(PUBLISHED_SETS).map(([name, { title }]) => ({
    title,
    names: [plain(name), plain(title)],
  }));
  return names.find((set) => set.names.includes(plain(folder)))?.title ?? null;
}
