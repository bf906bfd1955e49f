import { annotationLimits, type Label } from '../../contract';
import { asksForDefects, namesDefect, saysNothing } from '../defect-words';
import { commonLabel, labelOfWord } from '../label-words';
import { toList, toText } from './label-files';

/** The choices about a whole image, by the control that they were made with. */
export type Choices = Map<string, readonly string[]>;

/**
 * What all choices about an image say together.
 *
 * @returns `label`: the one verdict; `type`: the defects that were chosen by name; `doubts`: why what looks normal may
 *   not be; `unknown`: words that say neither
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

/** The words of a result with choices. */
export const choiceWords = (value: Readonly<Record<string, unknown>>): string[] =>
  (toList(value['choices']) ?? [value['choices']]).flatMap((choice) => toText(choice) ?? []);

/** Labels of regions that name nothing by themselves. */
const NAMELESS = /^(anomaly|region|object|area|roi|box|rectangle|polygon|spot|mark)$/i;

/**
 * The class of a region about which choices were made. A choice that names a defect is the class of one without a name
 * of its own, or with one that says normal; one that says normal of a region that is marked as something else
 * contradicts it, so that nobody can tell whether the region shows anything.
 */
export function weighRegion(label: string, words: readonly string[]): { label: string; doubt?: string } {
  const said = words.map((word) => ({ word, label: labelOfWord(word) }));
  const isOpen = NAMELESS.test(label);
  const normal = said.find((each) => each.label === 'normal');
  const defect = said.find((each) => each.label === 'anomalous' || namesDefect(each.word));
  const kind = said.find((each) => each.label === undefined && (isOpen || namesDefect(each.word)));
  const cut = (word: string) => word.slice(0, annotationLimits.typeLength);
  if (normal !== undefined && (defect !== undefined || (labelOfWord(label) !== 'normal' && !isOpen))) {
    return { label, doubt: `its region (${label.slice(0, 80)}) is called "${normal.word.slice(0, 80)}" as well` };
  }
  if (normal !== undefined) {
    return { label: cut(normal.word) };
  }
  if (labelOfWord(label) === 'normal') {
    return { label: cut(defect?.word ?? label) };
  }
  return { label: isOpen && kind !== undefined ? cut(kind.word) : label };
}
