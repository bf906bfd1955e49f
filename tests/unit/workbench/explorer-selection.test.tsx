import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { draftOf, draftStore } from '@/lib/workbench/chat/drafts';
import { attachSelection, clearSelection, selectAll, selectionStore } from '@/lib/workbench/shell/explorer-selection';
import { ImageRow, type ImageRowData } from '@/lib/workbench/shell/image-row';
import { layoutStore } from '@/lib/workbench/state/layout';

const rows = Array.from({ length: 230 }, (_, index): ImageRowData => ({
  ...{ imageId: `i${index}`, name: `part-${index}.png`, width: 9, height: 9, role: 'subject', inspection: null },
}));
const selected = () => selectionStore.get().map(({ imageId }) => imageId);

beforeEach(() => {
  clearSelection();
  draftStore.set({});
  layoutStore.set((layout) => ({ ...layout, conversationId: 'c' }));
});

function show() {
  const shown = rows.slice(0, 6);
  render(
    <>
      {shown.map((image) => (
        <ImageRow key={image.imageId} image={image} rows={shown} open={false} conversationId="c" />
      ))}
    </>,
  );
  return (index: number) => screen.getByTitle(`part-${index}.png`);
}

it('selects with Ctrl, and a range with Shift; a plain press opens and selects nothing', async () => {
  const row = show();
  const user = userEvent.setup();
  await user.keyboard('{Control>}');
  await user.click(row(1));
  await user.keyboard('{/Control}{Shift>}');
  await user.click(row(4));
  await user.keyboard('{/Shift}{Control>}');
  await user.click(row(2));
  await user.keyboard('{/Control}');
  expect(selected()).toEqual(['i1', 'i3', 'i4']);
  expect(row(3)).toHaveTextContent('selected');
  await user.click(row(0));
  expect(selected()).toEqual([]);
});

it('selects by keyboard', async () => {
  const row = show();
  row(5).focus();
  await userEvent.keyboard('{Control>} {/Control}');
  row(3).focus();
  await userEvent.keyboard('{Shift>} {/Shift}');
  expect(selected()).toEqual(['i5', 'i3', 'i4']);
});

it('attaches what is selected, as far as a message has room', () => {
  selectAll(rows);
  attachSelection();
  const { attachments } = draftOf(draftStore.get(), 'c');
  expect(attachments).toHaveLength(200);
  expect(attachments[0]).toMatchObject({ name: 'part-0.png', role: 'subject' });
  expect(selected()).toEqual([]);
});
