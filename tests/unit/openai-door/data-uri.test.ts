import fc from 'fast-check';
import { readDataUri } from '@/lib/openai-door/data-uri';
import { DoorError } from '@/lib/openai-door/door-error';

const FIELD = 'messages.0.content.1.image_url.url';

function refusal(uri: string): string {
  try {
    readDataUri(uri, FIELD);
  } catch (error) {
    if (error instanceof DoorError) {
      expect([error.status, error.param]).toEqual([400, FIELD]);
      return error.message;
    }
    throw error;
  }
  return 'accepted';
}

test('bytes come back as they were, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.constantFrom('png', 'jpeg', 'svg+xml'),
      (bytes, type) => {
        const uri = `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
        expect([...readDataUri(uri, FIELD)]).toEqual([...bytes]);
      },
    ),
  );
});

test('any other text is refused with a sentence, and never throws anything else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `data:image/png;base64,${text}`),
      ),
      (uri) => {
        const message = refusal(uri);
        expect(message === 'accepted' || message.startsWith(FIELD)).toBe(true);
      },
    ),
  );
});

test.each([
  ['https://example.com/a.png', /web address.*fetches nothing/],
  ['http://169.254.169.254/latest/meta-data', /fetches nothing/],
  ['file:///etc/passwd', /no picture/],
  ['data:text/plain;base64,aGk=', /no picture/],
  ['data:image/png,hello', /no picture/],
  ['data:image/png;base64,', /not base64/],
  ['data:image/png;base64,a b', /not base64/],
])('%s is refused', (uri, message) => {
  expect(refusal(uri)).toMatch(message);
});
