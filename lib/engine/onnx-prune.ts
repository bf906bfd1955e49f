/**
 * The part of an ONNX graph that leads to some of its outputs. ONNX Runtime computes every node, whatever is fetched;
 * whoever needs two of seven outputs has it compute those alone. Works on the file's bytes: what is kept stays as it
 * was. Field numbers are those of onnx.proto (ONNX IR).
 */

/** A field of a protobuf message: its number, its bytes with the tag, and for wire type 2 its content. */
type Field = { number: number; whole: Uint8Array; content: Uint8Array };

const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, output: 12, valueInfo: 13, sparseInitializer: 15 } as const;
const NODE = { input: 1, output: 2, attribute: 5 } as const;
const ATTRIBUTE = { graph: 6, graphs: 11 } as const;
const TENSOR = { name: 8, externalData: 13 } as const;
const VALUE = { name: 1 } as const;

const NOTHING = new Uint8Array(0);
const damaged = () => new RangeError('the graph is damaged');

/** @throws RangeError beyond the end, or above 2^53 */
function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let next = at; next < Math.min(bytes.length, at + 10); next += 1, factor *= 128) {
    const byte = bytes[next] as number;
    value += (byte & 127) * factor;
    if (byte < 128) {
      return { value, next: next + 1 };
    }
  }
  throw damaged();
}

/** @throws RangeError for what is no message */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    const wire = tag.value % 8;
    let start = tag.next;
    let end: number;
    if (wire === 0) {
      end = readVarint(bytes, start).next;
    } else if (wire === 1 || wire === 5) {
      end = start + (wire === 1 ? 8 : 4);
    } else if (wire === 2) {
      const length = readVarint(bytes, start);
      start = length.next;
      end = start + length.value;
    } else {
      throw damaged();
    }
    if (end > bytes.length) {
      throw damaged();
    }
    const content = wire === 2 ? bytes.subarray(start, end) : NOTHING;
    yield { number: Math.floor(tag.value / 8), whole: bytes.subarray(at, end), content };
    at = end;
  }
}

const utf8 = new TextDecoder();

function textsOf(message: Uint8Array, number: number): string[] {
  return [...fieldsOf(message)].filter((field) => field.number === number).map(({ content }) => utf8.decode(content));
}

function holds(message: Uint8Array, numbers: readonly number[]): boolean {
  return [...fieldsOf(message)].some(({ number }) => numbers.includes(number));
}

/**
 * Bodies of If and Loop use values of the graph around them by name; tensors in other files are found beside the
 * model's file only.
 */
function isPlain(graph: readonly Field[]): boolean {
  return graph.every(({ number, content }) => {
    if (number === GRAPH.node) {
      const attributes = [...fieldsOf(content)].filter((field) => field.number === NODE.attribute);
      return !attributes.some((attribute) => holds(attribute.content, Object.values(ATTRIBUTE)));
    }
    return (
      number !== GRAPH.sparseInitializer && !(number === GRAPH.initializer && holds(content, [TENSOR.externalData]))
    );
  });
}

/** The nodes that lead to `wanted`, and the names of all values on the way. */
function traceBack(nodes: readonly Field[], wanted: readonly string[]) {
  const names = new Set(wanted);
  // ONNX lists nodes in an order in which each comes after what it uses.
  const kept = nodes.toReversed().filter(({ content }) => {
    const leads = textsOf(content, NODE.output).some((name) => names.has(name));
    if (leads) {
      textsOf(content, NODE.input).forEach((name) => names.add(name));
    }
    return leads;
  });
  return { kept: new Set(kept), names };
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      return Uint8Array.from([...bytes, rest]);
    }
    bytes.push((rest % 128) + 128);
  }
}

/**
 * Cuts a model down to what leads to some outputs.
 *
 * @param model an ONNX file's bytes
 * @param outputs names of the graph's outputs that are kept
 * @returns the smaller model; undefined for one with graphs inside nodes or with data in other files, which are left
 *   alone
 * @throws RangeError when the bytes are no ONNX model, or the graph has no such output
 */
export function pruneModel(model: Uint8Array, outputs: readonly string[]): Uint8Array | undefined {
  const fields = [...fieldsOf(model)];
  const body = fields.find(({ number }) => number === MODEL.graph);
  if (body === undefined) {
    throw damaged();
  }
  const graph = [...fieldsOf(body.content)];
  if (!isPlain(graph)) {
    return undefined;
  }
  const nameOf = ({ content }: Field, number: number) => textsOf(content, number)[0] ?? '';
  const present = graph.filter(({ number }) => number === GRAPH.output).map((field) => nameOf(field, VALUE.name));
  const missing = outputs.find((name) => !present.includes(name));
  if (missing !== undefined) {
    throw new RangeError(`the graph has no output "${missing}"`);
  }
  const { kept, names } = traceBack(
    graph.filter(({ number }) => number === GRAPH.node),
    outputs,
  );
  const rest = graph.filter((field) => {
    switch (field.number) {
      case GRAPH.node:
        return kept.has(field);
      case GRAPH.initializer:
        return names.has(nameOf(field, TENSOR.name));
      case GRAPH.valueInfo:
        return names.has(nameOf(field, VALUE.name));
      case GRAPH.output:
        return outputs.includes(nameOf(field, VALUE.name));
      default:
        return true;
    }
  });
  const content = Buffer.concat(rest.map(({ whole }) => whole));
  const pruned = [varint(MODEL.graph * 8 + 2), varint(content.length), content];
  return Buffer.concat(fields.flatMap((field) => (field === body ? pruned : [field.whole])));
}
