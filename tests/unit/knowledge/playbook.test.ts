import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { parse } from 'yaml';
import { parseManifest } from '@/lib/engine/manifest';
import {
  type ActionKind,
  actionKindsOf,
  canonicalType,
  entryForPrompt,
  findEntries,
  loadPlaybook,
  materialOf,
  type Playbook,
  type PlaybookEntry,
  type Severity,
  severityOf,
  type Topic,
  topicsOf,
} from '@/lib/knowledge';
import { SEVERITIES, TOPICS } from '@/lib/knowledge/schema';

const BUNDLE = 'models/mini';
const SOURCES = 'lib/knowledge';

/** Written by `python -m looktwice_train.instruct.fixture`: what the training side retrieves. */
const shared = JSON.parse(readFileSync('tests/fixtures/retrieval.json', 'utf8')) as {
  find: [defect: string, material: string, text: string, ids: string[]][];
  prompts: [id: string, topic: Topic, severity: Severity, text: string][];
  types: [string, string][];
  materials: [string, string][];
  topics: [string, Topic[]][];
  kinds: [string, ActionKind[]][];
  some: [string, ActionKind[], string][];
};
const cases = (JSON.parse(readFileSync('tests/fixtures/measure.json', 'utf8')) as { cases: SeverityCase[] }).cases;
type SeverityCase = { type: string; severity: Severity; measure: { extent_percent: number; regions: unknown[] } };

/** Every sentence and phrase that a reader may see. */
const phrasesOf = (entry: PlaybookEntry) => [
  entry.description,
  ...Object.values(entry.impacts),
  ...entry.causes,
  ...entry.containment,
  ...entry.corrective,
  ...entry.preventive,
  ...entry.inspection,
];

let playbook: Playbook;
beforeAll(async () => {
  playbook = await loadPlaybook(join(BUNDLE, 'playbook.json'));
});

describe('the knowledge base', () => {
  it('is compiled from the YAML as it stands', async () => {
    const read = async (name: string) => parse(await readFile(join(SOURCES, name), 'utf8')) as unknown;
    const names = (await readdir(SOURCES)).filter((name) => name.endsWith('.yaml')).sort();
    const entries = await Promise.all(names.filter((name) => name !== 'vocabulary.yaml').map(read));
    const vocabulary = (await read('vocabulary.yaml')) as object;
    expect(playbook).toEqual({ version: 1, ...vocabulary, entries: entries.flat() });
  });

  it('has at least 60 defects besides the fallbacks, and a fallback for every material', () => {
    const specific = playbook.entries.filter(({ defect }) => defect !== 'unknown');
    expect(specific.length).toBeGreaterThanOrEqual(60);
    const pairs = specific.flatMap(({ defect, materials }) => materials.map((material) => `${defect}/${material}`));
    expect(new Set(pairs).size).toBe(pairs.length);
    for (const { name } of playbook.materials) {
      expect(findEntries(playbook, { defect: 'unknown', material: name })[0].materials).toContain(name);
    }
  });

  it('repeats no sentence, names no places or percents, and closes sentences', () => {
    const seen = new Map<string, string>();
    for (const entry of playbook.entries) {
      for (const phrase of phrasesOf(entry)) {
        const key = phrase.toLowerCase();
        expect([phrase, seen.get(key)]).toEqual([phrase, undefined]);
        seen.set(key, entry.id);
        expect(phrase).not.toMatch(/%|\b(?:upper|lower|top|bottom) (?:left|right)\b|\bTODO\b/);
      }
      for (const sentence of [entry.description, ...Object.values(entry.impacts)]) {
        expect(sentence).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  it('says nothing about a medical scan but to refer it to a radiologist', () => {
    const entries = playbook.entries.filter(({ materials }) => materials.includes('medical scan'));
    expect(entries.map(({ defect }) => defect)).toEqual(['unknown']);
    for (const impact of Object.values(entries[0]?.impacts ?? {})) {
      expect(impact).toMatch(/radiologist/);
    }
  });

  it('fits every prompt text into 90 tokens', async () => {
    const readJson = async (name: string) => JSON.parse(await readFile(join(BUNDLE, name), 'utf8')) as object;
    const tokenizer = new Tokenizer(await readJson('tokenizer.json'), await readJson('tokenizer_config.json'));
    const longest = playbook.entries
      .flatMap((entry) =>
        TOPICS.flatMap((topic) =>
          SEVERITIES.map((severity) => {
            const text = entryForPrompt(playbook, entry, topic, severity);
            return { text, tokens: tokenizer.encode(text).ids.length };
          }),
        ),
      )
      .sort((a, b) => b.tokens - a.tokens)[0];
    expect(longest?.tokens).toBeLessThanOrEqual(90);
  });
});

describe('retrieval', () => {
  it.each(shared.find)('%s in %s %s finds what the training side finds', (defect, material, text, ids) => {
    expect(findEntries(playbook, { defect, material, text }).map(({ id }) => id)).toEqual(ids);
  });

  it('gives the prompt texts that the model was trained on', () => {
    for (const [id, topic, severity, text] of shared.prompts) {
      const entry = playbook.entries.find((candidate) => candidate.id === id);
      expect(entry && entryForPrompt(playbook, entry, topic, severity)).toBe(text);
    }
    for (const [id, kinds, text] of shared.some) {
      const entry = playbook.entries.find((candidate) => candidate.id === id);
      expect(entry && entryForPrompt(playbook, entry, 'actions', 'minor', kinds)).toBe(text);
    }
  });

  it('reads types, materials and topics as the training side', () => {
    expect(shared.types.map(([word]) => [word, canonicalType(playbook, word)])).toEqual(shared.types);
    expect(shared.materials.map(([word]) => [word, materialOf(playbook, word)])).toEqual(shared.materials);
    expect(shared.topics.map(([question]) => [question, topicsOf(question)])).toEqual(shared.topics);
    expect(shared.kinds.map(([question]) => [question, actionKindsOf(question)])).toEqual(shared.kinds);
  });

  it('knows every type that the mask decoder can name', () => {
    const { segmenter } = parseManifest(readFileSync(join(BUNDLE, 'manifest.json'), 'utf8'));
    expect(segmenter?.types.filter((type) => canonicalType(playbook, type) === 'unknown')).toEqual([]);
    expect(canonicalType(playbook, 'foreign material')).toBe('contamination');
  });

  it('prefers the generic entry to one of a wrong material', () => {
    const [scratch] = findEntries(playbook, { defect: 'scratch', material: 'leather' });
    expect(scratch.id).toBe('scratch-part');
    const [knot] = findEntries(playbook, { defect: 'knot', material: 'glass' });
    expect(knot.id).toBe('unknown-glass');
  });

  it('lets aliases in the question decide between equals', () => {
    const query = { defect: 'unknown', material: 'unknown' };
    expect(findEntries(playbook, { ...query, text: 'my solder bridge' }).map(({ id }) => id)).toContain(
      'short-circuit-electronics',
    );
  });
});

describe('severityOf', () => {
  it('rates as the training side', () => {
    for (const { type, severity, measure } of cases) {
      const finding = { defect: type, extentPercent: measure.extent_percent, count: measure.regions.length };
      expect(severityOf(playbook, finding)).toBe(severity);
    }
  });

  it.each([
    ['stain', 0.2, 1, 'minor'],
    ['crack', 0.2, 1, 'moderate'],
    ['crack', 5, 1, 'severe'],
    ['scratch', 12, 6, 'severe'],
    ['no such type', 0.1, 1, 'minor'],
  ])('%s over %d %% in %d regions is %s', (defect, extentPercent, count, expected) => {
    expect(severityOf(playbook, { defect, extentPercent, count })).toBe(expected);
  });
});

describe('loadPlaybook', () => {
  it.each([
    ['not JSON', '{', /is not valid JSON: compile it again/],
    ['an empty object', '{}', /is not a playbook: .*version/],
  ])('refuses %s with the file and the field', async (_, text, message) => {
    const path = join(await mkdtemp(join(tmpdir(), 'playbook-')), 'playbook.json');
    await writeFile(path, text);
    await expect(loadPlaybook(path)).rejects.toThrow(message);
    await expect(loadPlaybook(path)).rejects.toThrow(path);
  });

  it('refuses a doubled id, an unknown type and a missing fallback', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'playbook-')), 'playbook.json');
    const [first] = playbook.entries;
    const check = async (entries: unknown[], message: RegExp) => {
      await writeFile(path, JSON.stringify({ ...playbook, entries }));
      await expect(loadPlaybook(path)).rejects.toThrow(message);
    };
    await check([...playbook.entries, first], /the id is used twice/);
    await check([...playbook.entries, { ...first, id: 'other', defect: 'gremlin' }], /unknown defect type "gremlin"/);
    await check([first], /entry for an unknown defect is missing/);
  });
});
