import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

/** Our own text sizes have to be named, else tailwind-merge takes them for colours and drops the colour before them. */
const merge = extendTailwindMerge({ extend: { classGroups: { 'font-size': [{ text: ['ui', '2xs'] }] } } });

/** Joins class names; a later utility wins over an earlier one of the same kind. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
