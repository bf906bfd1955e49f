import { waitFor } from '@testing-library/react';
import { focusWhenThere } from '@/lib/workbench/commands/parts';

beforeEach(() => {
  document.body.innerHTML = '<textarea id="composer"></textarea><aside></aside>';
  document.querySelector<HTMLElement>('#composer')?.focus();
});

it('focuses what is there at once', () => {
  document.querySelector('aside')?.append(document.createElement('select'));
  focusWhenThere('aside select');
  expect(document.activeElement?.tagName).toBe('SELECT');
});

it('waits for a view that loads, and takes the focus once only', async () => {
  focusWhenThere('aside select');
  expect(document.activeElement?.id).toBe('composer');
  document.querySelector('aside')?.append(document.createElement('select'));
  await waitFor(() => expect(document.activeElement?.tagName).toBe('SELECT'));
  document.querySelector<HTMLElement>('#composer')?.focus();
  document.querySelector('aside')?.append(document.createElement('p'));
  await Promise.resolve();
  expect(document.activeElement?.id).toBe('composer');
});
