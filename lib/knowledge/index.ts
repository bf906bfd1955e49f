export { type ActionKind, actionKindsOf } from './action-kinds';
export { findEntries } from './find';
export { loadPlaybook, openPlaybook, servedPlaybook } from './load';
export { type Lookup, lookupOf } from './plan';
export { chosenActions, entryForPrompt, entrySubject } from './prompt';
export type { Playbook, PlaybookEntry, Severity, Topic } from './schema';
export { severityOf } from './severity';
export { topicsOf } from './topic';
export { canonicalType, materialOf } from './words';
