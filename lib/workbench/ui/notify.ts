import type { ExternalToast } from 'sonner';
import { createStore } from '../state/create-store';

/** Whether a notice was ever wanted: only then their code is loaded and their corner of the page rendered. */
export const noticesWanted = createStore(false);

let showing: () => void = () => undefined;
const shown = new Promise<void>((resolve) => {
  showing = resolve;
});

/** To be called by the component that shows notices, once it is there. */
export function noticesShown(): void {
  showing();
}

type Kind = 'message' | 'success' | 'info' | 'warning' | 'error';

const show =
  (kind: Kind) =>
  (text: string, options?: ExternalToast): void => {
    noticesWanted.set(true);
    void Promise.all([import('sonner'), shown]).then(([{ toast }]) => toast[kind](text, options));
  };

/** Short notices at the lower right: what happened, and a way to undo it. */
export const notify = {
  message: show('message'),
  success: show('success'),
  info: show('info'),
  warning: show('warning'),
  error: show('error'),
};
