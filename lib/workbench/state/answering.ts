import { createStore } from './create-store';

/** Which of the open conversations is being answered in this page. */
export const answeringStore = createStore<Record<string, boolean>>({});
