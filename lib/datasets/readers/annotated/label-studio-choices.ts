import { annotationLimits, type Label } from '../../contract';
import { asksForDefects, namesDefect, saysNothing } from '../defect-words';
import { commonLabel, labelOfWord } from '../label-words';

/** The choices about a whole image, by the control that they were made with. */
export type Choices = Map<string, readonly string[]>;

/**
 * What all choices about an image say together.
 *
 * @returns `label`: the one verdict; `type`: the defects that were chosen by name; `doubts`: why what looks normal may not be; `unknown`: words that say neither
 */
export function weighChoices(choices: Choices): {
  label: Exclude<Label, 'unlabelled'> | undefined;
  type: string | undefined;
  doubts: string[];
  unknown: string[];
} {
  const labels = new Set<'normal' | 'anomalous'>();
  const defects: { label: string }[] = [];
  const unknown: string[] = [];
  const doubts: string[] = [];
  for (const [control, words] of choices) {
    const isJudged = words.some((word) => labelOfWord(word) === 'normal');
    for (const word of words) {
      const label = labelOfWord(word);
      if (label !== undefined) {
        labels.add(label);
        continue;
      }
      if (asksForDefects(control) && namesDefect(word)) {
        labels.add('anomalous');
        defects.push({ label: word.slice(0, annotationLimits.typeLength) });
        continue;
      }
      unknown.push(word);
      // A name that is not known, chosen beside "OK" or where defects are asked for, may be a defect's.
      if (namesDefect(word) || ((isJudged || asksForDefects(control)) && !saysNothing(word))) {
        doubts.push(`the choice "${word.slice(0, 80)}" may name a defect`);
      }
    }
  }
  if (labels.size > 1) {
    return { label: undefined, type: undefined, doubts: ['its choices say both normal and anomalous'], unknown };
  }
  const [label] = labels;
  return {
    label,
    type: label === 'anomalous' ? (commonLabel(defects) ?? undefined) : undefined,
    doubts: label === 'normal' ? doubts : [],
    unknown,
  };
}

/** Why what was entered beside the choices (a number, the words of a taxonomy) speaks against a normal image. */
export function doubtsOfAside(control: string, words: readonly string[]): string[] {
  return words
    .filter((word) => {
      const isDefect = labelOfWord(word) === 'anomalous' || namesDefect(word);
      return isDefect || (asksForDefects(control) && labelOfWord(word) !== 'normal' && !saysNothing(word));
    })
    .map((word) => `"${word.slice(0, 80)}" (${control.slice(0, 80) || 'without a name'}) may name a defect`);
}
