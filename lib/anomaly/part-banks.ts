import { rm } from 'node:fs/promises';
import { EngineError } from '@/lib/engine/errors';
import { sizedCache } from '@/lib/common/sized-cache';
import type { Comparer } from './comparer';
import type { ExpertScores } from './expert';
import type { Comparison } from './fusion';
import { type BankTools, bankVersion, openPartBank } from './part-bank';
import { UnusableBankError, readPartBank, readPartLooks } from './part-file';
import { type PartChoice, type PartFinding, type PartsAsked, type PartsFound, NO_PART } from './part-finding';
import { likeness, lookOf } from './part-looks';
import { decide, inQuestion } from './part-recognition';
import type { ReferenceBank } from './reference-bank';
import type { Look, Scorer } from './scorer';

/** Two banks of large images, or four of small ones. */
const BANK_CACHE_BYTES = 160 * 2 ** 20;
const LOOKS_CACHE_BYTES = 32 * 2 ** 20;

type Opened = { bank: ReferenceBank; bytes: number };

/** The banks of parts: from memory, or from their files. */
export class PartBanks<Output extends ExpertScores> {
  readonly version: string;
  private readonly tools: BankTools;
  private readonly banks = sizedCache<Opened>(BANK_CACHE_BYTES, ({ bytes }) => bytes);
  private readonly looks = sizedCache<Float32Array>(LOOKS_CACHE_BYTES, (looks) => looks.byteLength);

  constructor(scorer: Scorer<Output>) {
    this.version = bankVersion(scorer.manifest);
    this.tools = scorer.tools;
  }

  /**
   * The part that a look is compared with, and how.
   * @throws EngineError `not_found` when the bank of a chosen part cannot be used
   */
  async find(
    look: Look<Output>,
    { candidates, chosen }: PartsAsked,
    signal?: AbortSignal,
  ): Promise<{ found: PartsFound; comparer: Comparer | undefined }> {
    const [first] = candidates;
    if (first === undefined) {
      return { found: NO_PART, comparer: undefined };
    }
    if (chosen) {
      const bank = await this.open(first);
      if (bank === undefined) {
        const text = `The samples of the part ${first.name} are not prepared: try again in a moment.`;
        throw new EngineError('not_found', text);
      }
      return this.compareWith(first, bank, { how: 'chosen', likeness: null });
    }
    const ranked: { choice: PartChoice; likeness: number }[] = [];
    const own = lookOf(look.encoding.cls.slice(0, this.tools.shape.width));
    for (const choice of candidates) {
      const looks = await this.looksOf(choice);
      if (looks !== undefined) {
        ranked.push({ choice, likeness: likeness(own, looks) });
      }
    }
    ranked.sort((a, b) => b.likeness - a.likeness);
    const { layout, encoding } = look;
    const image = { layout, levels: encoding.levels };
    const asked = inQuestion(ranked.map((each) => each.likeness)).flatMap((index) => ranked[index] ?? []);
    const compared: { choice: PartChoice; likeness: number; bank: ReferenceBank; comparison: Comparison }[] = [];
    for (const { choice, likeness: cosine } of asked) {
      const bank = await this.open(choice);
      if (bank !== undefined) {
        const comparison = await bank.compare(image, signal, choice.area ?? undefined);
        compared.push({ choice, likeness: cosine, bank, comparison });
      }
    }
    const decision = decide(
      compared.map(({ likeness: cosine, comparison }) => ({
        likeness: cosine,
        distance: comparison.typical ?? Infinity,
      })),
    );
    if ('taken' in decision) {
      const found = compared[decision.taken];
      return found === undefined
        ? { found: NO_PART, comparer: undefined }
        : this.compareWith(found.choice, found.bank, { how: 'recognised', likeness: found.likeness }, found.comparison);
    }
    const possible = decision.candidates.flatMap((index) => {
      const each = compared[index];
      return each === undefined ? [] : [{ id: each.choice.id, name: each.choice.name, likeness: each.likeness }];
    });
    return { found: { part: null, candidates: possible }, comparer: undefined };
  }

  private compareWith(
    { id, name, threshold, area }: PartChoice,
    bank: ReferenceBank,
    how: Pick<PartFinding, 'how' | 'likeness'>,
    known?: Comparison,
  ): { found: PartsFound; comparer: Comparer } {
    const part: PartFinding = { id, name, samples: bank.size, ...how, threshold };
    const comparer: Comparer = {
      basis: { kind: 'part', count: bank.size },
      threshold: threshold ?? undefined,
      compare: (image, signal) =>
        known === undefined ? bank.compare(image, signal, area ?? undefined) : Promise.resolve(known),
    };
    return { found: { part, candidates: [] }, comparer };
  }

  private async open({ file }: PartChoice): Promise<ReferenceBank | undefined> {
    const known = this.banks.get(file);
    if (known !== undefined) {
      return known.bank;
    }
    return usable(file, async () => {
      const data = await readPartBank(file, this.version);
      const rows = [...data.kinds.values()].reduce((sum, kind) => sum + kind.rows.length * kind.own.length, 0);
      const bank = openPartBank(data, this.tools);
      this.banks.set(file, { bank, bytes: 4 * rows * this.tools.shape.width });
      return bank;
    });
  }

  private async looksOf({ file }: PartChoice): Promise<Float32Array | undefined> {
    const known = this.looks.get(file);
    if (known !== undefined) {
      return known;
    }
    return usable(file, async () => {
      const looks = await readPartLooks(file, this.version);
      this.looks.set(file, looks);
      return looks;
    });
  }
}

/** What is read of a bank; undefined for one that cannot be used, whose file is removed, so that it is built again. */
async function usable<Value>(file: string, read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnusableBankError) {
      await rm(file, { force: true });
      return undefined;
    }
    throw error;
  }
}
