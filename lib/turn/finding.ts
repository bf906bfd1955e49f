import type { ChecklistPart, Finding, Source } from '@/lib/contract';
import {
  type ActionKind,
  type Lookup,
  type Playbook,
  type PlaybookEntry,
  type Severity,
  type Topic,
  canonicalType,
  chosenActions,
  entryForPrompt,
  entrySubject,
  findEntries,
  severityOf,
} from '@/lib/knowledge';
import { placeOfRle } from '@/lib/segmentation/describe';
import type { Segmentation } from '@/lib/segmentation/mask-source';

/** Type probability from which the finding is named; below it the evidence says `unknown`. */
const TYPE_CONFIDENCE = 0.35;

/** The playbook's word for the likeliest defect type, `unknown` when none is likely enough. */
export function nameType(playbook: Playbook, types: Segmentation['types']): string {
  const [best] = types;
  return best !== undefined && best.probability >= TYPE_CONFIDENCE ? canonicalType(playbook, best.type) : 'unknown';
}

/** The playbook's word for what a writer calls a finding; its own word where the playbook has none. */
export function typeNamed(playbook: Playbook, name: string): string {
  const known = canonicalType(playbook, name);
  return known === 'unknown' ? name.toLowerCase() : known;
}

/** One row of the findings card per region. */
export function findingRows(playbook: Playbook, { regions }: Segmentation, defect: string): Finding[] {
  return regions.map((region): Finding => {
    const extentPercent = region.areaFraction * 100;
    return {
      regionId: region.id,
      type: defect,
      place: placeOfRle(region.rle),
      extentPercent,
      areaPx: region.areaPx,
      bbox: region.bbox,
      severity: severityOf(playbook, { defect, extentPercent, count: 1 }),
      score: region.score,
    };
  });
}

export type Advice = { entry: PlaybookEntry; splice: string; source: Source; checklists: ChecklistPart[] };

/** The playbook entry for a question under each of its topics, as the model gets it and as the workbench shows it. */
export function advise(
  playbook: Playbook,
  query: { defect: string; material: string; text: string },
  { topics, kinds }: Lookup,
  severity: Severity,
): Advice {
  const [entry] = findEntries(playbook, query);
  const texts = topics.map((topic) => entryForPrompt(playbook, entry, topic, severity, kinds));
  const title = entrySubject(playbook, entry);
  return {
    entry,
    splice: texts.map((text) => ` [playbook: ${text}]`).join(''),
    source: { kind: 'playbook', id: entry.id, title, text: texts.join(' ') },
    checklists: topics.flatMap((topic) => checklistOf({ playbook, entry, topic, severity, title, kinds }) ?? []),
  };
}

const GROUPS = { containment: 'Containment', corrective: 'Corrective', preventive: 'Preventive' } as const;

type Listed = {
  playbook: Playbook;
  entry: PlaybookEntry;
  topic: Topic;
  severity: Severity;
  title: string;
  kinds: readonly ActionKind[];
};

function checklistOf({ playbook, entry, topic, severity, title, kinds }: Listed): ChecklistPart | null {
  if (topic === 'actions') {
    const items = [...chosenActions(playbook, entry, kinds)].flatMap(([kind, actions]) =>
      actions.map((text, i) => ({ id: `${entry.id}.${kind}.${i}`, text, group: GROUPS[kind], done: false })),
    );
    return { topic: 'actions', title: `Actions: ${title}`, items };
  }
  if (topic === 'impact') {
    const checks = entry.inspection.map((text, i) => ({
      id: `${entry.id}.check.${i}`,
      text,
      group: 'Check',
      done: false,
    }));
    const impact = { id: `${entry.id}.impact`, text: entry.impacts[severity], group: 'Impact', done: false };
    return { topic: 'impact', title: `Impact: ${title}`, items: [impact, ...checks] };
  }
  return null;
}
