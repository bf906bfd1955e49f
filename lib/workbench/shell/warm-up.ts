import { loadMenus } from '../ui/menu';

/**
 * Loads, once the page is idle, the code that the next minute will need: a question is then sent without a wait, and a server that goes away
 * meanwhile can still be told of. Returns how to call it off. A part that cannot be loaded now is loaded when it is used.
 */
export function warmUp(): () => void {
  const load = () => {
    void Promise.allSettled([
      loadMenus(),
      import('../client/answers'),
      import('../chat/sessions'),
      import('../chat/message-list'),
      import('../chat/markdown'),
      import('./toasts'),
      import('../image/image-editor'),
      import('./palette'),
    ]);
  };
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(load, 1500);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(load, { timeout: 4000 });
  return () => cancelIdleCallback(handle);
}
