import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { imageSchema } from '@/lib/contract';
import { describePeer } from '../support/peers/cache';
import { inspect, inspector } from '../support/peers/inspector';
import { sharedServer } from '../support/served';

/** The MCP inspector's checks: over HTTP at the built server, over standard input and output at `looktwice mcp`. */
jest.setTimeout(600_000);
const PICTURES = join(__dirname, '../fixtures/images');
const TOOLS = ['ask_about_image', 'compare_with_normal', 'inspect_image', 'list_findings', 'search_images'];
const toolsSchema = z.object({ tools: z.array(z.object({ name: z.string(), inputSchema: z.looseObject({}) })) });
const resultSchema = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
});
const resourcesSchema = z.object({ resources: z.array(z.object({ uri: z.string() })) });
const contentsSchema = z.object({
  contents: z.array(z.object({ mimeType: z.string(), text: z.string().optional(), blob: z.string().optional() })),
});
const inspectionSchema = z.looseObject({
  verdict: z.literal('anomalous'),
  findings: z.array(z.looseObject({ bbox: z.array(z.number()).length(4) })).min(1),
  mask_uri: z.string(),
  report_uri: z.string(),
});
const answerSchema = z.looseObject({ answer: z.string().min(3), conversation_id: z.string() });

describePeer(inspector, (folder) => {
  /** What a method gave; the inspector ends with another code, and says why, where that fails. */
  const asker =
    (target: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    async <T>(schema: z.ZodType<T>, ...method: string[]): Promise<T> => {
      const { code, stdout, stderr } = await inspect(folder, target, method, env);
      expect([code, stderr.replace(/^\s*⚠️[^]*?security fixes only\.\s*/, '').trim()]).toEqual([0, '']);
      return schema.parse(JSON.parse(stdout));
    };
  const argument = (values: Record<string, unknown>) => [
    '--tool-arg',
    ...Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
  ];
  const callOf =
    (ask: ReturnType<typeof asker>) =>
    async <T>(schema: z.ZodType<T>, name: string, values: Record<string, unknown> = {}): Promise<T> => {
      const given = Object.keys(values).length === 0 ? [] : argument(values);
      const result = await ask(resultSchema, 'tools/call', '--tool-name', name, ...given);
      expect([name, result.isError ?? false, result.content.length > 0]).toEqual([name, false, true]);
      return schema.parse(result.structuredContent);
    };

  describe('over HTTP', () => {
    const { url } = sharedServer('local');
    const ask = asker([`${url}/mcp`]);
    const call = callOf(ask);
    const store = async (name: string) => {
      const body = readFileSync(join(PICTURES, name));
      const answer = await fetch(`${url}/api/images?name=inspector-${name}`, { method: 'POST', body });
      return { image_id: imageSchema.parse(await answer.json()).id };
    };
    let cracked: { image_id: string };
    let normal: { image_id: string };
    beforeAll(async () => {
      cracked = await store('cookie-cracked-2.jpg');
      normal = await store('cookie-normal-1.jpg');
    });

    it('lists the tools', async () => {
      const { tools } = await ask(toolsSchema, 'tools/list');
      expect(tools.map(({ name }) => name).sort()).toEqual(TOOLS);
    });

    it('inspects a picture, and reads its mask and its report as resources', async () => {
      const found = await call(inspectionSchema, 'inspect_image', { image: cracked });
      const { resources } = await ask(resourcesSchema, 'resources/list');
      expect(resources.map(({ uri }) => uri)).toEqual(
        expect.arrayContaining([found.mask_uri, found.report_uri]) as string[],
      );
      const [mask] = (await ask(contentsSchema, 'resources/read', '--uri', found.mask_uri)).contents;
      expect(mask?.mimeType).toBe('image/png');
      expect(
        Buffer.from(mask?.blob ?? '', 'base64')
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
      const [report] = (await ask(contentsSchema, 'resources/read', '--uri', found.report_uri)).contents;
      expect(report?.text).toContain('# Inspection of');
    });

    it('compares, asks, asks on, lists what was found and searches', async () => {
      const compared = await call(
        z.looseObject({ basis: z.looseObject({ kind: z.string() }) }),
        'compare_with_normal',
        {
          image: cracked,
          normals: [normal],
        },
      );
      expect(compared.basis.kind).toBe('references');
      const first = await call(answerSchema, 'ask_about_image', { question: 'Any defect?', image: cracked });
      const next = await call(answerSchema, 'ask_about_image', {
        question: 'How severe is it?',
        conversation_id: first.conversation_id,
      });
      expect(next.conversation_id).toBe(first.conversation_id);
      const listed = await call(z.object({ inspections: z.array(z.unknown()).min(1) }), 'list_findings', { limit: 3 });
      expect(listed.inspections.length).toBeLessThanOrEqual(3);
      const found = await call(
        z.object({ images: z.array(z.looseObject({ image_id: z.string() })) }),
        'search_images',
        { query: 'inspector-cookie' },
      );
      expect(found.images.map(({ image_id: id }) => id).sort()).toEqual([cracked.image_id, normal.image_id].sort());
    });

    it('is told what is wrong: an unknown resource, a wrong argument, no key in team mode', async () => {
      const failed = async (target: string, ...method: string[]) => inspect(folder, [target], method);
      const unknown = await failed(`${url}/mcp`, 'resources/read', '--uri', 'looktwice://reports/none');
      expect([unknown.code, unknown.stdout.trim()]).toEqual([1, '']);
      expect(unknown.stderr).toMatch(/Failed to read resource looktwice:\/\/reports\/none: .*\w/);
      const wrong = await ask(
        resultSchema,
        ...['tools/call', '--tool-name', 'inspect_image'],
        ...argument({ image: { image_id: 'none' } }),
      );
      expect(wrong.isError).toBe(true);
      const refused = await failed(`${sharedServer('team').url}/mcp`, 'tools/list');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/401|[Uu]nauthorized|[Ss]ign in/);
    });
  });

  describe('over standard input and output', () => {
    const data = mkdtempSync(join(tmpdir(), 'looktwice-inspector-'));
    afterAll(() => rmSync(data, { recursive: true, force: true }));
    const program = [process.execPath, join(process.cwd(), 'bin/looktwice.mjs'), 'mcp'];
    const ask = asker(program, { LOOKTWICE_DATA: data });
    const call = callOf(ask);
    const image = { path: join(PICTURES, 'cookie-cracked-2.jpg') };

    it('lists tools and resources: each call starts the program again, so there are none yet', async () => {
      const { tools } = await ask(toolsSchema, 'tools/list');
      expect(tools.map(({ name }) => name).sort()).toEqual(TOOLS);
      expect((await ask(resourcesSchema, 'resources/list')).resources).toEqual([]);
    });

    it('calls each tool with a file of this machine', async () => {
      await call(inspectionSchema, 'inspect_image', { image });
      await call(answerSchema, 'ask_about_image', { question: 'Any defect?', image });
      await call(z.looseObject({ verdict: z.string() }), 'compare_with_normal', {
        image,
        normals: [{ path: join(PICTURES, 'cookie-normal-1.jpg') }],
      });
      expect(await call(z.looseObject({}), 'list_findings')).toEqual({ inspections: [] });
      expect(await call(z.looseObject({}), 'search_images', { query: 'cookie' })).toEqual({
        images: [],
        next_cursor: null,
      });
    });

    it('is told that a resource is not known', async () => {
      const method = ['resources/read', '--uri', 'looktwice://masks/none'];
      const { code, stderr } = await inspect(folder, program, method, { LOOKTWICE_DATA: data });
      expect(code).toBe(1);
      expect(stderr).toContain('looktwice://masks/none');
    });
  });
});
