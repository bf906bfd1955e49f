import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import type { ValueWindow } from '@/lib/contract';
import { ValuesSection } from '@/lib/workbench/image/values-section';
import { PageField } from '@/lib/workbench/ui/page-field';

const values = {
  found: { low: 0, high: 4095 },
  note: 'The values use 12 bits of a deeper file: read from 0 (black) to 4,095 (white).',
  min: 200,
  max: 3000,
  isWhole: true,
  histogram: Array.from({ length: 64 }, (_, i) => i),
};
const chosen: (ValueWindow | null)[] = [];

function Pane() {
  const [window, setWindow] = useState<ValueWindow | null>(null);
  const choose = (next: ValueWindow | null) => {
    chosen.push(next);
    setWindow(next);
  };
  return <ValuesSection control={{ values, window: window ?? values.found, chosen: window !== null, choose }} />;
}

beforeEach(() => {
  chosen.length = 0;
  render(<Pane />);
});

it('says which range is shown, and takes another from the fields', async () => {
  expect(screen.getByRole('status')).toHaveTextContent('use 12 bits');
  const white = screen.getByRole('textbox', { name: 'White' });
  await userEvent.clear(white);
  await userEvent.type(white, '2800{Enter}');
  expect(chosen).toEqual([{ low: 0, high: 2800 }]);
  expect(screen.getByRole('status')).toHaveTextContent('Chosen: 0 (black) to 2,800 (white)');
  await userEvent.click(screen.getByRole('button', { name: 'Automatic' }));
  expect(chosen.at(-1)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'All values' }));
  expect(chosen.at(-1)).toEqual({ low: 200, high: 3000 });
});

it('is moved with the keyboard', async () => {
  const black = screen.getByRole('slider', { name: 'Black' });
  black.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(chosen.at(-1)).toEqual({ low: 2, high: 4095 });
  expect(black).toHaveAttribute('aria-valuetext', '2');
});

it('takes no window that is upside down, and no word', async () => {
  const black = screen.getByRole('textbox', { name: 'Black' });
  for (const wrong of ['5000', '4095', 'x', ' ']) {
    await userEvent.clear(black);
    await userEvent.type(black, `${wrong}{Enter}`);
  }
  await userEvent.type(black, '7{Escape}');
  expect(chosen).toEqual([]);
  expect(black).toHaveValue('0');
});

it('takes a page of a stack with Enter, and none that is not there', async () => {
  const pages: number[] = [];
  render(<PageField page={1} pages={5} label="Page of a.tif" onChoose={(page) => pages.push(page)} />);
  const field = screen.getByRole('spinbutton', { name: 'Page of a.tif, 1 to 5' });
  for (const page of ['3', '6', '0', '2.5']) {
    await userEvent.clear(field);
    await userEvent.type(field, `${page}{Enter}`);
  }
  expect(pages).toEqual([3]);
  expect(field).toHaveValue(1);
});
