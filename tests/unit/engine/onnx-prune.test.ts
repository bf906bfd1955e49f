import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InferenceSession } from 'onnxruntime-node';
import { pruneModel } from '@/lib/engine/onnx-prune';

const graph = (name: string) => readFileSync(join(__dirname, '../../../models/mini', name));

async function outputsOf(model: Uint8Array): Promise<string[]> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  const names = [...session.outputNames];
  await session.release();
  return names;
}

describe('pruneModel', () => {
  it.each(['encoder.onnx', 'moments.onnx'])(
    'gives %s back byte for byte when all of its outputs are wanted',
    async (name) => {
      const model = graph(name);
      expect(Buffer.from(pruneModel(model, await outputsOf(model)) ?? []).equals(model)).toBe(true);
    },
  );

  it.each([
    ['expert.onnx', 'score'],
    ['encoder.onnx', 'cls'],
  ])('cuts %s down to what leads to %s, and no further the second time', async (name, output) => {
    const model = graph(name);
    const pruned = pruneModel(model, [output]) ?? model;
    expect(pruned.length).toBeLessThan(model.length);
    expect(await outputsOf(pruned)).toEqual([output]);
    expect(Buffer.from(pruneModel(pruned, [output]) ?? []).equals(pruned)).toBe(true);
  });

  it('leaves a graph alone whose data is in other files', () => {
    expect(pruneModel(graph('language.onnx'), ['logits'])).toBeUndefined();
  });

  it('names an output that is not there', () => {
    expect(() => pruneModel(graph('expert.onnx'), ['maps', 'verdict'])).toThrow('the graph has no output "verdict"');
  });

  it('refuses what is no model, and never fails otherwise', () => {
    const model = graph('similarity.onnx');
    const refused = (bytes: Uint8Array) => {
      try {
        pruneModel(bytes, ['similarity']);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refused));
    const broken = fc.record({ at: fc.nat(model.length - 1), value: fc.nat(255), length: fc.nat(model.length) });
    fc.assert(
      fc.property(broken, ({ at, value, length }) => {
        const bytes = Uint8Array.from(model.subarray(0, length));
        if (at < length) {
          bytes[at] = value;
        }
        refused(bytes);
      }),
    );
    expect(() => pruneModel(model.subarray(0, model.length - 1), [])).toThrow('the graph is damaged');
  });
});
