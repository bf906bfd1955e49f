import type { LanguageModelV3FilePart, LanguageModelV3Prompt, LanguageModelV3TextPart } from '@ai-sdk/provider';
import { describeBasis } from '@/lib/contract/verdict';
import type { PictureRequest, Pictures } from '@/lib/engine/worker/operations';
import type { ReadMessage } from '@/lib/turn/branch';
import type { Evidence, Shown } from '@/lib/turn/writer';
import { placeOfRle } from '@/lib/segmentation/describe';
import type { Size } from '@/lib/vision/layout';
import type { EngineConfig } from '../config';
import { boxUnit, writeBox } from './boxes';
import type { RemoteSeen } from './perception';

/** Longer side of an enlarged region and of a reference, px. */
const CROP_SIDE = 512;
const REFERENCE_SIDE = 768;
/** Pictures of earlier questions that are sent again beside the one in question. */
const PAST_PICTURES = 2;
/** Types told beside the likeliest one, and from which probability. */
const TYPES = { most: 2, from: 0.2 };

type Part = LanguageModelV3TextPart | LanguageModelV3FilePart;
/** Draws pictures of an image; see the worker's operation. */
export type Draw = (request: PictureRequest) => Promise<Pictures>;
type Config = Omit<EngineConfig, 'key'>;

const text = (value: string): Part => ({ type: 'text', text: value });
const picture = (data: Uint8Array, mediaType = 'image/jpeg'): Part => ({ type: 'file', data, mediaType });

function system(config: Config): string {
  const unit = {
    pixels: config.images ? 'in pixels of the picture as you see it' : 'in pixels of the picture',
    unit: 'as fractions of its sides',
    thousand: 'in thousandths of its sides',
  };
  return [
    'You are a careful visual inspector of industrial and everyday objects. You answer in plain, short English.',
    config.images
      ? 'An inspection expert has looked at each picture twice, as a whole and enlarged; what it measured is told with the picture. ' +
        'It can be wrong, and so can you: judge by what you see. If you come to another verdict than the expert, say so and why.'
      : 'You are not sent the pictures. An inspection expert has looked at each twice, as a whole and enlarged; what it measured is all ' +
        'that you know of them: describe nothing else.',
    'To a question whether something is wrong with a picture that is new, begin with "Yes", "No" or "I cannot tell".',
    'Name what you see: kind of defect, place, appearance. Do not state sizes or numbers other than the measured ones, and do not invent causes or ' +
      'actions: the playbook entry is what is known of them, where there is one.',
    `Where you point at something, add at the end a JSON list, one entry for each place: [{"bbox_2d": [x1, y1, x2, y2], "label": "kind of defect"}], ${unit[boxUnit(config)]}.`,
  ].join('\n');
}

/** What the expert says of an image, in words. */
function findingsText({ inspection, judgement, bucket }: RemoteSeen, config: Config, sent: Size): string {
  const { width, height, regions, types } = inspection;
  const size = `${width} x ${height} px${sent.width === width ? '' : `, sent at ${sent.width} x ${sent.height}`}`;
  const lines = [
    `The expert finds ${bucket} suspicious features in this picture (${size}). Its verdict: ${judgement.verdict}, ` +
      `probability of an anomaly ${judgement.probability.toFixed(2)}, from ${describeBasis(judgement.basis)}.`,
  ];
  regions.forEach(({ rle, bbox, areaFraction }, index) => {
    const box = writeBox(bbox, config, { sent, original: { width, height } });
    lines.push(
      `Region ${index + 1}: ${placeOfRle(rle)}, ${(areaFraction * 100).toPrecision(2)} % of the picture, box [${box.join(', ')}].`,
    );
  });
  const likely = types.filter(({ probability }) => probability >= TYPES.from).slice(0, TYPES.most);
  if (regions.length > 0 && likely.length > 0) {
    lines.push(
      `Kinds it resembles: ${likely.map(({ type, probability }) => `${type} (${probability.toFixed(2)})`).join(', ')}.`,
    );
  }
  return lines.join('\n');
}

/** What stands for a look whose picture is not sent. */
function describeOnly(seen: RemoteSeen, config: Config): Part[] {
  const hint = config.images ? '(A picture that is not sent.)' : '';
  const known = config.prompt === 'plain' ? '' : findingsText(seen, config, seen.inspection);
  return [hint, known].filter((each) => each !== '').map(text);
}

type Shot = { parts: Part[]; sent: Size };

/**
 * The parts that stand for one look: the whole, its findings, its regions enlarged, normal ones to compare with, the
 * map.
 */
async function shoot(seen: RemoteSeen, config: Config, draw: Draw, isSubject: boolean): Promise<Shot> {
  const { sends, prompt } = config;
  const { inspection, image, references } = seen;
  const isPlain = prompt === 'plain';
  const boxes = isSubject ? inspection.regions.slice(0, sends.crops).map(({ bbox }) => bbox) : [];
  const { whole, crops, ...sent } = await draw({ image: image.source, side: sends.side, boxes, boxSide: CROP_SIDE });
  const parts: Part[] = [picture(whole)];
  if (!isPlain) {
    parts.push(text(findingsText(seen, config, sent)));
  }
  crops.forEach((crop, index) => {
    parts.push(...(isPlain ? [] : [text(`Region ${index + 1}, enlarged:`)]), picture(crop));
  });
  for (const reference of isSubject ? references.slice(0, sends.references) : []) {
    const normal = await draw({ image: reference.source, side: Math.min(REFERENCE_SIDE, sends.side) });
    parts.push(...(isPlain ? [] : [text('A normal one of the same part, to compare with:')]), picture(normal.whole));
  }
  // Last, where systems that take a map expect it (docs/engines.md).
  if (isSubject && sends.map) {
    parts.push(...(isPlain ? [] : [text("The expert's anomaly map of the picture, bright where it is suspicious:")]));
    parts.push(picture(inspection.heatmap, 'image/png'));
  }
  return { parts, sent };
}

type Chosen = {
  /** The looks that are told: those of the question, the one that it is about, and the latest of the others. */
  told: ReadonlySet<RemoteSeen>;
  /** Those of them whose pictures are sent, the most important ones if there are more than the engine takes. */
  drawn: ReadonlySet<RemoteSeen>;
  /** How many pictures the question has, and how many of them are not sent though the engine takes pictures. */
  asked: number;
  unsent: number;
};

function chooseLooks(
  branch: readonly ReadMessage<RemoteSeen>[],
  subject: RemoteSeen | undefined,
  config: Config,
): Chosen {
  const last = branch.at(-1);
  const own = last?.role === 'user' ? last.looks : [];
  const before = branch.slice(0, -1).flatMap((read) => (read.role === 'user' ? read.looks : []));
  const past = before.filter((look) => look !== subject).slice(-PAST_PICTURES);
  const told = new Set([...(subject === undefined ? [] : [subject]), ...own, ...past.reverse()]);
  const drawn = new Set(config.images ? [...told].slice(0, config.sends.pictures) : []);
  const unsent = config.images ? own.filter((look) => !drawn.has(look)).length : 0;
  return { told, drawn, asked: own.length, unsent };
}

/** A prompt, the size at which the picture in question was sent (null: there is none), and what was left out. */
export type RemotePrompt = { prompt: LanguageModelV3Prompt; sent: Size | null } & Pick<Chosen, 'asked' | 'unsent'>;

/**
 * The prompt of a branch for a model elsewhere: each question with its pictures and what the expert says of them, each
 * answer as it was read. File names and the files' own data (EXIF) are not sent.
 * @param shown what was marked and looked up for this question already
 */
export async function buildRemotePrompt(
  branch: readonly ReadMessage<RemoteSeen>[],
  { state, splice }: Pick<Evidence<RemoteSeen>, 'state' | 'splice'>,
  shown: Shown | undefined,
  { config, draw }: { config: Config; draw: Draw },
): Promise<RemotePrompt> {
  const { told, drawn, asked, unsent } = chooseLooks(branch, state, config);
  const isPlain = config.prompt === 'plain';
  const prompt: LanguageModelV3Prompt = isPlain ? [] : [{ role: 'system', content: system(config) }];
  // Of a picture that is not sent, the model is told places in the picture's own pixels.
  let sent: Size | null = state === undefined ? null : state.inspection;
  for (const [index, read] of branch.entries()) {
    if (read.role === 'assistant') {
      prompt.push({
        role: 'assistant',
        content: [{ type: 'text', text: read.text === '' ? '(no answer)' : read.text }],
      });
      continue;
    }
    const content: Part[] = [];
    for (const seen of read.looks) {
      if (drawn.has(seen)) {
        const shot = await shoot(seen, config, draw, seen === state);
        content.push(...shot.parts);
        sent = seen === state ? shot.sent : sent;
      } else if (told.has(seen)) {
        content.push(...describeOnly(seen, config));
      } else {
        content.push(text('(A picture that is no longer shown.)'));
      }
    }
    const isLast = index === branch.length - 1;
    const known = isLast ? `${shown?.evidence ?? ''}${splice}`.trim() : '';
    if (!isPlain && known !== '') {
      content.push(text(`Measured and known: ${known}`));
    }
    content.push(text(read.message.text));
    prompt.push({ role: 'user', content });
  }
  return { prompt, sent, asked, unsent };
}
