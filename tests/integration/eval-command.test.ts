import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { benchmarksDirectory, listBenchmarks } from '@/lib/evaluation/registry';
import { type Report, reportSchema } from '@/lib/evaluation/report';
import { layFiles, removeFolder } from '../support/folder-tree';
import { tinyMvtecSet } from '../support/tiny-set';

const run = promisify(execFile);

type Outcome = { code: number; stdout: string; stderr: string };

describe('looktwice eval', () => {
  let root: string;
  let work: string;

  beforeAll(async () => {
    root = await layFiles({ ...(await tinyMvtecSet(['cup'])), 'cup/test/good/1.png': 'broken' });
    work = await layFiles({ 'cache/note.txt': '' });
  });

  afterAll(async () => {
    await Promise.all([root, work].map(removeFolder));
  });

  async function evaluate(...args: string[]): Promise<Outcome> {
    const options = {
      env: { ...process.env, LOOKTWICE_CACHE: path.join(work, 'cache'), LOOKTWICE_DATA: path.join(work, 'data') },
      maxBuffer: 32 * 1024 * 1024,
    };
    try {
      return { code: 0, ...(await run(process.execPath, ['bin/looktwice.mjs', 'eval', ...args], options)) };
    } catch (error) {
      const { code, stdout, stderr } = error as Outcome;
      return { code, stdout, stderr };
    }
  }

  it('measures the committed bundle, writes three reports, and says by its exit code that an image was bad', async () => {
    const out = path.join(work, 'report.json');
    const first = await evaluate(root, '--out', out, '--json', '--seed', '3');
    expect(first.stderr).toContain('1 problems with the set');
    expect(first.code).toBe(1);
    const report = reportSchema.parse(JSON.parse(first.stdout));
    expect(report.problems.map(({ code, where }) => [code, where])).toEqual([
      ['unreadable_image', 'cup/test/good/1.png'],
    ]);
    expect(report.detector).toMatch(/^looktwice-/);
    expect(report.categories[0]).toMatchObject({ normal: 5, anomalous: 5, pixel: { regions: 5 } });
    expect(reportSchema.parse(JSON.parse(await readFile(out, 'utf8')))).toEqual(report);
    expect(await readFile(path.join(work, 'report.html'), 'utf8')).toContain('<svg');
    expect(await readFile(path.join(work, 'report.md'), 'utf8')).toContain('unreadable');

    const lasting = ({ run: _run, ...rest }: Report) => rest;
    const second = await evaluate(root, '--json', '--seed', '3');
    expect(lasting(reportSchema.parse(JSON.parse(second.stdout)))).toEqual(lasting(report));
  }, 240_000);

  it('writes a report each for several numbers of references, and registers them for the workbench', async () => {
    const out = path.join(work, 'several.json');
    const { stdout } = await evaluate(root, '--json', '--limit', '6', '--shots', '0,2', '--out', out);
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => reportSchema.parse(JSON.parse(line)));
    expect(reports.map(({ options }) => options.shots)).toEqual([0, 2]);
    for (const [index, name] of ['several-zero-shot.json', 'several-shots-2.json'].entries()) {
      expect(reportSchema.parse(JSON.parse(await readFile(path.join(work, name), 'utf8')))).toEqual(reports[index]);
    }
    const registered = await listBenchmarks(benchmarksDirectory(path.join(work, 'data')));
    expect(
      registered
        .filter(({ options }) => options.limit === 6)
        .map(({ options }) => options.shots)
        .sort(),
    ).toEqual([0, 2]);
  }, 240_000);

  it.each([['--shots', '2'], ['--mutual']])(
    'scores with %s %s',
    async (...flags) => {
      const { stdout } = await evaluate(root, '--json', '--limit', '6', ...flags);
      const report = reportSchema.parse(JSON.parse(stdout));
      expect(report.images.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
      expect(report.categories[0]?.image.auroc).not.toBeNull();
    },
    240_000,
  );

  it.each([
    [['--shots', '17', 'x'], 2, 'number from 0 to 16'],
    [['--shots', '1,,4', 'x'], 2, 'number from 0 to 16'],
    [['--format', 'nonsense', 'x'], 2, 'Allowed choices'],
    [[], 2, 'missing required argument'],
    [['/no/such/set'], 1, 'is no folder'],
  ])(
    'refuses %j with exit code %d',
    async (args, code, message) => {
      const outcome = await evaluate(...args);
      expect(outcome.stderr).toContain(message);
      expect(outcome.code).toBe(code);
    },
    120_000,
  );
});
