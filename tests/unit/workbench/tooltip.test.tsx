import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { loadTooltips, Tooltip } from '@/lib/workbench/ui/tooltip';

it('leaves the button that has the focus alone while its code comes, and labels it afterwards', async () => {
  render(
    <>
      <Tooltip label="Attach images" keybinding="mod+o">
        <button type="button">+</button>
      </Tooltip>
      <input aria-label="Question" />
    </>,
  );
  const before = screen.getByRole('button');
  before.focus();
  await act(loadTooltips);
  expect(screen.getByRole('button')).toBe(before);
  expect(before).toHaveFocus();

  await userEvent.click(screen.getByLabelText('Question'));
  await userEvent.tab({ shift: true });
  expect(await screen.findByRole('tooltip')).toHaveTextContent('Attach images');
});
