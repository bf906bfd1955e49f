import { activeMaskEditor, type MaskEditorHandle } from '../mask-editor/active-mask-editor';
import { chooseTool, stepRadius, type Tool } from '../mask-editor/tools';
import { activeReview, type ReviewHandle } from '../review/active-review';
import { showSideView } from '../state/layout';
import { focusWhenThere } from './parts';
import type { Command, CommandContext } from './registry';

const inReview = ({ review }: CommandContext) => review;
/** These keys mean something else in a text field or on a button. */
const onPicture = ({ review, maskStage }: CommandContext) => review && maskStage;
const onReview = (act: (review: ReviewHandle) => void | Promise<void>) => () => {
  const review = activeReview.get();
  return review ? act(review) : undefined;
};
const onMask = (act: (editor: MaskEditorHandle) => unknown) => () => {
  const editor = activeMaskEditor.get();
  if (editor) {
    act(editor);
  }
};

const review = (
  id: string,
  title: string,
  keybindings: readonly string[],
  run: Command['run'],
  keywords?: string,
): Command => ({
  id: `review.${id}`,
  category: 'Review',
  title,
  keybindings,
  when: inReview,
  ...(keywords ? { keywords } : {}),
  run,
});

const mask = (
  id: string,
  title: string,
  keybindings: readonly string[],
  run: Command['run'],
  { keywords, when = inReview }: { keywords?: string; when?: (context: CommandContext) => boolean } = {},
): Command => ({
  id: `mask.${id}`,
  category: 'Mask',
  title,
  keybindings,
  when,
  ...(keywords ? { keywords } : {}),
  run,
});

const tool = (name: Tool, title: string, key: string, keywords?: string): Command =>
  mask(`tool.${name}`, title, [key], () => chooseTool(name), keywords ? { keywords } : {});

/** The commands of the review view. Single keys work while the focus is in it and in no text field. */
export const reviewCommands: readonly Command[] = [
  {
    id: 'view.review',
    category: 'View',
    title: 'Review',
    keybindings: ['mod+shift+l'],
    keywords: 'annotation queue verdict data set',
    run: () => {
      showSideView('review');
      focusWhenThere('[data-part=side] select[aria-label="Data set"]');
    },
  },
  review(
    'accept',
    'Accept',
    ['a'],
    onReview((view) => view.decide('accepted')),
    'verdict correct approve',
  ),
  review(
    'reject',
    'Reject',
    ['r'],
    onReview((view) => view.decide('rejected')),
    'verdict wrong exclude',
  ),
  review(
    'relabel',
    'Relabel',
    ['l'],
    onReview((view) => view.relabel()),
    'verdict change label type',
  ),
  review(
    'secondOpinion',
    'Needs a Second Opinion',
    ['o'],
    onReview((view) => view.decide('second_opinion')),
    'verdict unsure',
  ),
  review(
    'skip',
    'Skip',
    ['s'],
    onReview((view) => view.decide('skipped')),
    'later',
  ),
  review(
    'undo',
    'Undo Last Verdict',
    ['u'],
    onReview((view) => view.undo()),
    'back',
  ),
  review(
    'next',
    'Next Item',
    ['j', 'pagedown'],
    onReview((view) => view.step(1)),
  ),
  review(
    'previous',
    'Previous Item',
    ['k', 'pageup'],
    onReview((view) => view.step(-1)),
  ),
  review(
    'editText',
    'Edit the Text',
    ['t'],
    onReview((view) => view.focus('description')),
    'description impact suggestion',
  ),
  review(
    'comment',
    'Comment',
    ['n'],
    onReview((view) => view.focus('comment')),
    'note',
  ),
  review(
    'draft',
    'Draft the Text with the Model',
    ['g'],
    onReview((view) => view.draft()),
    'generate description',
  ),
  review(
    'nextReference',
    'Next Normal Reference',
    ['y'],
    onReview((view) => view.nextReference()),
    'compare',
  ),
  review(
    'toggleFirstMask',
    'Toggle Reviewer A’s Mask',
    ['shift+a'],
    onReview((view) => view.toggleOpinion(0)),
    'adjudicate compare double blind',
  ),
  review(
    'toggleSecondMask',
    'Toggle Reviewer B’s Mask',
    ['shift+b'],
    onReview((view) => view.toggleOpinion(1)),
    'adjudicate compare double blind',
  ),
  review(
    'help',
    'Show Review Keys',
    ['?'],
    onReview((view) => view.help()),
    'shortcuts help',
  ),

  tool('move', 'Move Tool', 'v', 'pan hand'),
  tool('brush', 'Brush', 'b', 'draw paint'),
  tool('eraser', 'Eraser', 'e', 'rub'),
  tool('polygon', 'Polygon', 'p', 'outline lasso'),
  tool('wand', 'Magic Wand on the Anomaly Map', 'w', 'tolerance'),
  tool('segment', 'Click to Segment', 'c', 'press decoder region'),
  mask('larger', 'Larger Brush', [']'], () => stepRadius(1)),
  mask('smaller', 'Smaller Brush', ['['], () => stepRadius(-1)),
  mask(
    'grow',
    'Grow by One Pixel',
    ['.'],
    onMask(({ document }) => document.resize(1)),
    { keywords: 'dilate' },
  ),
  mask(
    'shrink',
    'Shrink by One Pixel',
    [','],
    onMask(({ document }) => document.resize(-1)),
    { keywords: 'erode' },
  ),
  mask(
    'fillHoles',
    'Fill Holes',
    ['f'],
    onMask(({ document }) => document.fillHoles()),
  ),
  mask(
    'takeModel',
    'Take the Model’s Mask',
    ['q'],
    onMask((editor) => editor.takeModelMask()),
    { keywords: 'prediction copy' },
  ),
  mask(
    'clear',
    'Clear the Mask',
    ['delete', 'backspace'],
    onMask(({ document }) => document.clear()),
    {
      keywords: 'empty',
      when: onPicture,
    },
  ),
  mask(
    'undo',
    'Undo Mask Edit',
    ['mod+z'],
    onMask(({ document }) => document.undo()),
    { when: onPicture },
  ),
  mask(
    'redo',
    'Redo Mask Edit',
    ['mod+shift+z', 'mod+y'],
    onMask(({ document }) => document.redo()),
    { when: onPicture },
  ),
  mask(
    'finish',
    'Close the Polygon',
    ['enter'],
    onMask((editor) => editor.finish()),
    { when: onPicture },
  ),
  mask(
    'cancel',
    'Give Up the Polygon or Clicks',
    ['escape'],
    onMask((editor) => editor.cancel()),
    { when: onPicture },
  ),
];

/** The menu of the review. */
export const REVIEW_MENU = {
  title: 'Review',
  items: [
    'view.review',
    null,
    'review.accept',
    'review.reject',
    'review.relabel',
    'review.secondOpinion',
    'review.skip',
    'review.undo',
    null,
    'review.next',
    'review.previous',
    null,
    'review.editText',
    'review.draft',
    'review.comment',
    'review.nextReference',
    'review.toggleFirstMask',
    'review.toggleSecondMask',
    null,
    'mask.undo',
    'mask.redo',
    'mask.takeModel',
    'mask.fillHoles',
    'mask.grow',
    'mask.shrink',
    'mask.clear',
    null,
    'review.help',
  ],
} as const;
