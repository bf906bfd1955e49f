import { loadMenus } from '../ui/menu';
import { loadTooltips } from '../ui/tooltip';

/**
 * Loads, once the page is idle, the code that the next minute will need: a question is then sent without a wait, and a
 * server that goes away meanwhile can still be told of. Returns how to call it off. A part that cannot be loaded now is
 * loaded when it is used.
 */
export function warmUp(): () => void {
  return whenIdle(() => {
    void Promise.allSettled([
      loadMenus(),
      loadTooltips(),
      import('../client/answers'),
      import('../chat/sessions'),
      import('../chat/message-list'),
      import('../chat/markdown'),
      import('./toasts'),
      import('../image/image-editor'),
      import('./palette'),
      import('./explorer-view'),
      import('./search-view'),
      import('./panel'),
    ]);
  });
}

/** Runs a task once the page is idle, at the latest after four seconds. Returns how to call it off. */
export function whenIdle(task: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(task, 1500);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(task, { timeout: 4000 });
  return () => cancelIdleCallback(handle);
}
