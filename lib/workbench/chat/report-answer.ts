import { shortVerdict } from '@/lib/contract/verdict';
import type { ChatMessage, MessageState } from '@/lib/contract';
import { logOutput, recordTimings } from '../state/output';
import { textOf } from './tree';

/** Writes what a finished answer measured to the Output and Timings views. */
export function reportAnswer(answer: ChatMessage, question: ChatMessage | undefined): void {
  const state: MessageState = answer.metadata?.state ?? 'complete';
  for (const part of answer.parts) {
    if (part.type === 'data-inspection') {
      const { score, bucket, verdict, probability, regions, ms, bundle } = part.data;
      logOutput(
        'inspection',
        `Score ${score.toFixed(3)} (${bucket} suspicious; ${shortVerdict({ verdict, probability })}), ${regions.length} regions, ${Math.round(ms)} ms, ${bundle}`,
      );
    } else if (part.type === 'data-timings') {
      recordTimings({
        messageId: answer.id,
        at: Date.now(),
        question: question ? textOf(question) : '',
        timings: part.data,
      });
    }
  }
  logOutput(
    'chat',
    state === 'complete' ? 'Answer complete.' : `Answer ${state}.`,
    state === 'failed' ? 'error' : 'info',
  );
}
