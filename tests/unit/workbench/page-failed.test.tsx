import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import PageFailed from '@/app/error';

// jsdom has no screen whose colours could be asked for.
beforeAll(() => {
  const listen = { addListener: () => {}, removeListener: () => {}, onchange: null };
  window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false, ...listen });
});

test('a page that failed shows the reference that the log has, and nothing of what went wrong', async () => {
  const reset = jest.fn();
  const error = Object.assign(new Error('no such table: secrets in /srv/data'), { digest: '4711' });
  const { container } = render(<PageFailed error={error} reset={reset} />);
  expect(screen.getByRole('heading', { name: 'This page could not be shown' })).toBeVisible();
  expect(screen.getByText('4711')).toBeVisible();
  expect(container).not.toHaveTextContent('secrets');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(reset).toHaveBeenCalledTimes(1);
});
