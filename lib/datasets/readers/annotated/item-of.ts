import type { Shape } from '../../annotations/shapes';
import { statedFields } from '../../annotations/item-fields';
import { annotationLimits, type Label, type TextAnnotation } from '../../contract';
import type { ImportItem } from '../../import/types';
import { commonLabel, labelOfFolders } from '../label-words';
import type { DatasetTree } from '../tree';
import { anomalousClasses, anomalousShapes, decideLabel } from './decide-label';
import type { FoundMasks, MaskSearch } from './found-masks';
import type { Gathered } from './gather';
import type { Joined, Standing } from './join-formats';
import type { Statement } from './statement';

/** What the label files of one format say as a whole, for the images that they name. */
export type Sources = {
  tree: DatasetTree;
  report: (code: string, place: string, message: string) => void;
  /** Somebody annotated something somewhere in the set. */
  isAnnotated: boolean;
  /** Why any image of a source, or (`*`) of the set, is in doubt. */
  doubted: ReadonlyMap<string, string>;
  /** The masks that lie in the set under an image's name. */
  findMasks: (place: string, search: MaskSearch) => Promise<FoundMasks>;
};

/** Joins all that is said of one image into an item, and reports what is missing or contradicts itself. */
export async function itemOf({ path: place, file, statements }: Gathered, sources: Sources): Promise<Joined> {
  const { report } = sources;
  const last = <Key extends keyof Statement>(key: Key): Statement[Key] | undefined =>
    statements.findLast((statement) => statement[key] !== undefined && statement[key] !== null)?.[key];
  const own = last('own');
  const shapes = distinct(place, statements, sources);
  const classes = statements.flatMap((statement) => statement.classes ?? []);
  const doubts = doubtsOf(statements, sources);
  const named = await masksOf(place, statements, sources);
  const labels = statements.flatMap(({ label }) => label ?? []);
  const isLookedAt = sources.isAnnotated && statements.some((statement) => statement.isLookedAt === true);
  const decided = decideLabel({ shapes, classes, labels, isDoubted: doubts.length > 0, isLookedAt });
  let label: Label = decided === 'contradiction' ? 'unlabelled' : decided;
  if (own !== undefined && !(own.label === 'normal' && doubts.length > 0)) {
    label = own.label;
  } else if (decided === 'contradiction') {
    report('contradiction', place, 'The label files say both normal and anomalous: the image is unlabelled.');
  } else if (label === 'normal' && !labels.includes('normal') && labelOfFolders(place) === 'anomalous') {
    label = 'unlabelled';
    const message = 'Its label file marks nothing, its folder says anomalous: the image is unlabelled.';
    report('contradiction', place, message);
  }
  if (label === 'unlabelled' && doubts.length > 0) {
    const reasons = [...new Set(doubts)].slice(0, 3).join('; ');
    report('unlabelled', place, `The image is unlabelled, since an annotation of it cannot be read: ${reasons}.`);
  }
  const drawn = anomalousShapes(shapes);
  const isOpen = doubts.length === 0 && decided === 'unlabelled' && !labels.includes('unlabelled');
  const isContradicted = decided === 'contradiction' || (label === 'unlabelled' && decided === 'normal');
  const vague = statements.flatMap((each) => (each.isVague === true ? (each.doubts ?? []) : []));
  const lack = vague.length === doubts.length ? 'vague' : 'doubted';
  const isUnmarked = label === 'normal' && !labels.includes('normal') && shapes.length + classes.length === 0;
  const said: Standing = isUnmarked ? 'unmarked' : 'said';
  const standing = isContradicted ? 'contradicted' : isOpen ? 'open' : doubts.length > 0 ? lack : said;
  const isSaid = labels.includes('normal') || shapes.length + classes.length > 0;
  const found =
    own === undefined && named.length + drawn.length === 0
      ? await sources.findMasks(place, { label, isSaid, isOpen })
      : { label, masks: named };
  label = found.label;
  const { masks } = found;
  const kinds = [...drawn, ...anomalousClasses(classes)];
  if (label === 'anomalous' && drawn.length === 0 && masks.length === 0 && classes.length > 0) {
    report('no_region', place, 'The annotation names a defect but marks no region: the image has no mask.');
  }
  const item: ImportItem = {
    file,
    size: last('size') ?? null,
    split: last('split') ?? null,
    category: last('category') ?? null,
    text: Object.assign({}, ...statements.map(({ text }) => text ?? {})) as Partial<TextAnnotation>,
    exchanges: statements.flatMap(({ exchanges }) => exchanges ?? []).slice(0, annotationLimits.exchanges),
    defectType: last('defectType') ?? (label === 'anomalous' ? commonLabel(kinds) : null),
    ...(own !== undefined && statedFields(own)),
    label,
    masks,
    ...(masks.length > 0 && statements.some((each) => each.isLabelledByMask === true) && { isLabelledByMask: true }),
    ...found.byMask,
    shapes: own === undefined ? drawn : shapes,
    path: place,
  };
  return { item, standing: own === undefined ? standing : 'own' };
}

/** Regions that are stated twice, as trackers and tools that join files leave them, count once. */
function distinct(place: string, statements: readonly Statement[], { report }: Sources): Shape[] {
  const shapes = new Map<string, Shape>();
  let repeated = 0;
  for (const shape of statements.flatMap((statement) => statement.shapes ?? [])) {
    const key = shape.kind === 'pixels' ? `${shapes.size} pixels` : JSON.stringify(shape);
    repeated += shapes.has(key) ? 1 : 0;
    shapes.set(key, shape);
  }
  if (repeated > 0) {
    report('repeated', place, `${repeated} annotations of the image are stated twice; each counts once.`);
  }
  return [...shapes.values()];
}

function doubtsOf(statements: readonly Statement[], { doubted }: Sources): string[] {
  const sources = new Set(['*', ...statements.map(({ source }) => source)]);
  const general = [...sources].flatMap((source) => doubted.get(source) ?? []);
  return [...statements.flatMap(({ doubts }) => doubts ?? []), ...general];
}

/** The masks that the statements name, as files. */
async function masksOf(place: string, statements: readonly Statement[], { tree, report }: Sources): Promise<string[]> {
  const index = await tree.imageIndex();
  const masks: string[] = [];
  for (const { masks: names = [], folders = ['.'] } of statements) {
    for (const name of names) {
      // The end of a mask's path may be that of its image.
      const match = index.findWhole(name, folders) ?? index.findEnd(name, (file) => file !== place);
      const found = match !== undefined && 'path' in match ? await tree.locate(match.path) : undefined;
      if (found === undefined || found === 'unsafe') {
        report('missing_mask', name, `The mask of ${place} does not exist in the set.`);
      } else {
        masks.push(found);
      }
    }
  }
  return masks;
}
