import { renderToStaticMarkup } from 'react-dom/server';
import { storedMessageSchema } from '@/lib/assistant/contract';
import { toSharedMessage } from '@/lib/sharing/shared-view';
import { SharedMessageView } from '@/lib/workbench/shared-page/shared-message';
import { PasswordForm } from '@/lib/workbench/shared-page/password-form';
import { answer, image } from './sample-data';

const { imageId, width, height } = image;
const row = {
  ...{ id: imageId, ownerId: 'local', sha256: 'a'.repeat(64), name: 'Image 1', mime: 'image/jpeg', width, height },
  ...{ bytes: 1000, createdAt: new Date(0), receivedAt: null, pages: 1, low: null, high: null },
};

test('the server writes the answer with its mask, findings and picture of the link, without a script', () => {
  const message = storedMessageSchema.parse(answer);
  const html = renderToStaticMarkup(
    <SharedMessageView message={toSharedMessage(message, new Map([[imageId, row]]))} token="TOKEN" originals={false} />,
  );
  expect(html).toContain('/api/shared/TOKEN/images/');
  expect(html).toMatch(/<path d="M/);
  expect(html).toContain('1. crack');
  expect(html).toContain('<strong>crack</strong>');
  expect(html).not.toContain('/api/images/');
});

test('the password form tells nothing but that there is a password', () => {
  const html = renderToStaticMarkup(<PasswordForm token="TOKEN" problem="That is not the password." />);
  expect(html).toContain('action="/api/shared/TOKEN/unlock"');
  expect(html).toContain('That is not the password.');
});
