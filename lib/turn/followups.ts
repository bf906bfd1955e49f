import type { Followup } from '@/lib/contract';
import { topicsOf } from '@/lib/knowledge';

type Situation = {
  /** Whether the conversation has an image. */
  image: boolean;
  /** Defect type of what was found (`unknown` when unnamed), null when nothing was. */
  defect: string | null;
  /** Questions asked so far, this one included. */
  asked: readonly string[];
  references: boolean;
  /** The image cannot be judged from what there is. */
  unsure?: boolean;
};

const FOUND = (thing: string): Followup[] => [
  { label: 'Impact', prompt: `What is the impact of this ${thing}?`, topic: 'impact' },
  { label: 'Corrective actions', prompt: 'What should we do about it?', topic: 'actions' },
  { label: 'Likely cause', prompt: 'What could have caused it?', topic: 'cause' },
  { label: 'What if we ship it?', prompt: 'What if we ship it anyway?', topic: 'ship' },
  { label: 'How to verify', prompt: 'How can we verify it?', topic: 'verify' },
  { label: 'Summary', prompt: 'Write a short inspection report.', topic: 'report' },
];
const CLEAN: Followup[] = [
  { label: 'Are you sure?', prompt: 'Are you sure?', topic: 'sure' },
  { label: 'What did you check?', prompt: 'What did you check?', topic: 'basis' },
  { label: 'Can it be shipped?', prompt: 'Can we ship it?', topic: 'ship' },
];
const COMPARE: Followup = {
  label: 'Compare with a normal one',
  prompt: '/compare',
  topic: 'compare',
};
const NO_IMAGE: Followup[] = [{ label: 'What can you do?', prompt: 'What can you do?', topic: 'meta' }];

/** Up to four questions that what was found suggests; none that was asked already. */
export function suggestFollowups({ image, defect, asked, references, unsure = false }: Situation): Followup[] {
  const pool = !image
    ? NO_IMAGE
    : defect === null
      ? unsure
        ? [COMPARE, ...CLEAN.filter(({ topic }) => topic === 'basis')]
        : [...CLEAN, ...(references ? [] : [COMPARE])]
      : [...(unsure && !references ? [COMPARE] : []), ...FOUND(defect === 'unknown' ? 'anomaly' : defect)];
  const topics = new Set<string>(asked.flatMap(topicsOf));
  const texts = new Set(asked.map((question) => question.trim().toLowerCase()));
  return pool.filter(({ topic, prompt }) => !topics.has(topic) && !texts.has(prompt.toLowerCase())).slice(0, 4);
}
