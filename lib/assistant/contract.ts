/**
 * The HTTP contract (docs/design/api.md) as zod schemas and types. Isomorphic: the routes check bodies with it, the workbench
 * types its requests and stream parts with it. Nothing here may import server code.
 */
export * from './contract/dataset-part';
export * from './contract/engines';
export * from './contract/errors';
export * from './contract/ids';
export * from './contract/judgement';
export * from './contract/limits';
export * from './contract/messages';
export * from './contract/parts';
export * from './contract/routes';
export * from './contract/sheet-part';
