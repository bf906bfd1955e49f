import fc from 'fast-check';
import { readErrorLines } from '@/lib/engines/remote/error-lines';

/** What comes out where the bytes come in pieces that end at `cuts`. */
async function through(text: string, cuts: readonly number[]): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      ends.forEach((end, index) => controller.enqueue(bytes.slice(ends[index - 1] ?? 0, end)));
      controller.close();
    },
  });
  return new Response(stream.pipeThrough(readErrorLines())).text();
}

test('a line of an error becomes data, wherever it stands', async () => {
  const text = 'data: {"a":1}\n\nerror: {"code":400,"message":"too long"}\r\n\ndata: [DONE]\n\n';
  expect(await through(text, [])).toBe(
    'data: {"a":1}\n\ndata: {"error": {"code":400,"message":"too long"}}\n\ndata: [DONE]\n\n',
  );
  expect(await through('error: "at the end"', [])).toBe('data: {"error": "at the end"}');
});

test('where the pieces end makes no difference, and other text passes unchanged', async () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('error: {"x":1}', 'erro', 'data: error: {}', 'é'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
      const text = lines.join('\n');
      const whole = await through(text, []);
      expect(await through(text, cuts)).toBe(whole);
      expect(whole.replace(/^data: \{"error":(.*)\}$/gm, 'error:$1')).toBe(text);
    }),
  );
});

test('a long line passes before it ends', async () => {
  const text = `error: ${'x'.repeat(20_000)}`;
  expect(await through(text, [15_000])).toBe(text);
});
