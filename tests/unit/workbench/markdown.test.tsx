import { render, screen } from '@testing-library/react';
import Markdown from '@/lib/workbench/chat/markdown';

it('renders tables, lists and emphasis', () => {
  render(<Markdown text={'**Yes.**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two'} />);
  expect(screen.getByText('Yes.').tagName).toBe('STRONG');
  expect(screen.getByRole('table')).toBeInTheDocument();
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
});

it('shows HTML of an answer as nothing but text', () => {
  const { container } = render(
    <Markdown text={'Hi <img src=x onerror=alert(1)> <script>alert(1)</script> <b>bold</b>'} />,
  );
  expect(container.querySelector('img, script, b')).toBeNull();
});

it('loads no image and follows no link', () => {
  const { container } = render(
    <Markdown text={'![secret](https://evil.example/?q=1) [click](https://evil.example) [js](javascript:alert(1))'} />,
  );
  expect(container.querySelector('img, a')).toBeNull();
  expect(container).toHaveTextContent('[image: secret]');
  expect(container).toHaveTextContent('click (https://evil.example)');
});
