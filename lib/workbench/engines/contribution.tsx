import { Columns2 } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { lazyEditor } from '../contributions/lazy-editor';

const AnswersEditor = lazyEditor(() => import('./answers-editor').then((module) => module.AnswersEditor));

export const answersContribution: Contribution<'answers'> = {
  icon: Columns2,
  title: () => 'Compared answers',
  Editor: ({ tab }) => (
    <AnswersEditor key={tab.questionId} conversationId={tab.conversationId} questionId={tab.questionId} />
  ),
};
