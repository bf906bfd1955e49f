import { EngineError } from '@/lib/engine/errors';
import { LruCache } from '@/lib/engine/lru-cache';
import type { Comparer } from './comparer';
import type { ExpertScores } from './expert';
import type { Comparison } from './fusion';
import { type BankTools, bankVersion, openPartBank } from './part-bank';
import { UnusableBankError, type PartLooks, readPartBank, readPartLooks } from './part-file';
import { type PartChoice, type PartFinding, type PartsAsked, type PartsFound, NO_PART } from './part-finding';
import { likeness, lookOf } from './part-looks';
import { RECOGNITION, isTypical } from './part-recognition';
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
  private readonly banks = new LruCache<Opened>(BANK_CACHE_BYTES, ({ bytes }) => bytes);
  private readonly looks = new LruCache<PartLooks>(LOOKS_CACHE_BYTES, ({ looks }) => looks.byteLength);

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
      return this.compareWith(first, await this.open(first), { how: 'chosen', likeness: null });
    }
    const ranked: { choice: PartChoice; likeness: number }[] = [];
    const own = lookOf(look.encoding.cls.slice(0, this.tools.shape.width));
    for (const choice of candidates) {
      const looks = await this.looksOf(choice);
      if (looks !== undefined) {
        ranked.push({ choice, likeness: likeness(own, looks.looks) });
      }
    }
    ranked.sort((a, b) => b.likeness - a.likeness);
    const [best, second] = ranked;
    if (best === undefined || best.likeness < RECOGNITION.ask) {
      return { found: NO_PART, comparer: undefined };
    }
    const nearest = ranked
      .slice(0, 2)
      .filter((each) => each.likeness >= RECOGNITION.ask)
      .map(({ choice: { id, name }, likeness: cosine }) => ({ id, name, likeness: cosine }));
    const isClear = best.likeness >= RECOGNITION.accept && best.likeness - (second?.likeness ?? -1) >= RECOGNITION.lead;
    const looks = await this.looksOf(best.choice);
    if (!isClear || looks === undefined) {
      return { found: { part: null, candidates: nearest }, comparer: undefined };
    }
    const bank = await this.open(best.choice);
    const { layout, encoding } = look;
    const image = { layout, levels: encoding.levels };
    const comparison = await bank.compare(image, signal, best.choice.area ?? undefined);
    if (!isTypical(comparison.typical ?? Infinity, looks.typical)) {
      return { found: { part: null, candidates: nearest }, comparer: undefined };
    }
    return this.compareWith(best.choice, bank, { how: 'recognised', likeness: best.likeness }, comparison);
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

  /** @throws EngineError `not_found` */
  private async open({ name, file }: PartChoice): Promise<ReferenceBank> {
    const known = this.banks.get(file);
    if (known !== undefined) {
      return known.bank;
    }
    try {
      const data = await readPartBank(file, this.version);
      const rows = [...data.kinds.values()].reduce((sum, kind) => sum + kind.rows.length * kind.own.length, 0);
      const bank = openPartBank(data, this.tools);
      this.banks.set(file, { bank, bytes: 4 * rows * this.tools.shape.width });
      return bank;
    } catch (error) {
      if (error instanceof UnusableBankError) {
        throw new EngineError('not_found', `The samples of the part ${name} are not prepared: try again in a moment.`);
      }
      throw error;
    }
  }

  /** Undefined for a bank that cannot be used: it is being built. */
  private async looksOf({ file }: PartChoice): Promise<PartLooks | undefined> {
    const known = this.looks.get(file);
    if (known !== undefined) {
      return known;
    }
    try {
      const looks = await readPartLooks(file, this.version);
      this.looks.set(file, looks);
      return looks;
    } catch (error) {
      if (error instanceof UnusableBankError) {
        return undefined;
      }
      throw error;
    }
  }
}
