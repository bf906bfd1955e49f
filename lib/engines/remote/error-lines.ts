const FIELD = 'error:';
/** A line that tells of an error is shorter; of longer ones nothing more is held back. */
const MAX_LINE = 10_000;

const rewritten = (line: string) =>
  line.startsWith(FIELD) ? `data: {"error":${line.slice(FIELD.length).trimEnd()}}` : line;

/**
 * Turns the lines `error: {...}` of an event stream into `data: {"error": {...}}`. llama.cpp's server wrote the former
 * until the middle of 2025; they are no field of event streams, so that readers skip them, and a question that is too
 * long for its context seemed to break off. Everything else passes as it comes.
 */
export function readErrorLines(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  /** The beginning of a line that may be one of those. */
  let held = '';
  /** Whether the beginning of the last line has passed already. */
  let isInside = false;
  const send = (text: string, controller: TransformStreamDefaultController<Uint8Array>) => {
    if (text !== '') {
      controller.enqueue(encoder.encode(text));
    }
  };
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
      const last = lines.pop() ?? '';
      const whole = lines.map((line, index) => `${index === 0 && isInside ? line : rewritten(line)}\n`).join('');
      isInside &&= lines.length === 0;
      const mayBe = !isInside && last.length < MAX_LINE && FIELD.startsWith(last.slice(0, FIELD.length));
      held = mayBe ? last : '';
      isInside ||= !mayBe && last !== '';
      send(mayBe ? whole : whole + last, controller);
    },
    flush(controller) {
      send(rewritten(held), controller);
    },
  });
}
