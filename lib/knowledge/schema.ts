import { z } from 'zod';

export const SEVERITIES = ['minor', 'moderate', 'severe'] as const;
export const TOPICS = ['impact', 'cause', 'actions', 'general'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Topic = (typeof TOPICS)[number];

const sentence = z.string().min(12).max(200);
const words = z.string().min(2).max(80);

/**
 * A defect type of the shared vocabulary. `many` is null for mass nouns; criticality 0 look, 1 function, 2 structure.
 */
const defectType = z.strictObject({
  name: words,
  one: words,
  many: words.nullable(),
  criticality: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  aliases: z.array(words).min(1),
});

const material = z.strictObject({ name: words, label: words, objects: z.array(words) });

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  defect: words,
  materials: z.array(words).min(1),
  aliases: z.array(words).min(1),
  description: sentence,
  causes: z.array(words).min(3),
  impacts: z.strictObject({ minor: sentence, moderate: sentence, severe: sentence }),
  containment: z.array(words).min(2),
  corrective: z.array(words).min(2),
  preventive: z.array(words).min(2),
  inspection: z.array(z.string().min(8).max(120)).min(1),
});

/** `playbook.json` of a bundle: the vocabulary and the entries of lib/knowledge/*.yaml. */
export const playbookSchema = z
  .strictObject({
    version: z.literal(1),
    types: z.array(defectType).min(1),
    materials: z.array(material).min(1),
    entries: z.array(entry).min(1),
  })
  .superRefine(({ types, materials, entries }, context) => {
    const typeNames = new Set(types.map(({ name }) => name));
    const materialNames = new Set(materials.map(({ name }) => name));
    const ids = new Set<string>();
    for (const [index, { id, defect, materials: families }] of entries.entries()) {
      const at = (message: string) =>
        context.addIssue({ code: 'custom', path: ['entries', index], message: `${id}: ${message}` });
      if (ids.has(id)) {
        at('the id is used twice');
      }
      ids.add(id);
      if (!typeNames.has(defect)) {
        at(`unknown defect type "${defect}"`);
      }
      for (const family of families.filter((name) => !materialNames.has(name))) {
        at(`unknown material "${family}"`);
      }
    }
    if (!entries.some(({ defect, materials: families }) => defect === 'unknown' && families.includes('unknown'))) {
      context.addIssue({ code: 'custom', path: ['entries'], message: 'the entry for an unknown defect is missing' });
    }
  });

export type Playbook = z.infer<typeof playbookSchema>;
export type PlaybookEntry = Playbook['entries'][number];
