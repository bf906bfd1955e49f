import { renderToStaticMarkup } from 'react-dom/server';
import { storedMessageSchema } from '@/lib/contract';
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

test('what queries say about a data set is a table on the page of the link too, without ways into the data set', () => {
  const part = {
    type: 'data-dataset',
    data: {
      ...{
        datasetId: 'd'.repeat(22),
        name: 'Data set 1',
        kind: 'mislabelled',
        title: 'Labels to look at',
        evidence: '',
      },
      columns: ['Item', 'Label', 'Score'],
      rows: [{ itemId: 'i'.repeat(22), imageId, cells: ['Item <1>', 'normal', '0.97'] }],
    },
  };
  const message = storedMessageSchema.parse({ ...answer, parts: [...answer.parts, part] });
  const html = renderToStaticMarkup(
    <SharedMessageView message={toSharedMessage(message, new Map([[imageId, row]]))} token="TOKEN" originals={false} />,
  );
  const table = /<section aria-label="Labels to look at".*?<\/section>/s.exec(html)?.[0] ?? '';
  for (const shown of ['Labels to look at', 'Data set 1', 'Item &lt;1&gt;', 'normal', '0.97']) {
    expect(table).toContain(shown);
  }
  expect(table).not.toContain('<button');
});

test('the password form tells nothing but that there is a password', () => {
  const html = renderToStaticMarkup(<PasswordForm token="TOKEN" problem="That is not the password." />);
  expect(html).toContain('action="/api/shared/TOKEN/unlock"');
  expect(html).toContain('That is not the password.');
});
