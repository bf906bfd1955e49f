import { limits } from '@/lib/contract/limits';

/**
 * What is wrong with a question that is too long to be sent, so that nothing of a long paste is lost without a word;
 * null when it may go.
 */
export function describeExcess(text: string): string | null {
  const length = text.trim().length;
  const number = (value: number) => value.toLocaleString('en');
  return length > limits.textLength
    ? `${number(length)} characters, ${number(length - limits.textLength)} more than a question may have: shorten it.`
    : null;
}
