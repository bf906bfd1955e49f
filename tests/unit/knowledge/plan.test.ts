import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookupOf } from '@/lib/knowledge';

test('a plan says what is looked up, whatever the words are', () => {
  expect(lookupOf('What now, then?', 'prevention')).toEqual({ topics: ['actions'], kinds: ['preventive'] });
  expect(lookupOf('Where is the risk?', 'place').topics).toEqual([]);
  expect(lookupOf('An 8D on it', '8D report').topics).toEqual(['cause', 'actions']);
});

test('without a plan, and where a cause is claimed, the words say it', () => {
  expect(lookupOf('How can we prevent it?', null)).toEqual({ topics: ['actions'], kinds: ['preventive'] });
  expect(lookupOf('Why is there a scratch?', 'claim').topics).toEqual(['cause']);
  expect(lookupOf('Where is it?', null).topics).toEqual([]);
});

test('each plan that needs the playbook is one that the training knows', () => {
  const training = readFileSync(join(__dirname, '../../../models/training/looktwice_train/instruct/plan.py'), 'utf8');
  const known = new Set([...training.matchAll(/": "([^"]+)"/g)].map(([, name]) => name));
  const source = readFileSync(join(__dirname, '../../../lib/knowledge/plan.ts'), 'utf8');
  const used = [...source.matchAll(/\['([^']+)', \[/g)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(15);
  expect(used.filter((name) => !known.has(name))).toEqual([]);
});
