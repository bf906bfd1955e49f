/**
 * The HTTP contract (docs/design/api.md) as zod schemas and types. Isomorphic: the routes check bodies with it, the
 * workbench types its requests and stream parts with it. Nothing here may import server code.
 */
export * from './dataset-part';
export * from './engines';
export * from './errors';
export * from './ids';
export * from './judgement';
export * from './limits';
export * from './messages';
export * from './parts';
export * from './routes';
export * from './sheet-part';
