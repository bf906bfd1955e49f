import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { SheetItem } from '@/lib/contract';
import { ContactSheet } from '@/lib/workbench/chat/contact-sheet';

const item = (index: number, verdict: SheetItem['verdict'] = 'normal'): SheetItem => ({
  ...{ imageId: `i${index}`, inspectionId: `n${index}`, score: 0.2, bucket: 'slightly', verdict, probability: 0.2 },
  ...{ foreignness: null, basis: { kind: 'set', count: 30 }, type: verdict === 'normal' ? null : 'crack' },
  outline: verdict === 'normal' ? null : { width: 40, height: 30, path: 'M1 1L9 1L9 9Z' },
});

function show(count: number) {
  const opened: string[] = [];
  const items = Array.from({ length: count }, (_, index) => item(index, index === 0 ? 'anomalous' : 'normal'));
  render(
    <ContactSheet
      part={{ items, failed: [{ imageId: 'x', reason: 'it is damaged' }] }}
      nameOf={(imageId) => `${imageId}.png`}
      picture={(imageId) => `/picture/${imageId}`}
      tile={({ imageId }, props, content) => (
        <button type="button" {...props} onClick={() => opened.push(imageId)}>
          {content}
        </button>
      )}
    />,
  );
  return { opened, sheet: screen.getByRole('region', { name: 'Contact sheet' }) };
}

it('says what the verdicts come to, and marks what was found', () => {
  const { sheet } = show(9);
  expect(sheet).toHaveTextContent('1 of 9 images stands out. They were judged among each other, without references.');
  expect(sheet).toHaveTextContent('x.png: it is damaged');
  const tiles = within(sheet).getAllByRole('button');
  expect(tiles).toHaveLength(9);
  expect(tiles[0]).toHaveAccessibleName('i0.png: anomalous, 0.20, crack, from its set (30 images)');
  expect(tiles[0]?.querySelector('path')).toHaveAttribute('d', 'M1 1L9 1L9 9Z');
  expect(tiles[1]?.querySelector('path')).toBeNull();
});

it('is one stop of the Tab key, in which arrow keys go from image to image and Enter opens one', async () => {
  const { opened, sheet } = show(9);
  const tiles = within(sheet).getAllByRole('button');
  await userEvent.tab();
  expect(tiles[0]).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}');
  expect(tiles[1]).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(opened).toEqual(['i1']);
  await userEvent.keyboard('{End}');
  expect(tiles[8]).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  expect(tiles[8]).toHaveFocus();
  await userEvent.tab();
  expect(sheet).not.toContainElement(document.activeElement as HTMLElement);
  await userEvent.tab({ shift: true });
  expect(tiles[8]).toHaveFocus();
});

it('shows the first images of many, and all of them when asked to', async () => {
  const { sheet } = show(30);
  expect(within(sheet).getAllByRole('listitem')).toHaveLength(24 + 1);
  await userEvent.click(within(sheet).getByRole('button', { name: 'Show all 30' }));
  expect(within(sheet).getAllByRole('listitem')).toHaveLength(30 + 1);
  expect(within(sheet).queryByRole('button', { name: /Show all/ })).toBeNull();
});
