import { cn } from '@/lib/workbench/ui/cn';

test('a text size of ours does not push out a colour, and the later of a kind wins', () => {
  expect(cn('text-on-accent', 'text-ui')).toBe('text-on-accent text-ui');
  expect(cn('text-high', 'text-2xs', 'text-low')).toBe('text-2xs text-low');
  expect(cn('text-ui', 'text-xs')).toBe('text-xs');
});
