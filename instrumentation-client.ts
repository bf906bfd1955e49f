/**
 * Next.js runs this in the browser before any page's code. By itself zod tries whether it may compile its checks with
 * `new Function`, which the content security policy blocks and reports. zod shares its settings through this global, so
 * that they can be made before (and without) loading it.
 */
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };
