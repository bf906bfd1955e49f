import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const recordSchema = z.object({
  id: z.string(),
  score: z.number().min(0).max(1),
  verdict: z.enum(['anomalous', 'normal', 'unsure']).optional(),
});

/** The score and the verdict of one image; its map lies at the same position in the map file. */
export type StoredResult = z.infer<typeof recordSchema>;

/**
 * The scores and maps of a run, on disk: a run that was cut short goes on where it stopped, and maps take no memory.
 * `results.jsonl` has one line per image, `maps.f32` the maps (side x side float32 each) in the same order. The map is
 * written first, so that a line always has its map; whatever lies beyond the last whole line is cut off when the store
 * is opened.
 */
export class ResultsStore {
  /** The last append: appends go one after the other, so that both files keep the same order. */
  private lastAppend: Promise<void> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly lines: FileHandle,
    private readonly maps: FileHandle,
    private readonly side: number,
    private readonly records: StoredResult[],
    private readonly positions: Map<string, number>,
  ) {}

  /**
   * @param parent folder of all stores
   * @param identity everything that a result depends on; another identity is another store
   * @param side of the stored maps in pixels
   */
  static async open(parent: string, identity: unknown, side: number): Promise<ResultsStore> {
    const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
    const directory = path.join(parent, key);
    await mkdir(directory, { recursive: true });
    const lines = await open(path.join(directory, 'results.jsonl'), 'a+');
    const maps = await open(path.join(directory, 'maps.f32'), 'a+');
    const { size } = await maps.stat();
    const records = readLines(await readFile(path.join(directory, 'results.jsonl'), 'utf8'));
    records.length = Math.min(records.length, Math.floor(size / (side * side * 4)));
    const kept = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    await lines.truncate(Buffer.byteLength(kept));
    await maps.truncate(records.length * side * side * 4);
    const positions = new Map(records.map((record, position) => [record.id, position]));
    return new ResultsStore(directory, lines, maps, side, records, positions);
  }

  /** How many results are stored. */
  get size(): number {
    return this.records.length;
  }

  has(id: string): boolean {
    return this.positions.has(id);
  }

  score(id: string): number | undefined {
    const position = this.positions.get(id);
    return position === undefined ? undefined : this.records[position]?.score;
  }

  /** What the detector decided; undefined where it decides nothing. */
  verdict(id: string): StoredResult['verdict'] {
    const position = this.positions.get(id);
    return position === undefined ? undefined : this.records[position]?.verdict;
  }

  /** @throws RangeError if the map has another size than the store's or the score is not in 0..1 */
  async add(id: string, score: number, map: Float32Array, verdict?: StoredResult['verdict']): Promise<void> {
    if (map.length !== this.side * this.side) {
      throw new RangeError(`The map of ${id} has ${map.length} values, not ${this.side} x ${this.side}.`);
    }
    const record = recordSchema.parse({ id, score, verdict });
    const append = this.lastAppend.then(() => this.append(record, map));
    this.lastAppend = append.catch(() => undefined);
    await append;
  }

  private async append(record: StoredResult, map: Float32Array): Promise<void> {
    await this.maps.appendFile(new Uint8Array(map.buffer, map.byteOffset, map.byteLength));
    await this.lines.appendFile(`${JSON.stringify(record)}\n`);
    this.positions.set(record.id, this.records.length);
    this.records.push(record);
  }

  /** The map of an image, side x side. */
  async map(id: string): Promise<Float32Array | undefined> {
    const position = this.positions.get(id);
    if (position === undefined) {
      return undefined;
    }
    const map = new Float32Array(this.side * this.side);
    const bytes = new Uint8Array(map.buffer);
    await this.maps.read(bytes, 0, bytes.length, position * bytes.length);
    return map;
  }

  async close(): Promise<void> {
    await this.lines.close();
    await this.maps.close();
  }

  /** Closes the store and deletes its files. */
  async discard(): Promise<void> {
    await this.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The records up to the first line that is cut off or foreign. */
function readLines(text: string): StoredResult[] {
  const records: StoredResult[] = [];
  const lines = text.split('\n').slice(0, -1);
  for (const line of lines) {
    const record = parseLine(line);
    if (record === undefined) {
      break;
    }
    records.push(record);
  }
  return records;
}

function parseLine(line: string): StoredResult | undefined {
  try {
    return recordSchema.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      return undefined;
    }
    throw error;
  }
}
