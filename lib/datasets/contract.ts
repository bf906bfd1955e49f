/**
 * The contract of data sets (docs/design/datasets.md) as zod schemas and types. Isomorphic: routes check bodies with
 * it, the workbench types its requests with it. Nothing here may import server code.
 */
export * from './contract/annotations';
export * from './contract/batch';
export * from './contract/drafts';
export * from './contract/formats';
export * from './contract/imports';
export * from './contract/problems';
export * from './contract/items';
export * from './contract/reviews';
export * from './contract/sets';
