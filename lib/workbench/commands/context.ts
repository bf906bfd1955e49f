import { findSession } from '../chat/session-registry';
import { accountStore } from '../state/account';
import { answeringStore } from '../state/answering';
import { activeTab } from '../state/editors';
import { imageStore, listProblems } from '../state/images';
import { layoutStore } from '../state/layout';
import type { CommandContext } from './registry';

/** Whether an element takes text. */
function takesText(element: Element | null): boolean {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=range], [type=file])'))
  );
}

/** The facts of this moment that commands depend on. */
export function currentContext(): CommandContext {
  const layout = layoutStore.get();
  const account = accountStore.get();
  const { conversationId } = layout;
  const focus = document.activeElement;
  return {
    // Bare keys belong to the image viewer and the review alone: anywhere else a letter must stay a letter.
    typing: takesText(focus) || !focus?.closest('[data-image-editor], [data-review]'),
    imageEditor: activeTab(layout)?.kind === 'image',
    review: activeTab(layout)?.kind === 'review',
    maskStage: focus?.closest('[data-review-stage]') !== null && focus !== null,
    chatOpen: layout.chat,
    answering: conversationId !== null && answeringStore.get()[conversationId] === true,
    hasConversation: conversationId !== null,
    hasMessages: (findSession(conversationId)?.chat.messages.length ?? 0) > 0,
    hasProblems: listProblems(imageStore.get()).length > 0,
    hasTabs: layout.groups.some(({ tabs }) => tabs.length > 0),
    splitEditor: layout.groups.length > 1,
    team: account?.mode === 'team',
    administrator: account?.role === 'admin',
    zen: layout.zen === true,
  };
}
