import { intentOf } from '@/lib/datasets/ask/intent';

it.each([
  ['Which items of @parts are probably labelled wrong?', 'mislabelled'],
  ['Are there wrong masks in @parts?', 'mislabelled'],
  ['Show me what looks mislabelled in @parts', 'mislabelled'],
  ['Which ones is the model unsure about in @parts?', 'uncertain'],
  ['How many kinds of defects are in @parts?', 'types'],
  ['What looks like this in @parts?', 'similar'],
  ['Tell me about @parts', 'summary'],
] as const)('hears what "%s" asks for', (text, kind) => {
  expect(intentOf(text)).toBe(kind);
});
